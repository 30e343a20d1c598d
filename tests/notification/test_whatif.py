"""A changed policy, text or register: tried on a past day, let in by a second person, in force at once."""

import pytest
from tests.notification import world

from dijkwacht.law.policies import HOUSE
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event as Audited
from dijkwacht.rooms.notification import deciding, intake, pipeline, whatif
from dijkwacht.rooms.notification.errors import InvalidProposal, NotAllowed, SecondPersonNeeded, WrongState
from dijkwacht.rooms.notification.models import Decision, Finding, Notice, Proposal
from dijkwacht.rooms.registry.models import Asset

MAKER, OTHER = world.officer("ada"), world.officer("bo")
NOBODY = """
@id("nobody-at-all")
@law("Cbw 16(2)(b)")
@valid_from("2018-11-09")
@valid_to("")
@status("known")
@sentence_nl("niemand krijgt iets")
@sentence_en("nobody gets anything")
forbid (principal, action, resource is Disclosure);
"""
COURSE = """# Sluit de deur

## Wat is er aan de hand

De deur staat open.

## Wat u nu doet

1. Sluit de deur.

## Hoe u controleert dat het over is

Kijk of de deur dicht is.
"""


@pytest.fixture
def bakery(db, settings, tmp_path):
    settings.HOME = tmp_path
    settings.COURSES_FOLDER = tmp_path / "overlay" / "courses"
    settings.POLICY_FOLDER = None
    with tenancy.acting(world.TEST):
        owner = world.organisation()
        Asset.objects.create(organisation=owner, kind="prefix", value="192.0.2.0/24", status="verified")
        batch = intake.accept(
            actor=world.TEST, chunks=[b"192.0.2.7\n198.51.100.9\n"], filename="x.txt", channel="cli", feed="list-ip"
        ).batch
        pipeline.process(batch.id)
        yield owner


def propose(subject: str, name: str, content: str) -> Proposal:
    return whatif.propose(actor=MAKER, subject=subject, name=name, content=content, reason="to see")


def tried(subject: str, name: str, content: str) -> Proposal:
    row = whatif.ask_trial(actor=MAKER, proposal=propose(subject, name, content).id)
    with pytest.raises(WrongState):  # nobody decides while it is being tried
        whatif.decide(actor=OTHER, proposal=row.id, yes=True)
    whatif.try_out(row.id)
    row.refresh_from_db()
    return row


def ground() -> str:
    """A ground that our own policies cite, so that the proposed policy may cite it too."""
    text = (HOUSE / "policies" / "handling.cedar").read_text("utf-8")
    return text.partition('@law("')[2].partition('"')[0]


def forbidding() -> str:
    return NOBODY.replace("Cbw 16(2)(b)", ground())


def test_a_policy_shows_who_would_not_be_told_any_more_and_keeps_nothing(bakery):
    decisions = Decision.objects.count()
    row = tried("policy", "own.cedar", forbidding())
    assert (row.state, row.difference["changed"], row.difference["told_before"], row.difference["told_after"]) == (
        "tried", 1, 1, 0,
    )  # fmt: skip
    (line,) = row.difference["lines"]
    assert (line["organisation"], line["events"], line["after"]) == (bakery.name, 1, [])
    assert line["before"] == [{"route": "direct", "receiver": bakery.name}]
    assert Decision.objects.count() == decisions
    assert not (deciding.overlay()).exists()


def test_a_policy_is_in_force_once_a_second_person_accepts(bakery):
    row = tried("policy", "own.cedar", forbidding())
    before = deciding.court().policies.hash
    with pytest.raises(SecondPersonNeeded):
        whatif.decide(actor=MAKER, proposal=row.id, yes=True)
    assert deciding.court().policies.hash == before
    whatif.decide(actor=OTHER, proposal=row.id, yes=True, reason="agreed")
    assert deciding.court().policies.hash == row.difference["policy_set_after"]
    assert Audited.objects.get(action="notification:proposal:accept").actor_id == OTHER.id
    again = tried("policy", "own.cedar", forbidding().replace("nobody-at-all", "other"))
    assert again.difference["changed"] == 0
    assert "nobody-at-all" in whatif.current(MAKER, "policy", "own.cedar")


def test_a_text_shows_before_and_after_and_counts_its_notices(bakery):
    kind = Finding.objects.get().kind
    row = tried("text", f"kinds/{kind}.nl.md", COURSE)
    assert row.difference["after"]["title"] == "Sluit de deur"
    assert "<li>" in row.difference["after"]["html"]
    assert row.difference["notices"] == Notice.objects.count() == 1
    whatif.decide(actor=OTHER, proposal=row.id, yes=True)
    assert whatif.current(MAKER, "text", f"kinds/{kind}.nl.md") == COURSE


def test_a_register_shows_whose_findings_would_change_and_changes_nothing(bakery):
    other = world.organisation("Slagerij", mail="it@slager.example")
    content = f"organisation,kind,value,status\n{other.id},prefix,198.51.100.0/24,verified\n"
    row = tried("register", "new.csv", content)
    assert row.difference["lines"] == [
        {"organisation": "Slagerij", "kind": "listed-address", "before": 0, "after": 1},
    ]
    assert (row.difference["assets_before"], row.difference["assets_after"]) == (1, 2)
    assert Asset.objects.count() == 1
    whatif.decide(actor=OTHER, proposal=row.id, yes=True)
    assert Asset.objects.filter(organisation=other, status="verified").count() == 1


@pytest.mark.parametrize(
    ("subject", "name", "content"),
    [
        ("policy", "own.cedar", "permit (principal"),
        ("policy", "own.cedar", "permit (principal, action, resource);"),
        ("policy", "../../own.cedar", NOBODY),
        ("policy", "own.txt", NOBODY),
        ("text", "kinds/../../x.nl.md", COURSE),
        ("text", "/etc/passwd", COURSE),
        ("text", "kinds/scan-rdp.nl.md", "no title"),
        ("text", "kinds/scan-rdp.nl.md", COURSE + "\n<script>alert(1)</script>\n"),
        ("register", "x.csv", "nonsense"),
        ("weather", "x", "sunny"),
        ("policy", "own.cedar", "   "),
    ],
)
def test_what_could_never_be_put_in_force_is_refused_at_once(bakery, subject, name, content):
    with pytest.raises(InvalidProposal):
        propose(subject, name, content)


def test_what_was_not_tried_cannot_be_accepted_but_can_be_withdrawn(bakery):
    row = propose("policy", "own.cedar", forbidding())
    with pytest.raises(WrongState):
        whatif.decide(actor=OTHER, proposal=row.id, yes=True)
    assert whatif.decide(actor=MAKER, proposal=row.id, yes=False).state == "rejected"


def test_only_officers_may(bakery):
    for act in (
        lambda actor: whatif.propose(actor=actor, subject="text", name="x", content="x", reason="x"),
        whatif.proposals_for,
        lambda actor: whatif.current(actor, "policy", "cbw.cedar"),
    ):
        with pytest.raises(NotAllowed):
            act(world.member(bakery))
