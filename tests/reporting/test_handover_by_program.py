"""A handover from the centre to an authority by programs alone: given, read, acknowledged, and what neither may."""

from uuid import UUID

import pytest
from tests.accounts.people import person, token

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.errors import UnknownScope
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.reporting.judging.models import Handover
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import OFFICER, early_warning, file, member, organisation
from .test_programs import TESTS, ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def whose():
    return organisation()


@pytest.fixture
def incident(whose):
    """A near miss: no authority reads it before it is handed over."""
    facts = early_warning(kind="near-miss", significant=False)
    return file(member(whose.id), whose.id, facts=facts).incident.id


@pytest.fixture
def supervisor():
    row = organisation("Inspectie Toezicht", sectors=())
    with tenancy.acting(OFFICER):
        registry.designate(actor=OFFICER, reader=row.id, sector="1.5", role="authority", ground="Cbw 15")
    return row


@pytest.fixture
def desk():
    return token(person("o@centre.example"), "incidents:handle", "reports:read", centre_role=CentreRole.OFFICER)


def of(organisation_: UUID, *scopes: str) -> str:
    return token(person(f"p{len(scopes)}@{organisation_.hex[:8]}.example"), *scopes, organisation=organisation_)


def kind_of(answer) -> str:
    return answer.json()["type"].rpartition("/")[2]


def test_the_receiver_reads_what_was_handed_over_and_acknowledges_it_once(
    client, incident, supervisor, desk, mailoutbox
):
    receiver = of(supervisor.id, "reports:read", "handovers:acknowledge")
    assert ask(client, receiver, f"{incident}").status_code == 404
    mailoutbox.clear()
    given = ask(client, desk, f"{incident}/handovers", {"reader": str(supervisor.id), "tests": TESTS})
    made = given.json()
    assert (given.status_code, made["reader"], made["acknowledged_at"]) == (201, str(supervisor.id), None)
    assert "Cbw" in made["ground"]
    assert [mail.to for mail in mailoutbox] == [list(supervisor.emails)]

    assert ask(client, receiver, f"{incident}").json()["title"] == "Pumps do not answer"
    assert [one["id"] for one in ask(client, receiver, f"{incident}/handovers").json()] == [made["id"]]
    acknowledged = ask(client, receiver, f"handovers/{made['id']}/acknowledge", {})
    assert (acknowledged.status_code, acknowledged.json()["acknowledged_at"] is None) == (200, False)
    (seen,) = ask(client, desk, f"{incident}/handovers").json()
    assert seen["acknowledged_at"] == acknowledged.json()["acknowledged_at"]
    again = ask(client, receiver, f"handovers/{made['id']}/acknowledge", {})
    assert (again.status_code, kind_of(again)) == (409, "already-done")
    with tenancy.acting(CLERK):
        actions = [one.action for one in Event.objects.filter(action__startswith="reporting:").order_by("at")]
    assert actions[-2:] == ["reporting:incident:hand-over", "reporting:handover:acknowledge"]


def test_what_reporter_and_centre_write_each_other_is_not_handed_over(client, incident, supervisor, desk):
    ask(client, desk, f"{incident}/handovers", {"reader": str(supervisor.id), "tests": TESTS})
    receiver = of(supervisor.id, "reports:read")
    assert ask(client, receiver, f"{incident}/messages").json()["items"] == []


def test_who_gave_it_may_not_give_it_twice_nor_acknowledge_it(client, incident, supervisor, desk):
    body = {"reader": str(supervisor.id), "tests": TESTS}
    made = ask(client, desk, f"{incident}/handovers", body).json()
    again = ask(client, desk, f"{incident}/handovers", body)
    assert (again.status_code, kind_of(again)) == (409, "already-done")
    assert ask(client, desk, f"handovers/{made['id']}/acknowledge", {}).status_code == 403
    with pytest.raises(UnknownScope):  # no token of the centre can be made that could
        token(person("all@centre.example"), "handovers:acknowledge", centre_role=CentreRole.OFFICER)
    with tenancy.acting(CLERK):
        assert Handover.objects.get().acknowledged_at is None


def test_the_receiver_does_not_hand_it_on_and_acknowledges_with_the_scope_alone(client, incident, supervisor, desk):
    made = ask(client, desk, f"{incident}/handovers", {"reader": str(supervisor.id), "tests": TESTS}).json()
    other = organisation("Inspectie Water", sectors=())
    reads_only = of(supervisor.id, "reports:read")
    assert ask(client, reads_only, f"handovers/{made['id']}/acknowledge", {}).status_code == 403
    wide = of(supervisor.id, "reports:read", "reports:write", "handovers:acknowledge")
    onward = ask(client, wide, f"{incident}/handovers", {"reader": str(other.id), "tests": TESTS})
    closed = ask(client, wide, f"{incident}/close", {"reason": "ours"})
    assert (onward.status_code, closed.status_code) == (403, 403)
    with tenancy.acting(CLERK):
        assert Handover.objects.count() == 1


def test_whoever_is_no_authority_or_csirt_today_gets_nothing_however_well_it_is_reasoned(client, incident, desk):
    bakery = organisation("Bakkerij Korst", classification="other", sectors=())
    answer = ask(client, desk, f"{incident}/handovers", {"reader": str(bakery.id), "tests": TESTS})
    assert (answer.status_code, kind_of(answer)) == (409, "not-a-receiver")
    with tenancy.acting(CLERK):
        assert not Handover.objects.exists()


def test_nobody_else_learns_of_a_handover(client, incident, supervisor, desk, whose):
    made = ask(client, desk, f"{incident}/handovers", {"reader": str(supervisor.id), "tests": TESTS}).json()
    stranger = of(organisation("Inspectie Water", sectors=()).id, "reports:read", "handovers:acknowledge")
    known = ask(client, stranger, f"handovers/{made['id']}/acknowledge", {})
    unknown = ask(client, stranger, "handovers/00000000-0000-4000-8000-00000000dead/acknowledge", {})
    assert known.status_code == unknown.status_code == 404
    assert {**known.json(), "instance": ""} == {**unknown.json(), "instance": ""}
    assert ask(client, stranger, f"{incident}").status_code == 404
    reporter = of(whose.id, "reports:read")
    assert ask(client, reporter, f"{incident}/handovers").json() == []


def test_the_same_request_sent_again_with_its_key_gives_the_same_answer(client, incident, supervisor, desk):
    body = {"reader": str(supervisor.id), "tests": TESTS}
    first, again = (
        ask(client, desk, f"{incident}/handovers", body, **{"Idempotency-Key": "handover-1"}) for _ in range(2)
    )
    assert (first.status_code, first.json()) == (again.status_code, again.json())
