"""An organisation leaves the register on a day: who confirms, what ends, what stays, and that it happens once."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from tests.accounts.people import ADMINISTRATOR, person, token

from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import tokens
from dijkwacht.platform.accounts.models import OrganisationMembership
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.registry import actions, history, reads, ticks
from dijkwacht.rooms.registry.errors import AlreadyThere, InvalidField, NotAllowed, NotFound, WrongState
from dijkwacht.rooms.registry.extracts.numbers import numbers
from dijkwacht.rooms.registry.frame import registry_frame
from dijkwacht.rooms.registry.leaving import reads as leaving
from dijkwacht.rooms.registry.leaving.rules import Facts, Obstacle, obstacles
from dijkwacht.rooms.registry.models import Asset, Deregistration
from dijkwacht.rooms.registry.vocabulary import LeaveState, MandateStatus

from .people import ANALYST, OFFICER, administrator, member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def letters(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return mail.outbox


def entity(name="Bakkerij Vers", classification="other", **values):
    with tenancy.acting(OFFICER):
        given = {"kind": "organisation", "emails": [f"{name.split()[0].lower()}@contact.example"], **values}
        return actions.create_organisation(actor=OFFICER, name=name, classification=classification, **given)


def ask(actor, organisation, **values):
    with tenancy.acting(actor):
        given = {"reason": "ceased", "effective_on": reads.today(), **values}
        return actions.ask_deregistration(actor=actor, organisation=organisation.id, **given)


def take(step, actor, row, **values):
    with tenancy.acting(actor):
        return step(actor=actor, deregistration=row.id, **values)


def due(row, now=None):
    return take(actions.deregister_due, OFFICER, row, now=now)


def state(row):
    with tenancy.acting(OFFICER):
        return Deregistration.objects.get(id=row.id).state


def later():
    """End the moment of the running transaction: a test is one transaction, the real ones are many."""
    with connection.cursor() as cursor:
        cursor.execute("select set_config('dijkwacht.changed_at', '', true), clock_timestamp()")
        return cursor.fetchone()[1]


VOLUNTARY = {
    "classification": "other",
    "declaration": "none",
    "entity_types": [],
    "kind": "organisation",
    "watches": False,
}


@pytest.mark.parametrize(
    ("differs", "found"),
    [
        ({}, ()),
        ({"classification": "citizen"}, ()),
        ({"classification": "essential"}, (Obstacle.UNDER_THE_LAW,)),
        ({"classification": "important"}, (Obstacle.UNDER_THE_LAW,)),
        ({"declaration": "domain-registrar"}, (Obstacle.DECLARED,)),
        ({"entity_types": ["1.8-dns"]}, (Obstacle.IN_THE_ANNEXES,)),
        ({"kind": "relay"}, (Obstacle.DEPENDED_ON,)),
        ({"kind": "network-owner"}, (Obstacle.DEPENDED_ON,)),
        ({"watches": True}, (Obstacle.WATCHES,)),
    ],
)
def test_a_voluntary_registration_ends_by_itself_and_any_other_when_an_officer_confirms(differs, found):
    assert obstacles(Facts(**{**VOLUNTARY, **differs})) == found


def test_a_bakery_leaves_on_the_day_it_asks(letters):
    bakery = entity()
    row = ask(administrator(bakery.id), bakery)
    assert row.state == LeaveState.CONFIRMED
    assert due(row)
    with tenancy.acting(OFFICER):
        assert not reads.access_organisation(OFFICER, bakery.id).active
    assert [letter.subject for letter in letters] == [
        "Uw organisatie verlaat het register",
        "Uw organisatie heeft het register verlaten",
    ]


def test_a_hospital_stays_until_an_officer_confirms():
    hospital = entity("Ziekenhuis Duinzicht", "essential", sectors=["1.5"])
    row = ask(administrator(hospital.id), hospital)
    assert row.state == LeaveState.ASKED
    assert not due(row)
    with pytest.raises(NotAllowed):
        take(actions.confirm_deregistration, administrator(hospital.id), row, reason="mine")
    with pytest.raises(InvalidField):
        take(actions.confirm_deregistration, OFFICER, row, reason="")
    take(actions.confirm_deregistration, OFFICER, row, reason="IGJ agrees: the hospital closed")
    assert due(row)
    assert state(row) == LeaveState.DONE


def test_an_officer_may_refuse_and_says_why(letters):
    hospital = entity("Ziekenhuis Duinzicht", "essential")
    row = ask(administrator(hospital.id), hospital, reason="out-of-scope")
    take(actions.refuse_deregistration, OFFICER, row, reason="it still has 300 staff")
    assert "it still has 300 staff" in letters[-1].body
    assert not due(row)
    with pytest.raises(WrongState):
        take(actions.confirm_deregistration, OFFICER, row, reason="after all")


def test_what_an_officer_asks_is_confirmed_and_only_an_officer_takes_it_back():
    hospital = entity("Ziekenhuis Duinzicht", "essential")
    row = ask(OFFICER, hospital, explanation="bankrupt")
    assert row.state == LeaveState.CONFIRMED
    with pytest.raises(NotAllowed):
        take(actions.withdraw_deregistration, administrator(hospital.id), row)
    take(actions.withdraw_deregistration, OFFICER, row, reason="a mistake")
    assert not due(row)


def test_members_strangers_and_analysts_ask_nothing():
    bakery = entity()
    for actor, problem in (
        (member(bakery.id), NotAllowed),
        (ANALYST, NotAllowed),
        (administrator(uuid.uuid4()), NotFound),
    ):
        with pytest.raises(problem):
            ask(actor, bakery)


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": "bored"},
        {"effective_on": "2020-01-01"},
        {"effective_on": "2099-01-01"},
        {"effective_on": ""},
        {"effective_on": "tomorrow"},
        {"reason": "merged"},
        {"explanation": "x" * 1001},
    ],
)
def test_it_has_a_reason_and_a_day_within_a_year_and_a_merger_a_successor(wrong):
    bakery = entity()
    with pytest.raises(InvalidField):
        ask(administrator(bakery.id), bakery, **wrong)


def test_one_is_open_at_a_time():
    bakery = entity()
    row = ask(administrator(bakery.id), bakery, effective_on=reads.today() + timedelta(days=9))
    with pytest.raises(AlreadyThere):
        ask(administrator(bakery.id), bakery)
    take(actions.withdraw_deregistration, administrator(bakery.id), row)
    assert ask(administrator(bakery.id), bakery).state == LeaveState.CONFIRMED


def test_the_day_begins_at_midnight_in_the_netherlands():
    bakery = entity()
    row = ask(administrator(bakery.id), bakery, effective_on="2027-01-01")
    assert not due(row, datetime(2026, 12, 31, 22, 59, tzinfo=UTC))
    assert due(row, datetime(2026, 12, 31, 23, 0, tzinfo=UTC))


def test_after_days_without_a_scheduler_it_happens_once_and_one_that_fails_stops_no_other(monkeypatch, letters):
    first, second = entity("Eerste Bakker"), entity("Tweede Bakker")
    rows = [ask(administrator(one.id), one) for one in (first, second)]
    with tenancy.acting(OFFICER):
        Deregistration.objects.update(effective_on=reads.today() - timedelta(days=5))
    real = ticks.deregister_due

    def failing(*, actor, deregistration):
        if deregistration == rows[0].id:
            raise OSError
        return real(actor=actor, deregistration=deregistration)

    monkeypatch.setattr(ticks, "deregister_due", failing)
    ticks.leave()
    assert [state(row) for row in rows] == [LeaveState.CONFIRMED, LeaveState.DONE]
    monkeypatch.undo()
    for _ in range(3):
        ticks.leave()
    assert [state(row) for row in rows] == [LeaveState.DONE, LeaveState.DONE]
    with tenancy.acting(OFFICER):
        assert Event.objects.filter(action="registry:deregistration:done").count() == 2
    assert len([letter for letter in letters if "heeft het register verlaten" in letter.subject]) == 2


@pytest.fixture
def provider():
    """A hosting provider with an asset, a relay, a token and somebody who administers it."""
    row = entity("Hosting Zee", roo="gm0363", language="en")
    relay = entity("Schakel Noord", kind="relay")
    someone = person("ciso@zee.example", organisations={row.id: ADMINISTRATOR})
    with tenancy.acting(OFFICER):
        (asset,) = actions.claim_asset(actor=OFFICER, organisation=row.id, kind="domain", value="zee.example.nl")
        actions.verify_asset(actor=OFFICER, asset=asset.uid, evidence="seen")
        mandate = actions.add_mandate(actor=OFFICER, relay=relay.id, member=row.id)
    return row, asset, mandate, someone, token(someone, "organisations:read", organisation=row.id)


def left(provider):
    row = ask(administrator(provider[0].id), provider[0])
    assert due(row)
    return row


def test_its_assets_are_free_for_another(provider):
    left(provider)
    other = entity("Hosting Meer")
    with tenancy.acting(OFFICER):
        (claimed,) = actions.claim_asset(actor=OFFICER, organisation=other.id, kind="domain", value="zee.example.nl")
        assert claimed.status == "claimed"
        actions.verify_asset(actor=OFFICER, asset=claimed.uid, evidence="seen")
    assert registry_frame()["organisation_id"].to_list() == [str(other.id)]


def test_a_conflict_with_it_is_over():
    bakery, other = entity(), entity("Bakkerij Oud")
    with tenancy.acting(OFFICER):
        for one in (bakery, other):
            actions.claim_asset(actor=OFFICER, organisation=one.id, kind="domain", value="brood.example.nl")
        assert reads.conflicts_for(OFFICER).count() == 1
    due(ask(administrator(bakery.id), bakery))
    with tenancy.acting(OFFICER):
        assert not reads.conflicts_for(OFFICER).exists()
        assert Asset.objects.get(organisation=other).status == "claimed"


def test_mandates_tokens_and_roles_end_and_everybody_is_told(provider, letters):
    organisation, _asset, mandate, someone, text = provider
    row = left(provider)
    with tenancy.acting(OFFICER):
        assert reads.access_mandate(OFFICER, mandate.id).status == MandateStatus.WITHDRAWN
        assert not OrganisationMembership.objects.filter(organisation_id=organisation.id).exists()
        row.refresh_from_db()
    assert tokens.resolve(text) is None
    assert row.ended == {
        "assets": 1,
        "mandates": 1,
        "designations": 0,
        "questions": 0,
        "tokens": 1,
        "people": 1,
        "acting_mandates": 0,
    }
    told = {(letter.to[0], letter.subject) for letter in letters}
    assert ("hosting@contact.example", "Your organisation has left the register") in told
    assert (someone.email, "Your organisation has left the register") in told
    assert ("schakel@contact.example", "Een mandaat is beëindigd") in told


def test_the_register_of_the_day_before_still_holds_it():
    hospital = entity("Ziekenhuis Duinzicht", "essential", sectors=["1.5"])
    before = later()
    due(ask(OFFICER, hospital))
    with tenancy.acting(OFFICER):
        then = numbers(OFFICER, history.parse(before.isoformat()))
        now = numbers(OFFICER, history.parse(later().isoformat()))
        assert (then.essential, now.essential) == (1, 0)
        latest = history.changes_of(OFFICER, hospital.id, field="active")[0]
        assert (latest.source, latest.ground, latest.values["active"]) == ("deregistration", "Cbw 43", False)


def test_nothing_is_given_to_one_that_left(provider):
    organisation, asset, mandate, *_ = provider
    left(provider)
    with tenancy.acting(OFFICER):
        with pytest.raises(WrongState):
            actions.claim_asset(actor=OFFICER, organisation=organisation.id, kind="domain", value="zee.example.nl")
        with pytest.raises(WrongState):
            actions.verify_asset(actor=OFFICER, asset=asset.uid, evidence="seen")
        with pytest.raises(WrongState):
            actions.add_mandate(actor=OFFICER, relay=mandate.relay_id, member=organisation.id)
    with pytest.raises(WrongState):
        ask(OFFICER, organisation)


def test_it_can_come_back_with_its_history_and_claims_anew(provider):
    organisation = provider[0]
    left(provider)
    with tenancy.acting(OFFICER):
        assert leaving.left_with({"roo": "gm0363"}).id == organisation.id
        assert leaving.left_with({"roo": "gm0364"}) is None
        actions.reregister(actor=OFFICER, organisation=organisation.id)
        assert leaving.left_with({"roo": "gm0363"}) is None
        again = {"organisation": organisation.id, "kind": "domain", "value": "zee.example.nl"}
        (asset,) = actions.claim_asset(actor=OFFICER, **again)
        assert asset.status == "claimed"
        with pytest.raises(WrongState):
            actions.reregister(actor=OFFICER, organisation=organisation.id)
    with pytest.raises(NotAllowed), tenancy.acting(ANALYST):
        actions.reregister(actor=ANALYST, organisation=organisation.id)


def test_who_registers_again_says_anew_whom_to_reach():
    bakery = entity()
    with tenancy.acting(OFFICER):
        actions.add_contact(actor=OFFICER, organisation=bakery.id, name="Old", email="old@contact.example")
    due(ask(administrator(bakery.id), bakery))
    with tenancy.acting(OFFICER):
        actions.reregister(actor=OFFICER, organisation=bakery.id, source="enrolment", name="Bakkerij Nieuw")
        assert not reads.contacts_of(OFFICER, bakery.id).exists()
        assert reads.access_organisation(OFFICER, bakery.id).name == "Bakkerij Nieuw"


def test_the_pages_lead_from_the_question_to_the_end(provider):
    organisation, *_, someone, _text = provider
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(someone, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/registry/organisations/{organisation.id}/leave"
    day = (reads.today() + timedelta(days=3)).isoformat()
    assert browser.post(address, {"reason": "sold", "effective_on": "yesterday"}).status_code == 422
    assert browser.post(address, {"reason": "sold", "effective_on": day, "successor": "<b>Zee</b>"}).status_code == 302
    shown = browser.get(address).content.decode()
    assert "&lt;b&gt;Zee&lt;/b&gt;" in shown
    with tenancy.acting(OFFICER):
        row = Deregistration.objects.get()
    assert browser.post(f"/registry/deregistrations/{row.id}/withdraw").status_code == 302
    assert state(row) == LeaveState.WITHDRAWN
    officer = Client(headers={"Accept-Language": "en"})
    officer.force_login(
        person("officer@centre.example", centre=["officer"]), backend="django.contrib.auth.backends.ModelBackend"
    )
    queue = officer.get("/registry/deregistrations").content.decode()
    assert "Hosting Zee" in queue
