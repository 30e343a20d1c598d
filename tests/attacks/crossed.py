"""Makers of what crosses a border: contacts abroad, reports of other states, versions that were shared."""

from uuid import UUID

from tests.accounts.people import TESTER
from tests.attacks.objects import identifiers, makes
from tests.attacks.world import World

from dijkwacht.rooms.reporting.crossing import actions, passages
from dijkwacht.rooms.reporting.crossing.models import Disclosure
from dijkwacht.rooms.reporting.crossing.rules import Audience, Way
from dijkwacht.rooms.reporting.rules import new_number


@makes("point")
def a_point(world: World, owner: UUID, mark: str) -> UUID:
    """A contact abroad, with what its name and source can hold."""
    email = "spoc@a.example" if owner == world.a else "spoc@b.example"
    texts = {"name": mark, "source": mark}
    return actions.add_point(actor=TESTER, values={"country": "DE", "kind": "spoc", "email": email, **texts}).id


@makes("inbound")
def an_inbound_report(world: World, owner: UUID, mark: str) -> UUID:
    """What another state told, with everything that it may write."""
    facts = {"title": mark, "description": mark, "cross_border_effect": mark, "kind": "incident"}
    return actions.receive_inbound(actor=TESTER, country="DE", reference=mark, facts=facts, way=Way.FORM).id


def _disclosure(world: World, owner: UUID, mark: str, reader: UUID | None) -> Disclosure:
    incident = identifiers(world, "incident", "uuid")["a" if owner == world.a else "b"]
    row = Disclosure(
        number=new_number(),
        incident_id=incident,
        audience=Audience.NETCODE_ENTITY if reader else Audience.STATE,
        country="" if reader else "DE",
        receiver=f"organisation:{reader}" if reader else "point:x",
        receiver_name=mark,
        reader_id=reader,
        sha256="0" * 64,
        ground=mark,
        by=mark,
    )
    row.content = {"label": "TLP:AMBER", "facts": {"title": mark, "description": mark}}
    row.save(force_insert=True)
    return row


@makes("disclosure")
def a_disclosure(world: World, owner: UUID, mark: str) -> UUID:
    """A version that was shared with A, or with B."""
    return _disclosure(world, owner, mark, owner).id


@makes("passage")
def a_passage(world: World, owner: UUID, mark: str) -> str:
    """The link of a contact abroad, which is proof for whoever holds it; for B's one that we did not sign."""
    return passages.passage(_disclosure(world, owner, mark, None)) if owner == world.a else "no-link-of-ours"
