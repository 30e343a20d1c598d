"""What notices showed an organisation of its own products, where it said yes to taking that over.

Only what the organisation itself was told, and of that only the columns that it was shown; nothing of a finding that it
disputed, nothing that a person took out after it was seen, and of a finding its newest version alone. The yes is a
subscription to the product `inventory-from-notices` of the room `services`; taken back, nothing new comes in, and the
list stays until the organisation removes it.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.inventory import actions
from dijkwacht.rooms.advisories.inventory.errors import NoConsent
from dijkwacht.rooms.advisories.inventory.models import Inventory, Line
from dijkwacht.rooms.advisories.inventory.rules import Reading, Source, digest, take
from dijkwacht.rooms.notification import reads as notices
from dijkwacht.rooms.services import reads as services

TAKER: Final = system("advisories:seen")
PRODUCT: Final = "inventory-from-notices"
NAME: Final = {"nl": "Gezien in berichten", "en": "Seen in notices"}
COLUMNS: Final = {
    "vendor": ("vendor", "product_vendor", "device_vendor"),
    "product": ("product", "product_name", "device_model", "model"),
    "version": ("product_version", "version", "device_version"),
}


def take_all() -> int:
    """Take over for everybody who said yes; give how many lines are new."""
    with tenancy.acting(TAKER):
        organisations = list(services.subscribers(TAKER, PRODUCT).values_list("organisation_id", flat=True))
    return sum(take_from_notices(organisation) for organisation in organisations)


def take_from_notices(organisation: UUID) -> int:
    """Take over what notices showed one organisation; give how many lines are new. Raises NoConsent."""
    with tenancy.acting(TAKER):
        yes = services.subscribers(TAKER, PRODUCT).filter(organisation_id=organisation).select_related("organisation")
        given = yes.first()
        if given is None:
            raise NoConsent
        reading = _reading(organisation)
        name = NAME["en" if given.organisation.language == "en" else "nl"]
        held = Inventory.objects.filter(organisation_id=organisation, removed_at=None, name__in=NAME.values()).first()
        if held is not None:
            actions.end_lines(actor=TAKER, inventory=held.id, lines=_overtaken(held, reading))
        if not reading.entries:
            return 0
        if held is None:
            held = Inventory.objects.create(organisation_id=organisation, name=name, created_by=TAKER.id)
        return actions.take_in(actor=TAKER, inventory=held.id, reading=reading).added


def _reading(organisation: UUID) -> Reading:
    """What the findings show now, without what a person took out after it was seen."""
    reading = Reading(Source.NOTICES)
    seen: dict[str, datetime] = {}
    for evidence, at in notices.products_shown_to(organisation):
        before = len(reading.entries)
        take(reading, {name: _first(evidence, columns) for name, columns in COLUMNS.items()})
        for entry in reading.entries[before:]:
            key = digest(entry)
            seen[key] = max(at, seen.get(key, at))
    removed = _removed(organisation)
    once = {digest(entry): entry for entry in reading.entries}
    reading.entries = [entry for key, entry in once.items() if key not in removed or seen[key] > removed[key]]
    return reading


def _removed(organisation: UUID) -> dict[str, datetime]:
    """When somebody took a line of notices out last, by its digest."""
    rows = Line.objects.filter(organisation_id=organisation, source=Source.NOTICES, removed_at__isnull=False)
    gone = rows.exclude(removed_by=TAKER.id).order_by("removed_at").values_list("digest", "removed_at")
    return {key: at for key, at in gone if at is not None}


def _overtaken(held: Inventory, reading: Reading) -> list[UUID]:
    """The lines in versions that no finding shows any more, of products that one shows in another version."""
    shown = {digest(entry) for entry in reading.entries}
    names = {_called(entry.vendor, entry.product) for entry in reading.entries}
    rows = held.lines.filter(source=Source.NOTICES, removed_at=None).exclude(digest__in=shown)
    return [key for key, *name in rows.values_list("id", "vendor", "product") if _called(*name) in names]


def _called(vendor: str, product: str) -> tuple[str, str]:
    return vendor.casefold(), product.casefold()


def _first(evidence: dict[str, str], names: tuple[str, ...]) -> str:
    return next((str(evidence[name]) for name in names if evidence.get(name)), "")
