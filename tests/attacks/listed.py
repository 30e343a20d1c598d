"""Makers of what the phishing list holds. It is public: A's thing and B's are both of everybody, or of nobody."""

from uuid import UUID

from tests.attacks.objects import makes
from tests.attacks.world import World


@makes("list_file")
def a_file(world: World, owner: UUID, mark: str) -> str:
    return "list.json" if owner == world.a else "nothing.json"


@makes("misp_file")
def a_misp_file(world: World, owner: UUID, mark: str) -> str:
    return "manifest.json" if owner == world.a else "nothing.json"
