"""Conditions of row-level security: who reads an incident, and what hangs on it, besides its owner. Pure: no Django."""

from typing import Final

# Who watches over a sector, and to whom it was handed over.
SHARED: Final = (
    "shared_sectors::text[] && (select dijkwacht_sectors())::text[] or readers && (select dijkwacht_writable())::uuid[]"
)
WITH_INCIDENT: Final = "incident_id in (select id from reporting_incident)"  # which has its own policy
# A receiver of one law, of today, reads the reports under that law and nothing besides; a sector holds its subsectors.
OF_REGIME: Final = (
    "exists (select 1 from reporting_regimereceiver mine where mine.regime = reporting_report.regime"
    " and mine.reader_id = any ((select dijkwacht_writable())::uuid[])"
    " and (now() at time zone 'Europe/Amsterdam')::date between mine.valid_from and coalesce(mine.valid_to, 'infinity')"
    " and (mine.sector = '' or exists (select 1 from unnest(reporting_report.sectors) one"
    " where mine.sector in (one, rtrim(one, 'abcdefghijklmnopqrstuvwxyz')))))"
)
