"""Makers of advisories. What is written is the centre's own work, so A's and B's are alike.

Of the published ones A's is for everybody and B's names B only: the public pages say that it is not there.
"""

from uuid import UUID

from tests.attacks.objects import makes
from tests.attacks.world import CANARY, World

from dijkwacht.rooms.advisories.publishing import csaf, filing
from dijkwacht.rooms.advisories.publishing.gate import Checked
from dijkwacht.rooms.advisories.validating.verdict import Verdict
from dijkwacht.rooms.advisories.writing.content import Content, Text, encode
from dijkwacht.rooms.advisories.writing.models import Advisory, Recipient
from dijkwacht.rooms.advisories.writing.releasing import release_of


def written(mark: str, **more: object) -> Advisory:
    content = Content(title=Text(nl=mark, en=mark), summary=Text(nl=mark, en=mark), tlp=more.pop("tlp", "CLEAR"))
    return Advisory.objects.create(content=encode(content), title=mark, changed_by="somebody", **more)


@makes("written_advisory")
def an_advisory(world: World, owner: UUID, mark: str) -> UUID:
    return written(mark).id


@makes("advisory_number")
def a_number(world: World, owner: UUID, mark: str) -> str:
    """A's is for everybody, B's for B alone."""
    theirs = mark == CANARY
    number = f"DW-2025-{7001 + theirs}"
    row = written(mark, tlp="AMBER" if theirs else "CLEAR", number=number, state="published")
    Recipient.objects.create(advisory_id=row.id, organisation_id=owner, added_by="somebody")
    release = release_of(row)
    checked = [
        Checked(one, csaf.serialised(csaf.document(release, one, "x")), Verdict(one, ())) for one in csaf.VERSIONS
    ]
    filing.file(row, release, checked, written_by="somebody", approved_by="another")
    return number
