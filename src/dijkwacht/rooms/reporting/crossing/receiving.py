"""Who can receive a version: contacts abroad that an officer keeps, and entities of the register."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from dijkwacht.platform.outbox.errors import UnusableKey
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.registry.upkeep.mail import addresses
from dijkwacht.rooms.reporting.crossing.models import ForeignPoint
from dijkwacht.rooms.reporting.crossing.rules import HOME, Audience, PointKind
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.netcode.models import ImpactEntity


@dataclass(frozen=True, slots=True)
class Receiver:
    """One receiver. `key` says which row it is of: point:<id> or organisation:<id>."""

    key: str
    name: str
    country: str
    emails: tuple[str, ...]
    organisation: Organisation | None = None
    openpgp_key: str = ""

    @property
    def sealable(self) -> bool:
        """Whether nobody else can use the link of the mail: it signs in, or has a key that is good today."""
        return self.organisation is not None or usable(self.openpgp_key)

    @property
    def reader(self) -> UUID | None:
        """The organisation that reads it after signing in; a contact abroad reads it by its link."""
        return self.organisation.id if self.organisation else None


def receivers(incident: Incident, audience: Audience, country: str = "") -> list[Receiver]:
    """Return who can receive a version, by country and name. Needs the scope of the centre."""
    if audience is Audience.NETCODE_ENTITY:
        return [
            _entity(row.organisation) for row in impact_entities() if row.organisation_id != incident.organisation_id
        ]
    points = list(ForeignPoint.objects.filter(active=True).exclude(country=HOME).order_by("country", "name", "id"))
    if audience is Audience.STATE:
        return [_point(one) for one in points if one.kind == PointKind.SPOC and one.country == country]
    has_own = {one.country for one in points if one.kind == PointKind.NETCODE}
    return [_point(one) for one in points if one.kind == PointKind.NETCODE or one.country not in has_own]


def impact_entities() -> list[ImpactEntity]:
    """Return the high-impact and critical-impact entities of today, by name."""
    today = timezone.localdate()
    running = Q(valid_to=None) | Q(valid_to__gte=today)
    rows = ImpactEntity.objects.select_related("organisation").filter(running, valid_from__lte=today)
    return list(rows.filter(organisation__active=True).order_by("organisation__name", "id"))


def _entity(row: Organisation) -> Receiver:
    return Receiver(f"organisation:{row.id}", row.name, row.country, tuple(addresses(row)), row)


def _point(row: ForeignPoint) -> Receiver:
    return Receiver(f"point:{row.id}", row.name, row.country, (row.email,), openpgp_key=row.openpgp_key)


def usable(key: str) -> bool:
    """Whether a certificate can be encrypted for today: it may have expired since it was kept."""
    if not key:
        return False
    from dijkwacht.platform.outbox import openpgp  # late: the library is large, and few pages ask

    try:
        openpgp.certificate(key.encode())
    except UnusableKey:
        return False
    return True
