"""Makers of what reporters of phishing hold: links of their own. B's stands for one that somebody made up."""

from uuid import UUID, uuid4

from tests.attacks.objects import makes
from tests.attacks.world import World

from dijkwacht.rooms.phishing.answers import letters
from dijkwacht.rooms.phishing.campaigns.models import Report
from dijkwacht.rooms.phishing.intake import reads


@makes("opt_out")
def an_opt_out(world: World, owner: UUID, mark: str) -> str:
    return letters.opt_out_token("0123456789abcdef") if owner == world.a else "never-signed-by-us"


@makes("phishing_status")
def a_status(world: World, owner: UUID, mark: str) -> str:
    """A's page; and the address of a report whose term is over."""
    made = uuid4()
    if owner == world.a:
        made = Report.objects.create(vault="0" * 64, door="form", source="").id
    return reads.secret_of(made)


@makes("phishing_report")
def a_report(world: World, owner: UUID, mark: str) -> UUID:
    return Report.objects.create(vault="0" * 64, door="api", source=f"partner:{owner}", verified=True).id
