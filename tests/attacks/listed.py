"""Makers of what the phishing list holds. It is public: A's thing and B's are both of everybody, or of nobody."""

from uuid import UUID

from tests.accounts.people import TESTER
from tests.attacks.objects import makes
from tests.attacks.world import World

from dijkwacht.rooms.phishing.listing import actions, consumers, publishing
from dijkwacht.rooms.phishing.warning import actions as appeals


@makes("list_file")
def a_file(world: World, owner: UUID, mark: str) -> str:
    publishing.publish("json")
    return "list.json" if owner == world.a else "nothing.json"


@makes("misp_file")
def a_misp_file(world: World, owner: UUID, mark: str) -> str:
    publishing.publish("misp")
    return "manifest.json" if owner == world.a else "nothing.json"


def _entry(owner: UUID, world: World, mark: str):
    name = "alpha-list.example" if owner == world.a else "beta-list.example"
    return actions.block(actor=TESTER, kind="host", name=name, reason=mark)


@makes("entry")
def an_entry(world: World, owner: UUID, mark: str) -> UUID:
    """The centre sees both, nobody else any."""
    return _entry(owner, world, mark).id


@makes("listed")
def a_listed(world: World, owner: UUID, mark: str) -> UUID:
    """To appeal: the first is on the list, the other was taken off, which looks like one that never was."""
    row = _entry(owner, world, mark)
    if owner != world.a:
        actions.unblock(actor=TESTER, name=row.name, reason=mark)
    return row.id


@makes("appeal")
def an_appeal(world: World, owner: UUID, mark: str) -> UUID:
    row, _ticket = appeals.appeal(actor=TESTER, entry=_entry(owner, world, mark).id, text=f"This is ours: {mark}")
    return row.id


@makes("consumer")
def a_consumer(world: World, owner: UUID, mark: str) -> UUID:
    return consumers.add(actor=TESTER, name="alpha" if owner == world.a else "beta").row.id
