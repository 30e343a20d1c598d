"""Products of the catalogue and pairs of names: the centre's own, of no organisation, so both are alike."""

from uuid import UUID

from tests.accounts.people import TESTER
from tests.attacks.objects import makes
from tests.attacks.world import World

from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.catalogue import actions
from dijkwacht.rooms.advisories.catalogue.actions import Called
from dijkwacht.rooms.advisories.catalogue.models import Product, Question


@makes("catalogue_product")
def a_product(world: World, owner: UUID, mark: str) -> UUID:
    with tenancy.acting(TESTER):
        actions.take(actor=TESTER, called=[Called("Acme", f"Gate {mark}")], up_to=1)
        return Product.objects.get(name=f"Gate {mark}").id


@makes("name_question")
def a_question(world: World, owner: UUID, mark: str) -> UUID:
    with tenancy.acting(TESTER):
        return Question.objects.create(
            our_vendor="Acme", our_product=f"Door {mark}", their_vendor="Acme", their_product=f"Gate {mark}",
            our_key=f"n acme|door {mark}", their_key=f"n acme|gate {mark}", how="part", confidence=0.5,
            source="s", item="i",
        ).id  # fmt: skip
