"""Conditions of row-level security: who reads an incident, and what hangs on it, besides its owner. Pure: no Django."""

from typing import Final

# Who watches over a sector, and to whom it was handed over.
SHARED: Final = (
    "shared_sectors::text[] && (select dijkwacht_sectors())::text[] or readers && (select dijkwacht_writable())::uuid[]"
)
WITH_INCIDENT: Final = "incident_id in (select id from reporting_incident)"  # which has its own policy
