"""A managed service provider files one incident for many customers; no customer learns of another."""

import io
import json
import zipfile
from datetime import timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from django.conf import settings as conf
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.accounts.people import ADMINISTRATOR, TESTER, bearer, person, token

from dijkwacht.kernel.actor import Actor, CentreRole, Kind, Mandated, OrganisationRole
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.models import ActingMandate
from dijkwacht.platform.receipts import Signer, verify
from dijkwacht.rooms.registry.actions import designations
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.reporting.customers import acting, actions, choosing, progress, reads
from dijkwacht.rooms.reporting.customers.errors import (
    ChooseProvider,
    CustomersRefused,
    NoCustomers,
    NothingChanged,
    StillFiling,
)
from dijkwacht.rooms.reporting.customers.models import ProviderCustomer, ProviderEvent, ProviderFiling
from dijkwacht.rooms.reporting.errors import NotFound
from dijkwacht.rooms.reporting.judging.models import Likeness
from dijkwacht.rooms.reporting.models import DueMoment, Incident, Report
from dijkwacht.rooms.reporting.rules import Stage
from dijkwacht.rooms.reporting.scheduling import CLERK
from dijkwacht.rooms.reporting.terms import clocks

from .story import NOTIFICATION, OFFICER, authority, early_warning, file, member, organisation

pytestmark = pytest.mark.django_db
READERS = frozenset({OrganisationRole.READER})
REPORTERS = frozenset({OrganisationRole.REPORTER})


def customers(number: int, **more) -> list[Organisation]:
    return [organisation(f"Klant nummer{one:03}", **more) for one in range(number)]


def provider(*held: UUID, own: UUID, roles=REPORTERS) -> Actor:
    return Actor(
        kind=Kind.PERSON,
        id="00000000-0000-4000-8000-0000000000cc",
        name="Greet",
        memberships={own: OrganisationRole.SECURITY},
        mandates={one: (Mandated(uuid4(), roles),) for one in held},
    )


@pytest.fixture
def msp():
    return organisation("Beheer BV", classification="important", sectors=("1.9",))


def tell(actor, who, facts=None, **more):
    with tenancy.acting(actor):
        facts = early_warning(title="Our management server was taken over") if facts is None else facts
        wanted = [one.id for one in who]
        return actions.tell_event(actor=actor, stage=Stage.EARLY_WARNING, facts=facts, customers=wanted, **more)


def tell_more(actor, event, facts, stage=Stage.EARLY_WARNING):
    with tenancy.acting(actor):
        return actions.tell_more(actor=actor, event=event, stage=stage, facts=facts)


def test_each_customer_gets_an_incident_with_its_own_routing_clocks_and_receipt(msp):
    water, power = organisation("Waterbedrijf", sectors=("1.6",)), organisation("Netbeheer", sectors=("1.1a",))
    filing = tell(provider(water.id, power.id, own=msp.id), [water, power])
    with tenancy.acting(CLERK):
        rows = {row.organisation_id: row for row in Incident.objects.all()}
        assert {one: row.shared_sectors for one, row in rows.items()} == {water.id: ["1.6"], power.id: ["1.1a"]}
        assert {row.received_at for row in rows.values()} == {filing.at}
        assert len({row.number for row in rows.values()}) == 2
        assert all(DueMoment.objects.filter(incident=row, stage="notification").count() == 2 for row in rows.values())
        held = ProviderCustomer.objects.order_by("name")
        assert [row.name for row in held] == ["Netbeheer", "Waterbedrijf"]
        for row in held:
            told = verify(row.receipts[0], Signer.of(conf.HOME).verifier)
            assert told["organisation"]["name"] == row.name
        assert not Likeness.objects.exists()
    assert filing.filed_at


def test_a_customer_outside_the_cbw_gets_a_voluntary_report_and_the_terms_of_its_own_laws_alone(msp):
    water, bakery = organisation("Waterbedrijf"), organisation("Bakkerij", classification="other", sectors=())
    breach = {"personal_data_breach": True, "data_role": "controller", "personal_data_risk": "risk"}
    filing = tell(provider(water.id, bakery.id, own=msp.id), [water, bakery], early_warning(**breach))
    tell_more(provider(water.id, bakery.id, own=msp.id), filing.event_id, NOTIFICATION, Stage.NOTIFICATION)
    with tenancy.acting(CLERK):
        rows = {row.organisation_id: row for row in Incident.objects.all()}
        terms_ = {one: {(t.regime, t.stage) for t in clocks(row, {})} for one, row in rows.items()}
        assert ("cbw", "notification") in terms_[water.id]
        own = {(regime, stage) for regime, stage in terms_[bakery.id] if regime != "cbw" or stage == "notification"}
        assert own == {("avg", "notification")}
        filed = Report.objects.filter(incident=rows[bakery.id], regime="cbw").order_by("version")
        assert [(row.stage, row.version) for row in filed] == [("voluntary", 1), ("voluntary", 2)]


def test_a_customer_and_its_authority_see_their_own_and_nothing_of_the_event(msp):
    water, power = organisation("Waterbedrijf", sectors=("1.6",)), organisation("Netbeheer", sectors=("1.1a",))
    filing = tell(provider(water.id, power.id, own=msp.id), [water, power])
    rijk = organisation("Inspectie water", classification="other", sectors=())
    for actor in (member(water.id), authority(rijk.id, "1.6")):
        with tenancy.acting(actor):
            (row,) = Incident.objects.all()
            assert row.organisation_id == water.id
            assert (ProviderEvent.objects.count(), ProviderCustomer.objects.count()) == (0, 0)
            assert (ProviderFiling.objects.count(), reads.event_of(actor, row)) == (0, None)
            with pytest.raises(NotFound):
                reads.access_event(actor, filing.event_id)
            written = json.dumps(row.facts) + "".join(
                one.receipt + json.dumps(one.content) for one in row.reports.all()
            )
        assert "Netbeheer" not in written
        assert str(filing.event_id) not in written
        assert str(power.id) not in written


def test_of_one_customer_without_the_role_nothing_is_filed_and_it_is_named_as_it_was_given(msp):
    water, power, stranger = (organisation(name) for name in ("Waterbedrijf", "Netbeheer", "Onbekend bedrijf"))
    actor = provider(water.id, own=msp.id)
    reader = provider(water.id, power.id, own=msp.id, roles=READERS)
    with pytest.raises(CustomersRefused) as refused:
        tell(actor, [water, stranger])
    assert str(stranger.id) in str(refused.value)
    assert "Onbekend" not in str(refused.value)  # who may not see it does not learn its name
    with pytest.raises(CustomersRefused, match="Netbeheer, Waterbedrijf"):
        tell(reader, [water, power])
    with pytest.raises(NoCustomers):
        tell(actor, [])
    with tenancy.acting(CLERK):
        assert (Incident.objects.count(), ProviderEvent.objects.count()) == (0, 0)


def test_one_that_cannot_be_filed_takes_all_the_others_back(msp, monkeypatch):
    held = customers(3)
    actor, seen = provider(*[one.id for one in held], own=msp.id), []
    real = actions.file_report

    def third_fails(**how):
        seen.append(how["organisation"])
        if len(seen) == 3:
            raise NotFound
        return real(**how)

    monkeypatch.setattr(actions, "file_report", third_fails)
    with pytest.raises(NotFound):
        tell(actor, held)
    with tenancy.acting(CLERK):
        assert (Incident.objects.count(), Report.objects.count(), ProviderEvent.objects.count()) == (0, 0, 0)


def test_a_correction_reaches_all_and_leaves_what_a_customer_wrote_itself(msp):
    held = customers(3)
    actor = provider(*[one.id for one in held], own=msp.id)
    filing = tell(actor, held)
    with tenancy.acting(CLERK):
        own = Incident.objects.get(organisation_id=held[0].id)
    file(member(held[0].id), held[0].id, Stage.NOTIFICATION, {**NOTIFICATION, "effects": "Our own words"}, own.id)
    facts = early_warning(title="A server of ours was taken over", occurrence=own.facts["occurrence"])
    tell_more(actor, filing.event_id, {**own.facts, **facts, "description": "Two servers"})
    with tenancy.acting(CLERK):
        rows = Incident.objects.all()
        assert {row.title for row in rows} == {"A server of ours was taken over"}
        assert {row.facts["description"] for row in rows} == {"Two servers"}
        assert Incident.objects.get(id=own.id).facts["effects"] == "Our own words"
        assert set(Report.objects.filter(stage="early-warning").values_list("version", flat=True)) == {1, 2}
        assert {len(one.receipts) for one in ProviderCustomer.objects.all()} == {2}
        told = ProviderEvent.objects.get().facts
    with pytest.raises(NothingChanged):
        tell_more(actor, filing.event_id, told)


def test_the_next_stage_goes_to_all(msp):
    held = customers(2)
    actor = provider(*[one.id for one in held], own=msp.id)
    filing = tell(actor, held)
    tell_more(actor, filing.event_id, {**early_warning(), **NOTIFICATION}, Stage.NOTIFICATION)
    with tenancy.acting(CLERK):
        assert Report.objects.filter(stage="notification").count() == 2
        assert not DueMoment.objects.filter(stage="notification", withdrawn_at=None).exists()


def test_after_a_mandate_ended_nothing_goes_to_anybody_until_that_customer_is_left_out(msp):
    held = customers(2)
    filing = tell(provider(*[one.id for one in held], own=msp.id), held)
    now = provider(held[1].id, own=msp.id)
    with pytest.raises(CustomersRefused, match="nummer000"):
        tell_more(now, filing.event_id, {"description": "More"})
    with tenancy.acting(now):
        assert actions.leave_out(actor=now, event=filing.event_id) == ["Klant nummer000"]
    tell_more(now, filing.event_id, {"description": "More"})
    with tenancy.acting(CLERK):
        told = {row.organisation_id: row.facts.get("description") for row in Incident.objects.all()}
    assert told == {held[0].id: None, held[1].id: "More"}


def test_more_customers_than_fit_before_the_answer_are_filed_by_a_job_at_the_moment_of_receipt(msp):
    held = customers(actions.AT_ONCE + 1)
    actor = provider(*[one.id for one in held], own=msp.id)
    filing = tell(actor, held)
    with tenancy.acting(actor):
        assert (filing.filed_at, Incident.objects.count()) == (None, 0)
        with pytest.raises(StillFiling):
            actions.tell_more(actor=actor, event=filing.event_id, stage=Stage.EARLY_WARNING, facts={"title": "x"})
    for _ in range(2):  # a job that is taken over files nothing twice
        with tenancy.acting(CLERK):
            actions.file_event(actor=CLERK, filing=filing.id)
    with tenancy.acting(CLERK):
        assert set(Incident.objects.values_list("received_at", flat=True)) == {filing.at}
        assert Report.objects.values("incident").distinct().count() == len(held)
        assert set(Report.objects.values_list("submitted_by", flat=True)) == {actor.id}


def test_the_duty_and_the_contact_hear_of_an_event_once(msp, settings, mailoutbox):
    settings.DUTY_MAIL = ["duty@centre.example"]
    held = customers(3)
    tell(provider(*[one.id for one in held], own=msp.id), held)
    told = [mail.to[0] for mail in mailoutbox]
    assert told.count("duty@centre.example") == 1
    assert "nora@nieuweland.example" not in told  # the contact of the provider: by the outbox, once
    assert sum(address.startswith("info@nummer") for address in told) == 3


def test_a_list_names_customers_by_name_number_or_identifier_and_what_it_does_not_know_is_told(msp):
    water, power = organisation("Waterbedrijf", kvk="12345678"), organisation("Netbeheer")
    other = organisation("Een ander")
    actor = provider(water.id, power.id, own=msp.id)
    with tenancy.acting(actor):
        assert choosing.of_list(actor, f"12345678\n\n netbeheer \n{power.id}\n") == [power, water]
        for line in ("Een ander", str(other.id), "99999999", "=cmd()"):
            with pytest.raises(CustomersRefused) as refused:
                choosing.of_list(actor, f"Netbeheer\n{line}")
            assert line in refused.value.text("en")
        assert [one.name for one in choosing.search(actor, "WATER")[0]] == ["Waterbedrijf"]


def test_who_works_for_two_says_which_of_them_reports(msp):
    water, second = organisation("Waterbedrijf"), organisation("Tweede BV")
    two = Actor(
        kind=Kind.PERSON,
        id=str(uuid4()),
        memberships=dict.fromkeys((msp.id, second.id), OrganisationRole.REPORTER),
        mandates={water.id: (Mandated(uuid4(), REPORTERS),)},
    )
    with pytest.raises(ChooseProvider):
        tell(two, [water])
    tell(two, [water], provider=second.id)
    with tenancy.acting(CLERK):
        assert ProviderEvent.objects.get().owner_id == second.id


def test_a_person_with_a_mandate_and_no_organisation_keeps_the_event_alone():
    water = organisation("Waterbedrijf")
    alone = Actor(kind=Kind.PERSON, id=str(uuid4()), mandates={water.id: (Mandated(uuid4(), REPORTERS),)})
    filing = tell(alone, [water])
    with tenancy.acting(alone):
        assert reads.access_event(alone, filing.event_id).owner_id == UUID(alone.id)


# --- pages and programs -----------------------------------------------------------------------------------------------


@pytest.fixture
def world(msp, settings):
    """A provider with people and a token, two customers that gave it a mandate, one that did not."""
    settings.DEMO = True  # a mandate counts in a session without second factor
    held = [organisation("Waterbedrijf", kvk="12345678"), organisation("Netbeheer"), organisation("Vreemde BV")]
    today = timezone.localdate()
    with tenancy.acting(TESTER):
        for one in held[:2]:
            ActingMandate.objects.create(
                organisation_id=one.id,
                holder_kind="organisation",
                holder_id=msp.id,
                roles=["security-contact"],
                state="granted",
                starts_on=today,
                ends_on=today + timedelta(days=9),
            )
    person("greet@beheer.example", organisations={msp.id: ADMINISTRATOR})
    return held


@pytest.fixture
def greet(client, world):
    from dijkwacht.platform.accounts.models import User

    with tenancy.acting(TESTER):
        client.force_login(
            User.objects.get(email="greet@beheer.example"), backend="django.contrib.auth.backends.ModelBackend"
        )
    return client


FORM = {
    "matter": "incident",
    "title": "Beheerserver overgenomen",
    "occurrence": "2026-11-20T03:15",
    "awareness": "2026-11-20T04:00",
    "suspected_malicious": "yes",
    "cross_border": "no",
    "contact_name": "Greet",
    "contact_email": "greet@beheer.example",
    "contact_phone": "+31 20 623 0101",
    "do": "next",
}


def test_on_the_page_customers_are_chosen_checked_and_told_and_the_receipts_come_in_one_file(greet, world):
    page = greet.get("/report/customers").content.decode()
    assert "Waterbedrijf" in page
    assert "Vreemde" not in page
    refused = greet.post("/report/customers", {"which": "pasted", "pasted": "Netbeheer\nVreemde BV"})
    assert (refused.status_code, b"Vreemde BV" in refused.content) == (403, True)
    assert greet.post("/report/customers", {"which": "chosen"}).status_code == 422
    draft = greet.post("/report/customers", {"which": "pasted", "pasted": "Netbeheer\n12345678"})["Location"]
    assert "Netbeheer, Waterbedrijf" in greet.get(draft).content.decode()
    check = greet.post(draft, FORM)["Location"]
    assert "Netbeheer, Waterbedrijf" in greet.get(check).content.decode()
    event = greet.post(check)["Location"]
    assert greet.post(check)["Location"] == event  # sent twice is told once, and leads to the event
    with tenancy.acting(OFFICER):
        assert ProviderEvent.objects.count() == 1
    shown = greet.get(event).content.decode()
    assert shown.count("/receipts.zip") == 1
    with tenancy.acting(CLERK):
        assert Incident.objects.count() == 2
        own = Incident.objects.first()
    assert event in greet.get(f"/report/{own.id}").content.decode()
    held = zipfile.ZipFile(io.BytesIO(greet.get(f"{event}/receipts.zip").content))
    listed = json.loads(held.read("event.json"))
    assert len(held.namelist()) == len(listed["receipts"]) + 1 >= 3
    correction = greet.post(f"{event}/stage", {"stage": "early-warning"})["Location"]
    known = greet.get(correction).content.decode()
    assert "Beheerserver overgenomen" in known
    check = greet.post(correction, {**FORM, "title": "Beheerserver gestolen"})["Location"]
    assert greet.post(check)["Location"] == event
    with tenancy.acting(CLERK):
        assert {row.title for row in Incident.objects.all()} == {"Beheerserver gestolen"}
    assert greet.post(f"{event}/leave-out").status_code == 302


@pytest.mark.parametrize("who", ["customer", "authority", "stranger"])
def test_nobody_else_finds_the_event_by_page_program_identifier_or_file(client, msp, who):
    water, power = organisation("Waterbedrijf", sectors=("1.6",)), organisation("Netbeheer", sectors=("1.1a",))
    filing = tell(provider(water.id, power.id, own=msp.id), [water, power])
    with tenancy.acting(CLERK):
        held = {row.organisation_id: row for row in Incident.objects.all()}
    other = organisation("Toezicht", classification="other", sectors=())
    if who == "authority":
        with tenancy.acting(OFFICER):
            designations.designate(actor=OFFICER, reader=other.id, sector="1.6", role="authority", ground="Cbw 15")
    whose = water if who == "customer" else other
    client.force_login(person("x@y.example", organisations={whose.id: ADMINISTRATOR}))
    for address in ("", "/receipts.zip"):
        assert client.get(f"/report/customers/{filing.event_id}{address}").status_code == 404
    assert client.get(f"/api/v1/provider-events/{filing.event_id}").status_code == 404
    assert client.get(f"/api/v1/provider-events/{filing.event_id}/receipts").status_code == 404
    mine = held[water.id]
    pages = ("/report", "/incidents", f"/report/{mine.id}", f"/incidents/{mine.id}", "/api/v1/incidents", "/home")
    pages += (f"/api/v1/incidents/{mine.id}", f"/incidents/{mine.id}/export.json", "/report/customers")
    told = "".join(client.get(one).content.decode() for one in pages)
    for secret in ("Netbeheer", str(power.id), str(held[power.id].id), held[power.id].number, str(filing.event_id)):
        assert secret not in told, secret


def test_the_centre_sees_on_an_incident_that_it_is_part_of_an_event(client, msp):
    water, power = organisation("Waterbedrijf"), organisation("Netbeheer")
    filing = tell(provider(water.id, power.id, own=msp.id), [water, power])
    client.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER]))
    with tenancy.acting(CLERK):
        row = Incident.objects.first()
    assert str(filing.event_id) in client.get(f"/incidents/{row.id}").content.decode()
    assert "Netbeheer" in client.get(f"/report/customers/{filing.event_id}").content.decode()


def test_a_program_of_the_provider_tells_an_event_with_the_scope_for_it_and_once_for_a_key(client, world, msp):
    from dijkwacht.platform.accounts.models import User

    with tenancy.acting(TESTER):
        boss = User.objects.get(email="greet@beheer.example")
    scopes = ("reports:read", "reports:write")
    text = token(boss, *scopes, "customers:report", organisation=msp.id)
    facts = early_warning()
    body = {"organisations": [str(one.id) for one in world[:2]], "stage": "early-warning", "facts": facts}
    how = {"content_type": "application/json", "headers": {**bearer(text), "Idempotency-Key": "one"}}
    first = client.post("/api/v1/provider-events", body, **how)
    assert first.status_code == 201, first.content
    again = client.post("/api/v1/provider-events", body, **how)
    assert (again.status_code, again.json()) == (201, first.json())
    made = first.json()
    assert (made["filed"], made["of"], len(made["customers"])) == (2, 2, 2)
    event = f"/api/v1/provider-events/{made['id']}"
    assert client.get(event, headers=bearer(text)).json()["customers"] == made["customers"]
    assert client.get(f"{event}/receipts", headers=bearer(text))["Content-Type"] == "application/zip"
    correction = {"event": made["id"], "stage": "early-warning", "facts": {**facts, "title": "Another line"}}
    how = {"content_type": "application/json", "headers": bearer(text)}
    assert client.post("/api/v1/provider-events", correction, **how).status_code == 201
    refused = client.post("/api/v1/provider-events", {**body, "organisations": [str(world[2].id)]}, **how)
    assert (refused.status_code, str(world[2].id) in refused.content.decode()) == (403, True)
    assert "Vreemde" not in refused.content.decode()
    unknown = client.post("/api/v1/provider-events", {**body, "organisations": [str(uuid4())]}, **how)
    assert unknown.status_code == 403
    incomplete = client.post("/api/v1/provider-events", {**body, "facts": {"title": "x"}}, **how)
    assert incomplete.status_code == 422
    plain = token(boss, *scopes, organisation=msp.id)
    how = {"content_type": "application/json", "headers": bearer(plain)}
    assert client.post("/api/v1/provider-events", body, **how).status_code == 403
    assert client.get("/api/v1/incidents", headers=bearer(plain)).json()["items"] == []


def asked(act):
    """Return what `act` gives, and how many statements the database was asked for it."""
    with CaptureQueriesContext(connection) as seen:
        made = act()
    return made, len(seen)


def test_to_accept_five_hundred_customers_costs_what_accepting_thirty_does(msp):
    held = customers(500)
    actor = provider(*[one.id for one in held], own=msp.id)
    few, cost_of_few = asked(lambda: tell(actor, held[:30]))
    many, cost_of_many = asked(lambda: tell(actor, held))
    assert (few.filed_at, many.filed_at) == (None, None)  # a job files them
    assert cost_of_many == cost_of_few
    with tenancy.acting(CLERK):
        assert ProviderCustomer.objects.filter(event=many.event_id).count() == 500


@pytest.mark.parametrize(("hours", "most"), [("", 45), ("00:00-00:01", 51)])  # after hours it asks whom to wake
def test_what_filing_for_a_customer_costs_does_not_grow_with_their_number(msp, settings, hours, most):
    settings.OFFICE_HOURS = hours
    held = customers(18)
    actor = provider(*[one.id for one in held], own=msp.id)
    tell(actor, held[:2])  # what is read once and kept is read now
    costs = []
    for number in (6, 12, 18):
        filing, cost = asked(lambda number=number: tell(actor, held[:number], early_warning(title=f"Server {number}")))
        costs.append(cost)
        with tenancy.acting(CLERK):
            assert ProviderCustomer.objects.filter(event=filing.event_id, incident__isnull=False).count() == number
    for fewer, more in pairwise(costs):
        assert (more - fewer) / 6 <= most, costs


def test_who_files_for_a_customer_sees_no_other(msp):
    held = customers(3)
    row = tell(provider(*[one.id for one in held], own=msp.id), held).who
    everybody = acting.again(row)
    for one in held:
        alone = acting.for_one(everybody, one.id)
        assert (alone.readable, alone.writable) == ({one.id}, {one.id})
        assert (alone.id, alone.name, alone.origin) == (everybody.id, everybody.name, everybody.origin)


def test_how_far_it_is_is_told_beside_the_transaction_and_a_deaf_database_stops_nothing(msp):
    with progress.telling(uuid4()) as tell_:
        for done in range(30):
            tell_(done)


def test_what_is_not_known_yet_stands_with_the_event_and_in_the_report_of_each_customer(msp, client):
    who = customers(2)
    greet = provider(*(one.id for one in who), own=msp.id)
    event = tell(greet, who, early_warning(suspected_malicious=None)).event_id

    def contents():
        with tenancy.acting(CLERK):
            return [one.content.get("not_known_yet") for one in Report.objects.filter(regime="cbw")]

    def known():
        with tenancy.acting(CLERK):
            row = ProviderEvent.objects.get(id=event)
            return row.not_known_yet, row.known.get("title")

    assert contents() == [["suspected_malicious"]] * 2
    assert known() == (["suspected_malicious"], "Pumps do not answer")
    with pytest.raises(NothingChanged):  # it was said before
        tell_more(greet, event, {"suspected_malicious": None})
    # "Not known" takes nothing back that was told, and a new stage says anew what is open.
    tell_more(greet, event, {**NOTIFICATION, "title": None, "suspected_malicious": None}, Stage.NOTIFICATION)
    assert contents().count(["suspected_malicious"]) == 4
    assert known() == (["suspected_malicious"], "Pumps do not answer")
    tell_more(greet, event, {"suspected_malicious": True}, Stage.NOTIFICATION)
    assert known()[0] == []


def test_null_of_a_program_is_kept_with_an_event(client, world, msp):
    from dijkwacht.platform.accounts.models import User

    with tenancy.acting(TESTER):
        boss = User.objects.get(email="greet@beheer.example")
    text = token(boss, "reports:read", "reports:write", "customers:report", organisation=msp.id)
    facts = early_warning(suspected_malicious=None)
    body = {"organisations": [str(world[0].id)], "stage": "early-warning", "facts": facts}
    made = client.post("/api/v1/provider-events", body, content_type="application/json", headers=bearer(text)).json()
    assert made["not_known_yet"] == ["suspected_malicious"]


def test_an_answer_not_known_yet_stands_on_the_page_of_the_event(greet, world):
    draft = greet.post("/report/customers", {"which": "customer", "customer": [str(world[0].id)]})["Location"]
    check = greet.post(draft, {**FORM, "suspected_malicious": "unknown"})["Location"]
    page = greet.get(greet.post(check)["Location"]).content.decode()
    assert "nog niet bekend" in page
