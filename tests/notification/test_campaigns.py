"""A researcher's list: from upload to figures, and who may do what on the way."""

import pytest
from tests.notification import world

from dijkwacht.kernel.actor import Actor, CentreRole, Kind, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.notification import campaigns, feedback, pipeline
from dijkwacht.rooms.notification.errors import InvalidCampaign, NotAllowed, SecondPersonNeeded, WrongState
from dijkwacht.rooms.notification.models import Batch, Campaign, Finding, Notice
from dijkwacht.rooms.registry.models import Asset

LIST = b"192.0.2.7\n192.0.2.8\n198.51.100.9\nnot an address\n"
VALUES = {
    "title": "Lekke poort",
    "source": "Onderzoeker",
    "feed": "list-ip",
    "kind": "scan-rdp",
    "severity": 3,
    "text_nl": "Deze servers worden **nu** aangevallen.",
    "text_en": "These servers are under attack **now**.",
}
MAKER, FIRST, SECOND = (world.officer(name) for name in ("ada", "bo", "cas"))


@pytest.fixture
def bakery(db, settings, tmp_path):
    settings.HOME = tmp_path
    settings.COURSES_FOLDER = tmp_path / "courses"
    with tenancy.acting(world.TEST):
        owner = world.organisation()
        Asset.objects.create(organisation=owner, kind="prefix", value="192.0.2.0/24", status="verified")
        yield owner


def create(actor: Actor = MAKER, content: bytes = LIST, **values) -> Campaign:
    return campaigns.create(actor=actor, values={**VALUES, **values}, chunks=[content], filename="list.txt")


def previewed(actor: Actor = MAKER, **values) -> Campaign:
    row = campaigns.ask_preview(actor=actor, campaign=create(actor, **values).id)
    with pytest.raises(WrongState):
        campaigns.ask_preview(actor=actor, campaign=row.id)
    campaigns.preview(row.id)
    row.refresh_from_db()
    return row


def sent(**values) -> Campaign:
    row = previewed(**values)
    for actor in (FIRST, SECOND):
        row = campaigns.decide(actor=actor, campaign=row.id, yes=True)
    pipeline.process(Batch.objects.get(campaign=row).id)
    return row


def test_a_preview_says_who_would_be_told_and_tells_nobody(bakery):
    row = previewed()
    shown = {
        name: row.preview[name] for name in ("rows", "set_aside", "attributed", "unattributed", "findings", "receivers")
    }
    assert shown == {"rows": 4, "set_aside": 1, "attributed": 2, "unattributed": 1, "findings": 2, "receivers": 1}
    assert row.preview["told"] == [
        {
            "organisation": str(bakery.id),
            "name": bakery.name,
            "route": "direct",
            "receiver": bakery.name,
            "findings": 2,
        }
    ]
    assert row.state == "previewed"
    assert not any(model.objects.exists() for model in (Batch, Finding, Message))


def test_an_organisation_without_a_contact_is_shown_as_not_told(bakery):
    bakery.contacts.all().delete()
    row = previewed()
    assert (row.preview["nobody"], row.preview["not_told"], row.preview["told"]) == (1, [bakery.name], [])


def test_a_list_that_cannot_be_read_says_why_and_waits_for_nobody(bakery):
    row = previewed(content="192.0.2.7\n".encode("utf-16"))
    assert (row.state, row.asked_at, row.preview) == ("draft", None, {})
    assert "UTF-16" in row.problem["en"]


def test_two_others_send_it_with_its_own_text_kind_and_severity(bakery):
    row = previewed()
    with pytest.raises(SecondPersonNeeded):
        campaigns.decide(actor=MAKER, campaign=row.id, yes=True)
    assert campaigns.decide(actor=FIRST, campaign=row.id, yes=True).state == "previewed"
    with pytest.raises(SecondPersonNeeded):
        campaigns.decide(actor=FIRST, campaign=row.id, yes=True)
    assert campaigns.decide(actor=SECOND, campaign=row.id, yes=True).state == "sent"
    batch = Batch.objects.get()
    assert (batch.channel, batch.campaign_id) == ("campaign", row.id)
    pipeline.process(batch.id)
    notice = Notice.objects.get()
    assert (notice.findings, notice.severity, notice.state) == (2, 3, "queued")
    assert "Extern bureaublad (RDP) bereikbaar" in notice.subject
    assert b"aangevallen" in bytes(Message.objects.get().body)


def test_the_same_list_in_another_campaign_is_told_again(bakery):
    sent()
    sent(title="Iets anders")
    assert Notice.objects.count() == 2
    assert Finding.objects.count() == 4


def test_a_no_ends_it(bakery):
    row = previewed()
    campaigns.decide(actor=FIRST, campaign=row.id, yes=True)
    assert campaigns.decide(actor=SECOND, campaign=row.id, yes=False, reason="old list").state == "rejected"
    with pytest.raises(WrongState):
        campaigns.decide(actor=world.officer("dirk"), campaign=row.id, yes=True)


def test_what_was_not_previewed_cannot_be_approved(bakery):
    with pytest.raises(WrongState):
        campaigns.decide(actor=FIRST, campaign=create().id, yes=True)


def test_only_people_of_the_desk_make_and_only_officers_approve(bakery):
    analyst = Actor(kind=Kind.PERSON, id="person:an", roles=frozenset({CentreRole.ANALYST}))
    row = previewed(analyst)
    for actor in (analyst, world.member(bakery), system("robot")):
        with pytest.raises(NotAllowed):
            campaigns.decide(actor=actor, campaign=row.id, yes=True)
    with pytest.raises(NotAllowed):
        create(world.member(bakery))


@pytest.mark.parametrize(
    "change",
    [
        {"feed": "shadowserver"},
        {"kind": "no-such-kind"},
        {"severity": 5},
        {"severity": "3"},
        {"title": ""},
        {"text_en": " "},
        {"text_nl": "x" * 20_001},
        {"content": b""},
        {"content": b"\x1f\x8b\x08\x00"},
    ],
)
def test_a_campaign_that_is_not_complete_is_refused(bakery, change):
    with pytest.raises((InvalidCampaign, WrongState)):
        create(**change)


def test_the_figures_follow_what_became_of_it(bakery):
    row = sent()
    notice, one = Notice.objects.get(), Finding.objects.first()
    feedback.give_feedback(actor=world.member(bakery), notice=notice.id, answer="fixed", findings=[one.id], comment="")
    assert campaigns.figures(MAKER, row.id) == {
        "findings": 2, "fixed": 1, "gone": 0, "still_there": 1, "disputed": 0, "told": 2, "notices": 1, "held": 0,
        "receivers": 1, "answered": 1,
    }  # fmt: skip
