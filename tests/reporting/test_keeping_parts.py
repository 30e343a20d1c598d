"""What belongs to events of providers, other states, criteria and on-call duty is kept no longer than its term."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.accounts.people import person

from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting import actions
from dijkwacht.rooms.reporting.confidential import actions as confidential
from dijkwacht.rooms.reporting.confidential import asking, reads
from dijkwacht.rooms.reporting.confidential.models import OwnCriterion, OwnFacts
from dijkwacht.rooms.reporting.crossing import actions as crossing
from dijkwacht.rooms.reporting.crossing.models import Disclosure, ForeignPoint, Inbound, Settled
from dijkwacht.rooms.reporting.crossing.rules import Audience, Way
from dijkwacht.rooms.reporting.customers import actions as events
from dijkwacht.rooms.reporting.customers import drafting
from dijkwacht.rooms.reporting.customers.errors import CustomersRefused
from dijkwacht.rooms.reporting.customers.models import (
    DraftCustomers,
    ProviderCustomer,
    ProviderEvent,
    ProviderFiling,
)
from dijkwacht.rooms.reporting.keeping.holding import HOLDING
from dijkwacht.rooms.reporting.models import Draft, Incident
from dijkwacht.rooms.reporting.netcode.models import Confidentiality
from dijkwacht.rooms.reporting.oncall import actions as duty
from dijkwacht.rooms.reporting.oncall.models import Alarm, Call, Shift
from dijkwacht.rooms.reporting.scheduling import CLERK

from .abroad import TESTS, grid, judge, point, reported, share
from .story import OFFICER, file, member, organisation
from .test_confidential import PUMPS
from .test_crossing import TOLD
from .test_customers import provider, tell
from .test_keeping_reports import PEOPLE, forget, months
from .test_oncall import away, hours, shift

pytestmark = pytest.mark.django_db
__all__ = ["away"]  # a fixture of the tests of on-call duty
TEXT = "Piet de Vries said so"


def close(*incidents: UUID) -> None:
    for incident in incidents:
        with tenancy.acting(OFFICER):
            actions.close_incident(actor=OFFICER, incident=incident, reason="Over")


@pytest.fixture
def msp():
    return organisation("Beheer BV", classification="important", sectors=("1.9",))


@pytest.fixture
def told(msp):
    """An event that a provider told for two customers."""
    two = [organisation("Klant een"), organisation("Klant twee")]
    return tell(provider(*(one.id for one in two), own=msp.id), two)


def event_held():
    with tenancy.acting(OFFICER):
        event, filing = ProviderEvent.objects.get(), ProviderFiling.objects.get()
        return json.dumps([event.facts, filing.facts])


def test_the_facts_of_an_event_go_a_year_after_the_last_incident_of_it_was_closed(told):
    with tenancy.acting(OFFICER):
        first, last = ProviderCustomer.objects.values_list("incident_id", flat=True)
    close(first)
    forget(**months(14))
    assert all(name in event_held() for name in PEOPLE[:2])  # one is open
    close(last)
    forget(**months(11))
    assert PEOPLE[0] in event_held()
    forget(**months(13))
    assert event_held() == "[null, null]"


def test_who_submitted_for_customers_goes_with_the_network_address_a_month_after_it_was_filed(told):
    with tenancy.acting(OFFICER):
        assert ProviderFiling.objects.get().who["name"] == "Greet"
    forget(days=29)
    with tenancy.acting(OFFICER):
        assert ProviderFiling.objects.get().who["name"] == "Greet"
    forget(days=33)
    with tenancy.acting(OFFICER):
        assert ProviderFiling.objects.get().who == {}
    assert PEOPLE[0] in event_held()


def test_who_submitted_stays_as_long_as_the_job_that_files_has_not_done_it(told):
    with tenancy.acting(OFFICER):
        ProviderFiling.objects.update(filed_at=None)
    forget(**months(3))
    with tenancy.acting(OFFICER):
        assert ProviderFiling.objects.get().who["name"] == "Greet"


def test_the_names_and_receipts_of_customers_go_at_the_longest_term_and_the_provider_still_opens_the_event(told):
    forget(**months(58))
    with tenancy.acting(OFFICER):
        assert {row.name for row in ProviderCustomer.objects.all()} == {"Klant een", "Klant twee"}
        assert all(row.receipts for row in ProviderCustomer.objects.all())
    forget(**months(60))
    with tenancy.acting(OFFICER):
        assert {(row.name, tuple(row.receipts)) for row in ProviderCustomer.objects.all()} == {("", ())}
        assert ProviderEvent.objects.get().by.startswith("~")
        assert json.loads(event_held()) == [None, None]
        assert events.export_receipts(actor=OFFICER, event=ProviderEvent.objects.get().id)


def test_why_a_submission_failed_goes_after_a_year_and_that_it_failed_stays(told):
    with tenancy.acting(CLERK):
        events.give_up(actor=CLERK, filing=told.id, problem=CustomersRefused(names="Klant een"))
    forget(**months(11))
    with tenancy.acting(OFFICER):
        assert "Klant een" in ProviderFiling.objects.get().problem["nl"]
    forget(**months(12))
    with tenancy.acting(OFFICER):
        assert ProviderFiling.objects.get().problem == {"en": "The reason was erased.", "nl": "De reden is gewist."}
    assert forget(**months(12)) == 0


def test_a_draft_for_customers_goes_as_a_whole_when_nobody_touched_it(msp):
    who = organisation("Klant een")
    with tenancy.acting(provider(who.id, own=msp.id)) as actor:
        drafting.begin(actor, [who], msp.id)
    forget(days=50)
    with tenancy.acting(OFFICER):
        assert DraftCustomers.objects.count() == Draft.objects.count() == 1
    forget(days=70)
    with tenancy.acting(OFFICER):
        assert not DraftCustomers.objects.exists()
        assert not Draft.objects.exists()


@pytest.fixture
def shared():
    """An incident of which a version went to a contact in Germany, and a verdict with it."""
    point("DE")
    incident = reported(grid())
    judge(incident, reason=TEXT)
    return incident, share(incident, "state", "DE", tests={**TESTS, "necessary": TEXT})[0]


def test_the_addresses_of_a_version_go_after_a_year_and_its_text_two_years_after_the_incident_was_closed(shared):
    incident, sent = shared
    assert sent.sent_to == ["spoc@de.example"]
    forget(**months(11))
    with tenancy.acting(OFFICER):
        assert Disclosure.objects.get().sent_to == ["spoc@de.example"]
    close(incident.id)
    forget(**months(13))
    with tenancy.acting(OFFICER):
        assert Disclosure.objects.get().sent_to == []
        assert Disclosure.objects.get().content["facts"]
    forget(**months(25))
    with tenancy.acting(OFFICER):
        row = Disclosure.objects.get()
    assert (row.content, row.sha256, row.receiver_name) == (None, sent.sha256, "SPOC DE")


def test_the_reasons_that_people_wrote_and_who_they_were_go_at_the_longest_term_and_the_pages_open(
    shared, client: Client
):
    incident, sent = shared
    with tenancy.acting(OFFICER):
        choice = crossing.Choice(Audience.STATE, "BE")
        crossing.settle(actor=OFFICER, incident=incident.id, choice=choice, reason=TEXT)
    forget(**months(58))
    with tenancy.acting(OFFICER):
        assert Settled.objects.get().reason == Confidentiality.objects.get().reason == TEXT
        assert Disclosure.objects.get().tests["necessary"] == TEXT
        assert Disclosure.objects.get().content
    forget(**months(61))
    with tenancy.acting(OFFICER):
        settled, verdict, row = Settled.objects.get(), Confidentiality.objects.get(), Disclosure.objects.get()
        assert (settled.reason, verdict.reason, row.tests, row.content) == (None, None, {}, None)
        assert (row.receiver_name, row.sent_to) == ("", [])
        assert {one.by[0] for one in (settled, verdict, row)} == {"~"}
    client.force_login(person("officer@centre.example", centre=["officer"]))
    for page in (f"/incidents/{incident.id}", f"/shared/{sent.id}", f"/shared/{sent.id}?form=json"):
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert TEXT not in answer.content.decode()


def test_a_contact_abroad_goes_five_years_after_somebody_last_checked_it_and_what_it_told_stays():
    contact = point("FR")
    with tenancy.acting(OFFICER):
        made = crossing.receive_inbound(actor=OFFICER, country="FR", reference=TEXT, facts=TOLD, way=Way.FORM)
        crossing.relay_inbound(actor=OFFICER, inbound=made.id, readers=(), tests={}, otherwise=TEXT)
        assert Inbound.objects.get().point_id == contact.id
    close(made.incident_id)
    forget(**months(25))
    with tenancy.acting(OFFICER):
        row = Incident.objects.get(id=made.incident_id)
        assert (row.title, TOLD["description"] in json.dumps(row.facts)) == (row.number, False)
        assert (Inbound.objects.get().reference, Inbound.objects.get().otherwise) == (TEXT, TEXT)
    forget(**months(58))
    with tenancy.acting(OFFICER):
        assert ForeignPoint.objects.exists()
    forget(**months(61))
    with tenancy.acting(OFFICER):
        told = Inbound.objects.get()
        assert not ForeignPoint.objects.exists()
        assert (told.point_id, told.country, told.reference, told.otherwise) == (None, "FR", "", "")
        assert {told.by[0], told.relayed_by[0]} == {"~"}


def test_a_criterion_stands_while_it_holds_and_goes_two_years_after_its_last_day_with_what_was_told_for_it():
    water = organisation()
    with tenancy.acting(OFFICER):
        rule = confidential.enter_criterion(actor=OFFICER, organisation=water.id, values=PUMPS)
    incident = file(member(water.id), water.id).incident
    with tenancy.acting(CLERK):
        confidential.keep_facts(actor=CLERK, incident=incident, facts={"own.pumps": 5, "own.name": TEXT})
    close(incident.id)
    forget(**months(23))
    with tenancy.acting(OFFICER):
        assert OwnFacts.objects.get().facts["own.name"] == TEXT
    forget(**months(25))
    with tenancy.acting(OFFICER):
        assert not OwnFacts.objects.exists()
        assert OwnCriterion.objects.get().content
        confidential.end_criterion(actor=OFFICER, criterion=rule.id, last=timezone.localdate())
    forget(**months(25))
    with tenancy.acting(OFFICER):
        row = OwnCriterion.objects.get()
        assert row.content is None
        assert reads.overlay(water.id, timezone.localdate()) == ()
        assert asking.questions([row]) == {}


def test_a_criterion_that_still_holds_is_not_touched_and_who_entered_it_is_a_pseudonym():
    water = organisation()
    with tenancy.acting(OFFICER):
        confidential.enter_criterion(actor=OFFICER, organisation=water.id, values=PUMPS)
    forget(**months(61))
    with tenancy.acting(OFFICER):
        row = OwnCriterion.objects.get()
        assert row.by.startswith("~")
        assert len(reads.overlay(water.id, timezone.localdate())) == 1


def test_a_shift_goes_a_month_after_it_ended_with_the_ways_to_reach_who_had_it():
    shift("dina", -1, 8, mail="dina@centre.example", sms="+31612345678")
    later = hours(24 * 100)
    with tenancy.acting(OFFICER):
        values = {"name": "omar", "from": later, "to": hours(24 * 100 + 8), "mail": "omar@centre.example"}
        duty.keep_shift(actor=OFFICER, values=values)
    forget(days=28)
    with tenancy.acting(OFFICER):
        assert Shift.objects.count() == 2
    forget(days=40)
    with tenancy.acting(OFFICER), connection.cursor() as cursor:
        assert [row.name for row in Shift.objects.all()] == ["omar"]
        cursor.execute("select count(*) from reporting_shift where octet_length(ways_sealed) > 0")
        assert cursor.fetchone()[0] == 1


@pytest.mark.usefixtures("away")
def test_who_was_called_and_who_took_it_become_pseudonyms_after_two_years():
    shift("dina", -1, 8)
    whose = organisation()
    incident = file(member(whose.id), whose.id).incident
    with tenancy.acting(CLERK):
        alarm = duty.raise_alarm(actor=CLERK, incident=incident, purpose="arrived", stage=str(uuid4())[:8])
    with tenancy.acting(OFFICER):
        duty.acknowledge(actor=OFFICER, alarm=alarm.id)
    forget(**months(23))
    with tenancy.acting(OFFICER):
        assert "dina" in {row.name for row in Call.objects.all()}
        assert Alarm.objects.get(id=alarm.id).acknowledged_by == "Dina"
    forget(**months(25))
    with tenancy.acting(OFFICER):
        assert {row.name[:1] for row in Call.objects.all()} <= {"~", ""}
        assert Alarm.objects.get(id=alarm.id).acknowledged_by.startswith("~")


@pytest.mark.parametrize("term", HOLDING.terms, ids=lambda term: term["code"])
def test_the_database_understands_the_moment_of_each_term(term):
    where = HOLDING.place(term)
    with tenancy.acting(OFFICER), connection.cursor() as cursor:
        cursor.execute(f"select {where.moment} from {where.table} r where {where.holds}", {"unused": timedelta()})
        assert cursor.fetchall() == []
