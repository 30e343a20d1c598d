"""What notices showed an organisation of its own products, where it said yes to taking that over.

Only what the organisation itself was told, and of that only the columns that it was shown; nothing of a finding that it
disputed. The yes is a subscription to the product `inventory-from-notices` of the room `services`; taken back, nothing
new comes in, and the list stays until the organisation removes it.
"""

from collections import defaultdict
from typing import Final
from uuid import UUID

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.inventory import actions
from dijkwacht.rooms.advisories.inventory.errors import NoConsent
from dijkwacht.rooms.advisories.inventory.models import Inventory
from dijkwacht.rooms.advisories.inventory.rules import Reading, Source, take
from dijkwacht.rooms.notification import reads as notices
from dijkwacht.rooms.services import reads as services

TAKER: Final = system("advisories:seen")
PRODUCT: Final = "inventory-from-notices"
NAME: Final = {"nl": "Gezien in berichten", "en": "Seen in notices"}
VENDOR: Final = ("vendor", "product_vendor", "device_vendor")
PRODUCT_COLUMNS: Final = ("product", "product_name", "device_model", "model")
VERSION: Final = ("product_version", "version", "device_version")


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
        if not reading.entries:
            return 0
        name = NAME["en" if given.organisation.language == "en" else "nl"]
        held = Inventory.objects.filter(organisation_id=organisation, removed_at=None, name__in=NAME.values()).first()
        if held is None:
            held = Inventory.objects.create(organisation_id=organisation, name=name, created_by=TAKER.id)
        return actions.take_in(actor=TAKER, inventory=held.id, reading=reading).added


def _reading(organisation: UUID) -> Reading:
    reading = Reading(Source.NOTICES)
    known: dict[str, set[str]] = defaultdict(set)
    for evidence in notices.products_shown_to(organisation):
        words = {
            "vendor": _first(evidence, VENDOR),
            "product": _first(evidence, PRODUCT_COLUMNS),
            "version": _first(evidence, VERSION),
        }
        if words["product"] and words["version"] not in known[words["product"]]:
            known[words["product"]].add(words["version"])
            take(reading, words)
    return reading


def _first(evidence: dict[str, str], names: tuple[str, ...]) -> str:
    return next((str(evidence[name]) for name in names if evidence.get(name)), "")
