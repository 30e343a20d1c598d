"""Whoever is blocked by mistake says so without account, and is free again within the hour."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.accounts.people import person
from tests.phishing.listed import ANALYST, AUDITOR, DESK, block, own_database
from tests.proof.dns_server import NameServer, serving
from tests.reporting.story import OFFICER

from dijkwacht.kernel.actor import ANONYMOUS, Actor, CentreRole, Kind
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.platform.egress.way import Egress
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.phishing.errors import NotAllowed
from dijkwacht.rooms.phishing.listing import reads as listing
from dijkwacht.rooms.phishing.listing import ticks
from dijkwacht.rooms.phishing.listing.models import Entry
from dijkwacht.rooms.phishing.warning import actions, errors, proving, reads, web
from dijkwacht.rooms.phishing.warning.models import Appeal
from dijkwacht.rooms.reporting.oncall import actions as oncall
from dijkwacht.rooms.reporting.oncall.models import Shift

committed = pytest.fixture(own_database, name="committed")
TEXT = "Dit is de winkel van mijn zaak, al twaalf jaar."


@pytest.fixture(autouse=True)
def fresh():
    for buckets in (web.APPEALS, web.TICKETS):
        buckets.clear()


@pytest.fixture
def desk(db):
    with tenancy.acting(DESK):
        yield


def made(entry, **how):
    return actions.appeal(**{"actor": ANONYMOUS, "entry": entry.id, "text": TEXT} | how)


def test_an_appeal_has_a_number_nobody_guesses_and_an_hour(desk):
    row, ticket = made(block("dief.example"), contact="eigenaar@winkel.example")
    assert timedelta(minutes=59) < row.due_at - timezone.now() <= timedelta(hours=1)
    assert len(ticket.replace("-", "")) == 20
    assert ticket not in str(Appeal.objects.values().get())
    assert reads.by_ticket(ticket.lower().replace("-", " ")).id == row.id
    assert reads.contact_of(row) == "eigenaar@winkel.example"
    assert b"winkel" not in bytes(row.contact)
    with pytest.raises(errors.AppealUnknown):
        reads.by_ticket("AAAAA-AAAAA-AAAAA-AAAAA")


def test_a_person_decides_and_the_site_is_free_at_once(desk):
    entry = block("dief.example")
    (row, ticket), (other, _) = made(entry), made(entry, text="Ook van mij, en geen phishing.")
    actions.decide(actor=ANALYST, appeal=row.id, free=True, answer="U hebt gelijk.")
    assert listing.live("dief.example") == []
    assert reads.by_ticket(ticket).decision == "unblocked"
    assert Appeal.objects.get(id=other.id).decision == "unblocked"  # all of the entry at once
    with pytest.raises(errors.AppealDecided):
        actions.decide(actor=ANALYST, appeal=other.id, free=False, answer="Toch niet.")
    done = Event.objects.filter(action="phishing:appeal:decide")
    assert {event.actor_id for event in done} == {"an analyst"}


def test_a_warning_that_stays_is_answered_too(desk):
    entry = block("dief.example")
    row, ticket = made(entry)
    actions.decide(actor=ANALYST, appeal=row.id, free=False, answer="Er staat een nagemaakte bankpagina op.")
    assert listing.live("dief.example") == [entry]
    assert reads.by_ticket(ticket).answer == "Er staat een nagemaakte bankpagina op."
    made(entry)  # and whoever cleaned it up may ask again


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        ({"text": "nee"}, errors.AppealTooShort),
        ({"text": "x" * 2001}, errors.AppealTooShort),
        ({"contact": "geen adres"}, errors.ContactUnreadable),
        ({"contact": "a@b.example\nBcc: x@y.example"}, errors.ContactUnreadable),
    ],
    ids=["short", "long", "contact", "header"],
)
def test_what_is_wrong_with_an_appeal_is_said(desk, how, problem):
    with pytest.raises(problem):
        made(block("dief.example"), **how)


def test_a_flood_of_appeals_about_one_entry_ends(desk):
    entry = block("dief.example")
    for _ in range(actions.OPEN_AT_ONCE):
        made(entry)
    with pytest.raises(errors.TooManyAppeals):
        made(entry)


def test_only_who_may_decide_decides_and_says_why(desk):
    row, _ = made(block("dief.example"))
    with pytest.raises(NotAllowed):
        actions.decide(actor=AUDITOR, appeal=row.id, free=True, answer="ja")
    with pytest.raises(errors.AnswerMissing):
        actions.decide(actor=ANALYST, appeal=row.id, free=True, answer="  ")
    with pytest.raises(NotAllowed):
        actions.escalate(actor=AUDITOR)


def test_what_is_due_soon_is_escalated_once(desk, settings):
    settings.DUTY_MAIL = ["piket@dijkwacht.example"]
    row, _ = made(block("dief.example"))
    assert actions.escalate(actor=DESK) == []
    Appeal.objects.filter(id=row.id).update(due_at=timezone.now() + timedelta(minutes=15))
    ticks.appeals()
    assert Appeal.objects.get().escalated_at is not None
    assert {one.recipient for one in Message.objects.all()} == {"piket@dijkwacht.example"}
    assert f"/phishing/appeals/{Appeal.objects.get().id}" in bytes(Message.objects.get().body).decode()
    assert actions.escalate(actor=DESK) == []


def test_a_late_appeal_is_written_to_whoever_is_on_duty_and_else_to_the_last_resort(desk, settings):
    settings.DUTY_MAIL = ["piket@dijkwacht.example"]
    now = timezone.now()
    turns = {"nu": (-1, 1), "straks": (1, 9), "voorbij": (-9, -1)}
    for name, (begins, ends) in turns.items():
        values = {"name": name, "mail": f"{name}@dijkwacht.example"}
        values |= {
            "from": f"{now + timedelta(hours=begins):%FT%T+00:00}",
            "to": f"{now + timedelta(hours=ends):%FT%T+00:00}",
        }
        with tenancy.acting(OFFICER):
            oncall.keep_shift(actor=OFFICER, values=values)
    late(made(block("dief.example"))[0])
    ticks.appeals()
    assert {one.recipient for one in Message.objects.all()} == {"nu@dijkwacht.example"}
    Shift.objects.all().delete()
    late(made(block("dief2.example"))[0])
    ticks.appeals()
    assert {one.recipient for one in Message.objects.all()} == {"nu@dijkwacht.example", "piket@dijkwacht.example"}


def late(row):
    Appeal.objects.filter(id=row.id).update(due_at=timezone.now() + timedelta(minutes=15))


def test_who_controls_the_site_can_show_so_and_that_is_all_it_does(committed):
    entry = block("winkel.nl", kind="host")
    with tenancy.acting(DESK):
        row, _ = made(entry)
    told = proving.what(Appeal(entry=entry, proof_token=row.proof_token))
    assert told["record"] == "_dijkwacht-challenge.winkel.nl"
    server = NameServer({("winkel.nl", "A"): ["192.0.2.1"]}, zones=("winkel.nl",))
    with serving(server):
        way = Egress(resolvers=(("127.0.0.1", server.port),), judge=lambda _: False)
        assert not proving.look(row.id, way)
        server.records[told["record"], "TXT"] = [f'"{told["line"]}"']
        assert proving.look(row.id, way)
        assert not proving.look(row.id, way)  # once is enough
    with tenancy.acting(DESK):
        assert Appeal.objects.get().proven_at is not None
        assert Appeal.objects.get().decided_at is None
        assert listing.live("winkel.nl") == [entry]


def test_a_look_is_asked_for_once_in_a_while(desk):
    row, _ = made(block("winkel.nl"))
    assert proving.may_ask(row)
    row.refresh_from_db()
    assert not proving.may_ask(row)
    other, _ = made(block("https://t.co/abc", kind="url"))
    assert not proving.may_ask(other)
    assert proving.what(other) == {}


# --- the pages --------------------------------------------------------------------------------------------------------


def only_appeal():
    with tenancy.acting(DESK):
        return Appeal.objects.get()


def test_without_an_account_from_the_warning_to_the_answer(desk):
    entry = block("dief.example")
    client = Client(headers={"Accept-Language": "nl"})
    address = f"/phishing/appeal/{entry.id}"
    assert "dief.example" in client.get(address).content.decode()
    refused = client.post(address, {"text": "nee"})
    assert (refused.status_code, "enkele woorden" in refused.content.decode()) == (422, True)
    shown = client.post(address, {"text": TEXT, "contact": ""}).content.decode()
    ticket = shown.partition("<code>")[2].partition("</code>")[0]
    assert "Een mens beslist vóór" in client.post("/phishing/appeal", {"ticket": ticket}).content.decode()
    officer = Client()
    officer.force_login(person("o@centre.example", centre=["officer"]), "django.contrib.auth.backends.ModelBackend")
    row = only_appeal()
    assert TEXT in officer.get(f"/phishing/appeals/{row.id}").content.decode()
    assert str(row.id) in officer.get("/phishing/appeals").content.decode()
    officer.post(f"/phishing/appeals/{row.id}/decide", {"free": "yes", "answer": "U hebt gelijk."})
    told = client.post("/phishing/appeal", {"ticket": ticket}).content.decode()
    assert "de site is weer vrij" in told
    assert "U hebt gelijk." in told
    assert client.get(address).status_code == 404
    assert client.post("/phishing/appeal", {"ticket": "XXXXX"}).status_code == 422


def test_guesses_and_floods_are_bounded(desk):
    entry = block("dief.example")
    client = Client()
    for _ in range(10):
        client.post(f"/phishing/appeal/{entry.id}", {"text": TEXT})
    assert client.post(f"/phishing/appeal/{entry.id}", {"text": TEXT}).status_code == 422
    with tenancy.acting(DESK):  # each request ends with the scope of its asker
        assert Appeal.objects.count() == 10
        _, ticket = made(entry)
    for _ in range(30):
        client.post("/phishing/appeal", {"ticket": "guess"})
    assert client.post("/phishing/appeal", {"ticket": ticket}).status_code == 422


@pytest.mark.usefixtures("committed")
def test_whoever_put_a_name_there_hears_that_it_ends_and_renews_it_with_a_button(settings):
    settings.DUTY_MAIL = ["piket@dijkwacht.example"]
    officer, who = Client(), person("maker@centre.example", centre=["officer"])
    officer.force_login(who, "django.contrib.auth.backends.ModelBackend")
    own = block("eigen.example", actor=Actor(kind=Kind.PERSON, id=str(who.id), roles=frozenset({CentreRole.OFFICER})))
    with tenancy.acting(DESK):
        Entry.objects.update(lease_until=timezone.now() + timedelta(minutes=5))
    ticks.leases()
    ticks.leases()
    with tenancy.acting(DESK):
        (letter,) = Message.objects.all()
        before = Entry.objects.get().lease_until
    assert (letter.recipient, f"/phishing/entries/{own.id}" in bytes(letter.body).decode()) == (who.email, True)
    assert f"/phishing/entries/{own.id}/renew" in officer.get(f"/phishing/entries/{own.id}").content.decode()
    officer.post(f"/phishing/entries/{own.id}/renew")
    with tenancy.acting(DESK):
        assert Entry.objects.get().lease_until > before
