"""Personal data in reports are kept as long as their table says; codes stay, so figures of the past stay the same."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.accounts.people import person

from dijkwacht.kernel.rsit import taxonomy
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry import history
from dijkwacht.rooms.registry import reads as registry_reads
from dijkwacht.rooms.reporting import actions, drafts
from dijkwacht.rooms.reporting.judging.models import Judgement, Unreported
from dijkwacht.rooms.reporting.keeping.codes import kept
from dijkwacht.rooms.reporting.models import Attachment, Draft, Incident, Indicator, Message, Report
from dijkwacht.rooms.reporting.rules import Channel, Stage
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import FINAL, NOTIFICATION, OFFICER, early_warning, file, member, organisation

in_database = pytest.mark.django_db
PEOPLE = ("Nora Nieuweland", "nora@nieuweland.example", "+31206230101")
TEXT = "Piet de Vries left the door open"


def forget(**passed):
    """Run the daily job as if so much time had passed."""
    gone = 0
    with tenancy.acting(OFFICER):
        while more := registry.forget_due(actor=OFFICER, now=timezone.now() + timedelta(**passed)):
            gone += more
    return gone


def months(number):
    return {"days": 31 * number}


def closed(whose, **facts):
    made = file(member(whose.id), whose.id, facts=early_warning(description=TEXT, title=TEXT, **facts)).incident
    with tenancy.acting(OFFICER):
        actions.close_incident(actor=OFFICER, incident=made.id, reason="Over")
    return made


def held(incident):
    """Everything that stands of an incident, opened."""
    with tenancy.acting(CLERK):
        row = Incident.objects.get(id=incident.id)
        said = [message.text for message in Message.objects.filter(incident=row)]
        filed = [(report.content, report.receipt) for report in Report.objects.filter(incident=row)]
        found = [indicator.value for indicator in Indicator.objects.filter(incident=row)]
        return json.dumps([row.facts, row.title, said, filed, found])


@in_database
def test_the_contact_of_a_report_goes_a_year_after_it_was_closed_and_the_text_a_year_later():
    incident = closed(organisation())
    forget(**months(11))
    assert all(name in held(incident) for name in PEOPLE[:2])
    forget(**months(12))
    assert not any(name in held(incident) for name in PEOPLE)
    assert TEXT in held(incident)
    forget(**months(25))
    assert TEXT not in held(incident)
    with tenancy.acting(CLERK):
        row = Incident.objects.get(id=incident.id)
        assert row.title == row.number
        assert Report.objects.filter(incident=row).first().content["erased"] == ["contact", "text"]
    assert forget(**months(25)) == 0


@in_database
def test_what_is_not_closed_is_kept_no_longer_than_the_law_allows():
    incident = file(member((whose := organisation()).id), whose.id, facts=early_warning(description=TEXT)).incident
    forget(**months(58))
    assert TEXT in held(incident)
    forget(**months(60))
    assert TEXT not in held(incident)
    assert not any(name in held(incident) for name in PEOPLE)


@in_database
def test_an_address_that_nobody_confirmed_goes_after_half_a_year_and_the_incident_still_does_not_count():
    with tenancy.acting(CLERK):
        made = actions.file_report(
            actor=CLERK, stage=Stage.VOLUNTARY, facts=early_warning(), organisation=None,
            channel=Channel.GUEST, guest=actions.Guest("192.0.2.0/24"),
        ).incident  # fmt: skip
    forget(**months(5))
    assert PEOPLE[1] in held(made)
    forget(**months(7))
    assert not any(name in held(made) for name in PEOPLE)
    with tenancy.acting(CLERK):
        network = Incident.objects.get(id=made.id).network
    assert network.startswith("~")
    assert "192.0.2" not in network


@in_database
def test_a_file_goes_after_a_year_as_nobody_looked_what_is_in_it_and_its_bytes_with_it():
    whose = organisation()
    incident = file(member(whose.id), whose.id).incident
    with tenancy.acting(OFFICER):
        row = actions.attach(actor=OFFICER, incident=incident.id, name="list.csv", content=b"names of patients" * 1000)
    with tenancy.acting(OFFICER), connection.cursor() as cursor:
        cursor.execute("select octet_length(content_sealed) from reporting_attachment where id = %s", [row.id])
        assert cursor.fetchone()[0] > 17_000
    forget(**months(11))
    with tenancy.acting(OFFICER):
        assert Attachment.objects.filter(id=row.id).exists()
    forget(**months(12))
    with tenancy.acting(OFFICER):
        assert not Attachment.objects.filter(id=row.id).exists()
        assert Event.objects.get(action="reporting:attachment:add").detail["sha256"] == row.sha256


@in_database
def test_messages_judgements_and_what_was_not_reported_go_after_their_terms():
    whose = organisation()
    incident = closed(whose)
    with tenancy.acting(OFFICER):
        actions.send_message(actor=OFFICER, incident=incident.id, text=TEXT)
        actions.judge_incident(actor=OFFICER, incident=incident.id, significant=False, reason=TEXT)
        actions.keep_unreported(actor=OFFICER, organisation=whose.id, facts={"title": TEXT}, reason=TEXT)
    forget(**months(25))
    with tenancy.acting(OFFICER):
        assert not Message.objects.exists()
        assert Judgement.objects.filter(by=OFFICER.id).get().reason == TEXT
    forget(**months(60))
    with tenancy.acting(OFFICER):
        row = Judgement.objects.exclude(by__startswith="system:").get()
        assert (row.reason, row.by[0], row.significant) == (None, "~", False)
        assert not Unreported.objects.exists()
        assert not Indicator.objects.exists()


@in_database
def test_a_draft_goes_when_nobody_touched_it_and_sooner_where_the_organisation_left():
    one, other = organisation(), organisation("Bakkerij Heijn", classification="other")
    for whose in (one, other):
        with tenancy.acting(member(whose.id)) as actor:
            drafts.begin(actor, stage=Stage.EARLY_WARNING, organisation=whose.id)
    with tenancy.acting(OFFICER):
        row = registry.ask_deregistration(
            actor=OFFICER, organisation=other.id, reason="ceased", effective_on=registry_reads.today()
        )
        registry.deregister_due(actor=OFFICER, deregistration=row.id)

    def left():
        with tenancy.acting(OFFICER):
            return set(Draft.objects.values_list("organisation_id", flat=True))

    forget(days=25)
    assert left() == {one.id, other.id}
    forget(days=40)
    assert left() == {one.id}
    forget(days=70)
    assert left() == set()


THEN = datetime(2026, 8, 20, 9, tzinfo=UTC)  # in the third quarter


def place(incident):
    """Let an incident and what came with it have come in in the third quarter."""
    with tenancy.acting(CLERK):
        Incident.objects.filter(id=incident.id).update(received_at=THEN)
        for at, report in enumerate(Report.objects.filter(incident=incident).order_by("submitted_at")):
            Report.objects.filter(id=report.id).update(submitted_at=THEN + timedelta(minutes=at))
        Judgement.objects.filter(incident=incident).update(at=THEN)


@in_database
def test_an_old_quarter_gives_the_same_bytes_before_and_after_everybody_in_it_was_forgotten():
    whose = organisation()
    told = [
        {"incident_type": "availability/ddos", "cross_border": True},
        {"incident_type": "fraud", "member_states": ["BE", "DE"]},
        {"incident_type": "fraud/of-jansen"},  # made up by a program
        {"kind": "near-miss", "significant": False},
        {"kind": "threat", "significant": False, "incident_type": "nothing/known"},
        {"significant": False},
    ]
    for facts in told * 6:
        made = closed(whose, **facts)
        if facts.get("significant") is not False:
            file(member(whose.id), whose.id, Stage.NOTIFICATION, {**NOTIFICATION, **facts}, made.id)
            file(member(whose.id), whose.id, Stage.FINAL, {**FINAL, **facts}, made.id)
        place(made)

    def summary():
        with tenancy.acting(OFFICER):
            return actions.extract_quarter(actor=OFFICER, as_of=history.parse("2026-10-01")).content()

    before = summary()
    tables = json.loads(before)["tables"]
    assert tables["kind"] == {"incident": 6, "near-miss": 6, "significant": 18, "threat": 6}
    assert tables["incident_type"] == {"availability": 6, "fraud": 12, "unknown": 18}
    assert tables["cause"] == {"malicious-act": 18, "unknown": 18}
    assert tables["cross_border"]["yes"] == 12
    forget(**months(61))
    with tenancy.acting(CLERK):
        assert {tuple(row.erased) for row in Report.objects.all()} == {("contact", "text")}
        assert not any(name in held(incident) for incident in Incident.objects.all() for name in (*PEOPLE, TEXT))
    assert summary() == before


def test_codes_stay_and_everything_that_could_name_somebody_goes():
    facts = {
        "kind": "incident", "significant": True, "incident_type": "fraud/jansen", "cause": "jansen", "severity": "high",
        "member_states": ["BE", "Jan"], "users_affected": 3, "occurrence": "2026-08-20T09:00:00+02:00",
        "title": TEXT, "description": TEXT, "entity_name": "Jansen", "entity_kvk": "90000001",
        "entity_class": "essential", "entity_types": ["1.9-msp", "Jansen"], "indicators": ["jan@contact.example"],
        "awareness_declared_by": "Jan", "invented_by_a_program": "Jan", "cross_border": False,
    }  # fmt: skip
    assert "fraud" in taxonomy()
    assert kept(facts, "text") == {
        "kind": "incident", "significant": True, "incident_type": "fraud", "severity": "high",
        "member_states": ["BE"], "users_affected": 3, "occurrence": "2026-08-20T09:00:00+02:00",
        "entity_class": "essential", "entity_types": ["1.9-msp"], "cross_border": False,
    }  # fmt: skip
    assert kept({"member_states": ["nowhere"]}, "text") == {"member_states": [], "cross_border": True}


@in_database
def test_the_pages_still_open_after_the_people_went(client: Client):
    incident = closed(organisation())
    with tenancy.acting(OFFICER):
        actions.send_message(actor=OFFICER, incident=incident.id, text=TEXT)
    forget(**months(61))
    client.force_login(person("officer@centre.example", centre=["officer"]))
    for page in (f"/incidents/{incident.id}", "/incidents?state=closed", f"/incidents/{incident.id}/export.json"):
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert TEXT not in answer.content.decode()
    with tenancy.acting(CLERK):
        report = Report.objects.first()
    assert client.get(f"/report/receipts/{report.id}").status_code == 404
    assert "incidentmeldingen" in client.get("/registry/retention").content.decode()
