"""What was not told, or may not be told any more, cannot be read either: by page, API, file or link."""

import json

import pytest
from django.db import transaction
from tests.attacks import world
from tests.notification import world as rows

from dijkwacht.platform import tenancy
from dijkwacht.rooms.notification import links
from dijkwacht.rooms.notification.models import Event, Notice
from dijkwacht.rooms.registry.actions import mandates
from dijkwacht.rooms.registry.models import Contact, Mandate, Organisation

SECRET = "untold.example"
FILES = ("/mine/findings.csv", "/mine/findings.json")
LISTS = ("/mine/findings", "/mine/notices", *FILES, "/api/v1/findings", "/api/v1/notices")


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        made = world.build()
        yield made, {role: made.client(role) for role in ("administrator-of-a", "relay-of-a", "anonymous")}
        transaction.set_rollback(True)


@pytest.fixture
def scene(built):
    with transaction.atomic():
        yield built
        transaction.set_rollback(True)


def alpha(made):
    return Organisation.objects.get(id=made.a)


def relay():
    return Organisation.objects.get(name="Relay of Alpha")


def text_of(client, address):
    answer = client.get(address)
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


@pytest.mark.parametrize("state", ["held", "collecting", "cancelled"])
def test_a_notice_that_was_not_let_go_is_not_there_for_its_receiver(state, scene):
    made, clients = scene
    with tenancy.acting(rows.TEST):
        outcome = {"collecting": "digest"}.get(state, state)
        finding = rows.finding(alpha(made), host=SECRET)
        told = rows.notice(alpha(made), finding, state=state, outcome=outcome)
    client = clients["administrator-of-a"]
    for address in (f"/api/v1/notices/{told.id}", f"/mine/notices/{told.id}"):
        assert client.get(address).status_code == 404
        how = {"data": json.dumps({"answer": "fixed"}), "content_type": "application/json"}
        form = {"data": {"answer": "fixed"}}
        sent = client.post(f"{address}/feedback", **how) if "/api/" in address else client.post(address, **form)
        assert sent.status_code in {403, 404}
    assert str(told.id) not in "".join(text_of(client, address) for address in LISTS)
    assert clients["anonymous"].get(links.page(told.id)).status_code == 404
    assert clients["anonymous"].post(links.page(told.id), {"answer": "fixed", "which": "all"}).status_code == 404


@pytest.mark.parametrize("outcome", ["refused", "held", "cancelled", "pending"])
def test_a_finding_that_the_law_or_an_officer_keeps_back_is_nowhere(outcome, scene):
    made, clients = scene
    with tenancy.acting(rows.TEST):
        finding = rows.finding(alpha(made), host=SECRET)
        _event(finding, outcome)
    client = clients["administrator-of-a"]
    for address in ("/api/v1/findings/{}", "/api/v1/findings/{}/history", "/mine/findings/{}"):
        assert client.get(address.format(finding.id)).status_code == 404
    everything = "".join(text_of(client, address) for address in LISTS)
    assert SECRET not in everything
    assert str(finding.id) not in everything


def _event(finding, outcome, actor="person:ada"):
    return Event.objects.create(
        finding=finding,
        organisation_id=finding.organisation_id,
        actor=actor,
        to_state="open",
        severity=4,
        version=2,
        reason="kept-back",
        outcome=outcome,
    )


def test_of_what_was_told_the_history_leaves_out_what_is_kept_back_and_who_works_at_the_centre(scene):
    made, clients = scene
    with tenancy.acting(rows.TEST):
        finding = rows.finding(alpha(made))
        rows.notice(alpha(made), finding, state="delivered")
        _event(finding, "refused")
        _event(finding, "silent", actor="5f0c5d4e-officer")
    told = clients["administrator-of-a"].get(f"/api/v1/findings/{finding.id}/history").json()["items"]
    assert [event["outcome"] for event in told] == ["told", "silent"]
    assert {event["actor"] for event in told} == {"person"}
    assert "5f0c5d4e" not in text_of(clients["administrator-of-a"], f"/mine/findings/{finding.id}")


def test_no_door_gives_a_column_that_the_decision_or_the_kind_keeps_back(scene):
    made, clients = scene
    with tenancy.acting(rows.TEST):
        kept = rows.finding(alpha(made), evidence={"tag": SECRET, "not-a-column-of-the-kind": SECRET})
        told = rows.notice(
            alpha(made), kept, decided=rows.decision(obligations=["address-data-only"]), state=Notice.State.DELIVERED
        )
    client = clients["administrator-of-a"]
    doors = (f"/api/v1/findings/{kept.id}", f"/api/v1/notices/{told.id}", f"/mine/findings/{kept.id}", *LISTS)
    for address in (*doors, f"/mine/notices/{told.id}"):
        assert SECRET not in text_of(client, address), address


@pytest.mark.parametrize("step", ["suspend", "withdraw"])
def test_a_relay_whose_mandate_ended_gets_nothing_more_of_its_member(step, scene):
    made, clients = scene
    with tenancy.acting(rows.TEST):
        Contact.objects.create(organisation=relay(), email="cert@relay.example")
        finding = rows.finding(alpha(made), host=SECRET)
        told = rows.notice(relay(), finding, route="relay", state=Notice.State.DELIVERED)
    client, anybody = clients["relay-of-a"], clients["anonymous"]
    doors = ("/members", "/members/findings.csv", "/members/findings.json", "/api/v1/members/findings")
    things = (f"/mine/notices/{told.id}", f"/api/v1/notices/{told.id}")
    assert all(SECRET in text_of(client, address) for address in (*doors, *things))
    assert SECRET in text_of(anybody, links.page(told.id))
    with tenancy.acting(rows.TEST):
        end = {"suspend": mandates.suspend_mandate, "withdraw": mandates.withdraw_mandate}[step]
        end(actor=rows.TEST, mandate=Mandate.objects.get(member_id=made.a).id, reason="over")
    assert not any(SECRET in text_of(client, address) for address in (*doors, *things))
    assert client.get(f"/api/v1/findings/{finding.id}").status_code == 404
    assert anybody.get(links.page(told.id)).status_code == 404
    assert anybody.post(links.page(told.id), {"answer": "fixed", "which": "all"}).status_code == 404


def test_a_relay_sees_of_its_member_only_what_it_was_told(scene):
    made, clients = scene
    with tenancy.acting(rows.TEST):
        rows.notice(alpha(made), rows.finding(alpha(made), host=SECRET), state=Notice.State.DELIVERED)
        untold = rows.finding(alpha(made), "192.0.2.9", host=SECRET)
        held = rows.finding(alpha(made), "192.0.2.10", host=SECRET)
        rows.notice(relay(), held, route="relay", state=Notice.State.HELD, outcome="held")
    client = clients["relay-of-a"]
    for address in ("/members", "/members/findings.csv", "/members/findings.json", "/api/v1/members/findings", *LISTS):
        assert SECRET not in text_of(client, address), address
    for finding in (untold, held):
        assert client.get(f"/api/v1/findings/{finding.id}").status_code == 404
        assert client.get(f"/mine/findings/{finding.id}").status_code == 404
