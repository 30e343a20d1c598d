"""Answers: by link, by a member, by an officer, by a relay; what they change and what they cannot."""

import pytest
from django.test import Client
from tests.notification import world

from dijkwacht.kernel.actor import Actor, Kind, OrganisationRole
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event as Audited
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.notification import feedback, links, reads
from dijkwacht.rooms.notification.errors import InvalidAnswer, NotAllowed, NotFound, WrongState
from dijkwacht.rooms.notification.models import Call, Event, Feedback, Finding, Notice
from dijkwacht.rooms.registry.models import Contact, Mandate


@pytest.fixture
def centre(db, settings, tmp_path):
    settings.HOME = tmp_path
    settings.COURSES_FOLDER = tmp_path / "courses"
    with tenancy.acting(world.TEST):
        yield


@pytest.fixture
def bakery(centre):
    return world.organisation()


@pytest.fixture
def told(bakery):
    return world.notice(bakery, world.finding(bakery), world.finding(bakery, "192.0.2.8"))


def give(actor: Actor, notice: Notice, answer: str = "fixed", findings=(), comment: str = "") -> int:
    return feedback.give_feedback(
        actor=actor, notice=notice.id, answer=answer, findings=list(findings), comment=comment
    )


def states() -> set[str]:
    return set(Finding.objects.values_list("state", flat=True))


@pytest.mark.parametrize(
    ("answer", "after"),
    [("fixed", "resolved"), ("working", "acknowledged"), ("not-ours", "disputed"), ("false-alarm", "disputed")],
)
def test_an_answer_brings_every_finding_to_its_state_with_an_event(bakery, told, answer, after):
    assert give(world.member(bakery), told, answer) == 2
    assert states() == {after}
    event = Event.objects.filter(to_state=after).first()
    assert (event.actor, event.reason, event.from_state, event.outcome) == (
        "person:member", f"answer: {answer}", "open", "silent",
    )  # fmt: skip
    assert Audited.objects.filter(action="notification:notice:answer", object_id=str(told.id)).count() == 1


def test_the_same_answer_twice_is_one_answer(bakery, told):
    assert give(world.member(bakery), told) == 2
    assert give(world.member(bakery), told) == 0
    assert Feedback.objects.count() == 1


def test_an_answer_may_be_about_one_finding(bakery, told):
    one = Finding.objects.first()
    assert give(world.member(bakery), told, "fixed", [one.id], "done today") == 1
    assert sorted(Finding.objects.values_list("state", flat=True)) == ["open", "resolved"]
    assert Feedback.objects.get().comment == "done today"


def test_a_finding_of_another_notice_is_not_there(bakery, told):
    other = world.finding(bakery, "192.0.2.99")
    with pytest.raises(NotFound):
        give(world.member(bakery), told, "fixed", [other.id])
    assert states() == {"open"}


def test_a_stranger_finds_nothing_and_an_analyst_may_not(bakery, told):
    stranger = world.member(world.organisation("Ander"))
    with tenancy.acting(stranger), pytest.raises(NotFound):
        give(stranger, told)
    with pytest.raises(NotAllowed):
        give(Actor(kind=Kind.PERSON, id="person:nobody"), told)


def test_an_officer_answers_on_behalf(told):
    assert give(world.officer(), told, "working") == 2


@pytest.mark.parametrize("comment", ["x" * 2001, "a\x00b"])
def test_a_comment_is_bounded(bakery, told, comment):
    with pytest.raises(InvalidAnswer):
        give(world.member(bakery), told, comment=comment)


def test_an_answer_that_is_none_is_refused(bakery, told):
    with pytest.raises(InvalidAnswer):
        give(world.member(bakery), told, "whatever")


def test_a_held_notice_cannot_be_answered(told):
    Notice.objects.update(state="held")
    with pytest.raises(WrongState):
        give(world.officer(), told)


@pytest.mark.parametrize(("mandatory", "changed"), [(True, 1), (False, 0)])
def test_a_relay_speaks_for_a_member_only_when_all_goes_through_it(bakery, mandatory, changed):
    relay = world.organisation("Schakel", mail="cert@schakel.example")
    Mandate.objects.create(
        relay=relay, member=bakery, mandatory=mandatory, confidentiality=True, informations=["victim"]
    )
    told = world.notice(relay, world.finding(bakery), route="relay")
    actor = Actor(
        kind=Kind.PERSON,
        id="person:relay",
        memberships={relay.id: OrganisationRole.SECURITY},
        relays=frozenset({relay.id}),
        members=frozenset({bakery.id}),
    )
    with tenancy.acting(actor):
        assert give(actor, told) == changed
    assert Feedback.objects.get().answer == "fixed"


def test_who_was_told_reads_on_which_ground_and_nobody_else_does(bakery, told):
    baker, finding = world.member(bakery), Finding.objects.first()
    with tenancy.acting(baker):
        assert reads.why_of(baker, finding.id).route == "direct"
    stranger = world.member(world.organisation("Ander"))
    with tenancy.acting(stranger), pytest.raises(NotFound):
        reads.why_of(stranger, finding.id)


def test_not_ours_waits_for_a_person_of_the_centre(bakery, told):
    give(world.member(bakery), told, "not-ours")
    (waiting,) = feedback.waiting_for(world.officer())
    feedback.handle(actor=world.officer(), feedback=waiting.id, note="asset removed")
    assert not feedback.waiting_for(world.officer())
    with pytest.raises(WrongState):
        feedback.handle(actor=world.officer(), feedback=waiting.id)
    with pytest.raises(NotAllowed):
        feedback.handle(actor=world.member(bakery), feedback=waiting.id)


def test_a_wrong_contact_is_marked_and_the_next_one_is_told(bakery, told):
    first = bakery.contacts.get()
    second = Contact.objects.create(organisation=bakery, email="it@korst.example", order=1)
    assert give(world.member(bakery), told, "wrong-contact") == 0
    first.refresh_from_db()
    assert first.status == "wrong"
    replaced = Notice.objects.get(replaces=told)
    assert (replaced.contact_id, replaced.findings, replaced.state) == (second.id, 2, "queued")
    assert Message.objects.get().recipient == "it@korst.example"
    give(world.member(bakery), told, "wrong-contact")
    assert Notice.objects.filter(replaces=told).count() == 1


def test_a_wrong_contact_without_another_way_is_a_call(bakery, told):
    give(world.member(bakery), told, "wrong-contact")
    call = Call.objects.get()
    assert (call.organisation_id, call.notice_id, call.findings, call.why) == (bakery.id, told.id, 2, "unreached")


# --- by link ----------------------------------------------------------------------------------------------------------


class Visitor(Client):
    """Somebody without an account; each request leaves the scope of the test as it was."""

    def request(self, **request):
        with tenancy.acting(world.TEST):
            return super().request(**request)


@pytest.fixture
def client(centre):
    return Visitor(enforce_csrf_checks=True)


def test_opening_a_link_shows_the_findings_and_changes_nothing(client, told):
    response = client.get(links.page(told.id, "fixed"))
    page = response.content.decode()
    assert response.status_code == 200
    assert "192.0.2.8:3389" in page
    assert 'value="fixed" required checked' in page
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert states() == {"open"}
    assert Notice.objects.get().read_at is None
    assert not Feedback.objects.exists()


def test_posting_answers_without_signing_in(client, told):
    response = client.post(links.page(told.id), {"answer": "fixed", "which": "all", "comment": "ok"})
    assert response.status_code == 200
    assert "Bedankt" in response.content.decode()
    assert states() == {"resolved"}
    assert Event.objects.filter(actor=f"link:{told.id}").count() == 2


def test_ticking_one_finding_answers_about_that_one(client, told):
    one = Finding.objects.first()
    client.post(links.page(told.id), {"answer": "not-ours", "which": "some", "finding": [str(one.id)]})
    assert sorted(Finding.objects.values_list("state", flat=True)) == ["disputed", "open"]


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"answer": "fixed"},
        {"answer": "nonsense", "which": "all"},
        {"answer": "fixed", "which": "some"},
        {"answer": "fixed", "which": "some", "finding": ["<script>"]},
        {"answer": "fixed", "which": "some", "finding": ["00000000-0000-0000-0000-000000000000"]},
        {"answer": "fixed", "which": "all", "comment": "x" * 2001},
    ],
)
def test_a_form_that_is_not_complete_says_so_and_changes_nothing(client, told, form):
    response = client.post(links.page(told.id), form)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert states() == {"open"}


def test_a_link_that_is_wrong_stale_or_of_a_held_notice_tells_nothing(client, told, monkeypatch):
    good = links.page(told.id)
    answers = [
        client.get(good[:-1]),
        client.get(good + "x"),
        client.get("/f/x"),
        client.get(links.page(told.organisation_id)),
    ]
    Notice.objects.update(state="held")
    answers.append(client.get(good))
    Notice.objects.update(state="queued")
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)
    answers.append(client.post(good, {"answer": "fixed", "which": "all"}))
    assert {answer.status_code for answer in answers} == {404}
    assert all("192.0.2" not in answer.content.decode() for answer in answers)
    assert states() == {"open"}


def test_one_notices_link_is_worth_nothing_for_another(bakery, told):
    other = world.notice(bakery, world.finding(bakery, "192.0.2.77"))
    holder = feedback.holder_of(told.id)
    with pytest.raises(NotFound):
        give(holder, other)


def test_after_wrong_contact_the_link_is_closed(client, told):
    client.post(links.page(told.id), {"answer": "wrong-contact", "which": "all"})
    assert client.get(links.page(told.id)).status_code == 404


def test_what_strangers_wrote_is_inert_on_the_page(client, bakery):
    found = world.finding(bakery, host="<script>alert(1)</script>\u202e")
    page = client.get(links.page(world.notice(bakery, found).id)).content.decode()
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_one_post_unsubscribes_from_optional_kinds_only(client, bakery):
    told = world.notice(bakery, world.finding(bakery, severity=1))
    address = links.unsubscribe(told.id)
    assert client.get(address).status_code == 200
    assert Contact.objects.get().optional_kinds == []
    client.post(address, {"List-Unsubscribe": "One-Click"})
    assert Contact.objects.get().optional_kinds == ["scan-rdp"]
    severe = world.notice(bakery, world.finding(bakery, "192.0.2.8", kind="scan-http", severity=3))
    client.post(links.unsubscribe(severe.id), {"List-Unsubscribe": "One-Click"})
    assert Contact.objects.get().optional_kinds == ["scan-rdp"]
