"""Makers of what advisories mean for organisations: lists, lines, published advisories that concern A, or B.

What concerns B is an advisory that is for B alone, with its mark in the title.
"""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
from tests.accounts.people import TESTER
from tests.attacks.objects import identifiers, makes
from tests.attacks.world import World

from dijkwacht.rooms.advisories.delivery import links
from dijkwacht.rooms.advisories.delivery.models import Concern, Exposure, Match, Telling
from dijkwacht.rooms.advisories.inventory import actions
from dijkwacht.rooms.advisories.inventory.models import Inventory, Line
from dijkwacht.rooms.advisories.inventory.rules import Entry, Reading, Source
from dijkwacht.rooms.advisories.writing import content
from dijkwacht.rooms.advisories.writing.models import Advisory, Recipient, Version
from dijkwacht.rooms.notification.links import ANSWER, token

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


@makes("inventory")
def an_inventory(world: World, owner: UUID, mark: str) -> UUID:
    row = Inventory.objects.create(organisation_id=owner, name=f"{mark} list", created_by=mark)
    reading = Reading(Source.CSV, [Entry(f"{mark} Wall", "1.0", mark), Entry(f"{mark} Gate", "2.0", mark)])
    actions.take_in(actor=TESTER, inventory=row.id, reading=reading, filename=f"{mark}.csv")
    return row.id


@makes("line")
def a_line(world: World, owner: UUID, mark: str) -> UUID:
    inventory = identifiers(world, "inventory", "uuid")["a" if owner == world.a else "b"]
    return Line.objects.filter(inventory=inventory).latest("product").id


@makes("told")
def an_advisory_that_was_told(world: World, owner: UUID, mark: str) -> UUID:
    line = identifiers(world, "line", "uuid")["a" if owner == world.a else "b"]
    number = f"DW-2026-{'0001' if owner == world.a else '0002'}"
    version = _published(number, mark, "GREEN" if owner == world.a else "AMBER")
    named = {"organisation_id": owner, "advisory": version.advisory_id, "version": 1}
    Recipient.objects.create(advisory_id=version.advisory_id, organisation_id=owner, added_by="x")
    how = {"verdict": "affected", "confidence": 1.0, "sure": True}
    Match.objects.create(line_id=line, vulnerability=f"CVE-{mark}", evidence=mark, remedy=mark, **how, **named)
    facts = {"ground": "match", "verdict": "affected", "lines": 1, "digest": "x", "severity": 3}
    concern = Concern.objects.create(**facts, **named)
    how = {"route": "direct", "language": "en", "state": "delivered", "due_at": AT, "channel": "portal"}
    Telling.objects.create(concern=concern, about_id=owner, **how, **named)
    Exposure.objects.create(answer="working", note=mark, by="x", how="portal", **named)
    return version.advisory_id


def _published(number: str, mark: str, tlp: content.Tlp) -> Version:
    text = content.Text(nl=mark, en=mark)
    held = content.Content(title=text, summary=text, what=text, likelihood="high", impact="medium", tlp=tlp)
    row = Advisory.objects.create(number=number, content=content.encode(held), state="published", changed_by="x")
    publisher = content.Publisher("The centre", "https://centre.example", "mail@centre.example")
    release = content.Release(
        number,
        held,
        (content.Revision(1, AT, text),),
        publisher,
        "https://centre.example/csaf",
        "https://centre.example",
    )
    return Version.objects.create(
        advisory=row,
        number=number,
        version=1,
        tlp=tlp,
        title_nl=mark,
        title_en=mark,
        release=msgspec.json.encode(release),
        initial_at=AT,
        at=AT,
        written_by="x",
        approved_by="y",
    )


@makes("advisory-link")
def an_advisory_link(world: World, owner: UUID, mark: str) -> str:
    """The link of A's telling, which is proof for whoever holds it; for B's one that was signed for something else."""
    of_a = owner == world.a
    advisory = identifiers(world, "told", "uuid")["a" if of_a else "b"]
    telling = Telling.objects.get(advisory=advisory).id
    return token(telling, links.PURPOSE if of_a else ANSWER)


@makes("match")
def a_match(world: World, owner: UUID, mark: str) -> UUID:
    return Match.objects.get(advisory=identifiers(world, "told", "uuid")["a" if owner == world.a else "b"]).id
