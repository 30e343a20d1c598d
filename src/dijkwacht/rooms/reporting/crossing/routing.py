"""To whom a report of another state goes: what the resolver says, and who of the register is designated for it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from dijkwacht.rooms.registry.extracts.sectors import whole
from dijkwacht.rooms.registry.models import Designation, Organisation
from dijkwacht.rooms.reporting.crossing.models import Inbound


@dataclass(frozen=True, slots=True)
class Named:
    """An organisation of the register that watches over a sector of the report."""

    organisation: Organisation
    role: str  # csirt or authority
    sector: str


def bodies(row: Inbound) -> list[dict[str, Any]]:
    """Return what the law says, per type of entity, as the resolver had it on the day of receipt."""
    return list(row.routes)


def named(row: Inbound) -> list[Named]:
    """Return the designated organisations of the sectors of a report, each once a role. Needs the centre's scope."""
    sectors = {code.partition("-")[0] for code in row.incident.entity_types}
    today = timezone.localdate()
    running = Q(valid_to=None) | Q(valid_to__gte=today)
    rows = Designation.objects.select_related("reader").filter(running, valid_from__lte=today, reader__active=True)
    rows = rows.filter(sector__in={*sectors, *(whole(code) for code in sectors)})
    found: dict[tuple[object, str], Named] = {}
    for one in rows.order_by("reader__name", "role", "sector"):
        found.setdefault((one.reader_id, one.role), Named(one.reader, one.role, one.sector))
    return list(found.values())
