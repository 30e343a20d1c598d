"""What happens after a notice left: it comes back, is due, is not answered; findings go, feeds fall silent."""

import os
from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.notification import world

from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event as Audited
from dijkwacht.platform.outbox import events
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.notification import (
    ageing,
    composing,
    dispatching,
    feedback,
    following,
    registry_index,
    sending,
    tasks,
    ticks,
    unreached,
    watching,
)
from dijkwacht.rooms.notification.errors import NotAllowed, WrongState
from dijkwacht.rooms.notification.models import Batch, Call, Event, FeedSilence, Finding, Notice, NoticeItem
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry.models import Contact, Mandate


@pytest.fixture
def centre(db, settings, tmp_path):
    settings.HOME = tmp_path
    settings.COURSES_FOLDER = tmp_path / "courses"
    settings.WATCHED_FOLDER = tmp_path / "inbox"
    watching._seen.clear()
    with tenancy.acting(world.TEST):
        yield


@pytest.fixture
def bakery(centre):
    return world.organisation()


def sent(notice: Notice) -> Message:
    sending.send([notice])
    return Message.objects.get(reference=f"notice:{notice.id}")


def ago(**span) -> object:
    return timezone.now() - timedelta(**span)


# --- arrives, or comes back -------------------------------------------------------------------------------------------


def test_a_delivered_mail_delivers_the_notice(bakery):
    notice = world.notice(bakery, world.finding(bakery))
    events.delivered.send(sender=Message, message=sent(notice), reason="")
    notice.refresh_from_db()
    assert notice.state == "delivered"
    assert notice.delivered_at


def test_a_bounce_marks_the_contact_and_tells_the_next_one_once(bakery):
    second = Contact.objects.create(organisation=bakery, email="it@korst.example", order=1)
    notice = world.notice(bakery, world.finding(bakery))
    message = sent(notice)
    for _ in range(2):
        events.bounced.send(sender=Message, message=message, reason="550 no such\r\nuser")
    notice.refresh_from_db()
    assert notice.state == "bounced"
    first = bakery.contacts.exclude(pk=second.pk).get()
    assert (first.status, first.status_reason) == ("bouncing", "550 no such  user")
    replaced = Notice.objects.get(replaces=notice)
    assert (replaced.contact_id, replaced.state) == (second.id, "queued")
    assert NoticeItem.objects.filter(notice=replaced).count() == 1


def test_a_bounce_of_an_address_that_was_replaced_since_does_not_mark_the_contact(bakery):
    notice = world.notice(bakery, world.finding(bakery))
    message = sent(notice)
    Contact.objects.update(email="new@korst.example")
    events.bounced.send(sender=Message, message=message, reason="550")
    assert Contact.objects.get().status == "working"


def test_without_another_contact_the_relay_is_told_when_the_law_allows_it(bakery):
    relay = world.organisation("Schakel", mail="cert@schakel.example")
    Mandate.objects.create(
        relay=relay,
        member=bakery,
        confidentiality=True,
        mandatory=True,
        informations=["victim", "target", "vulnerability"],
    )
    notice = world.notice(bakery, world.finding(bakery))
    events.bounced.send(sender=Message, message=sent(notice), reason="550")
    replaced = Notice.objects.get(replaces=notice)
    assert (replaced.organisation_id, replaced.route) == (relay.id, "relay")
    assert NoticeItem.objects.get(notice=replaced).decision.route == "relay"
    assert not Call.objects.exists()


def test_a_withdrawn_relay_gets_nothing_and_somebody_calls(bakery):
    relay = world.organisation("Schakel", mail="cert@schakel.example")
    Mandate.objects.create(
        relay=relay,
        member=bakery,
        confidentiality=True,
        mandatory=True,
        status="withdrawn",
        informations=["vulnerability"],
    )
    notice = world.notice(bakery, world.finding(bakery))
    events.failed_permanently.send(sender=Message, message=sent(notice), reason="gave up")
    notice.refresh_from_db()
    assert notice.state == "failed"
    assert not Notice.objects.filter(replaces=notice).exists()
    assert Call.objects.get().why == "unreached"


def test_an_address_that_is_none_is_treated_as_a_bounce_and_the_others_go(bakery):
    other = world.organisation("Slagerij", mail="it@slager.example")
    broken = world.notice(bakery, world.finding(bakery))
    good = world.notice(other, world.finding(other))
    Contact.objects.filter(organisation=bakery).update(email="not an address")
    sending.send([broken, good])
    assert Message.objects.get().recipient == "it@slager.example"
    broken.refresh_from_db()
    assert broken.state == "failed"
    assert Call.objects.get().notice_id == broken.id


def test_the_message_of_another_room_is_none_of_ours(centre):
    message = Message(reference="account:1", recipient="x@y.example")
    events.bounced.send(sender=Message, message=message, reason="550")


@pytest.mark.parametrize(
    ("values", "waits"),
    [
        ({"severity": 3}, True),
        ({"severity": 4}, False),
        ({"severity": 0, "kind": "ransomware-victim"}, False),
    ],
)
def test_quiet_hours_hold_a_mail_back_unless_it_is_critical_or_urgent(bakery, values, waits):
    now = timezone.localtime()
    Contact.objects.update(quiet_from=(now - timedelta(hours=1)).time(), quiet_to=(now + timedelta(hours=1)).time())
    message = sent(world.notice(bakery, world.finding(bakery, **values)))
    assert (message.next_attempt_at > timezone.now() + timedelta(minutes=5)) is waits


# --- digests ----------------------------------------------------------------------------------------------------------


def test_a_digest_leaves_when_its_hour_has_come(bakery):
    later = world.notice(bakery, world.finding(bakery), state="collecting", due_at=timezone.now() + timedelta(hours=1))
    due = world.notice(
        bakery, world.finding(bakery, "192.0.2.8"), state="collecting", due_at=ago(minutes=5), outcome="digest"
    )
    assert dispatching.dispatch_due() == 1
    later.refresh_from_db()
    due.refresh_from_db()
    assert (later.state, due.state) == ("collecting", "queued")
    assert Message.objects.get().reference == f"notice:{due.id}"
    assert Event.objects.get(finding__address="192.0.2.8").outcome == "told"
    assert dispatching.dispatch_due() == 0


def test_a_digest_of_a_contact_that_stopped_working_goes_to_the_next(bakery):
    due = world.notice(bakery, world.finding(bakery), state="collecting", due_at=ago(minutes=5))
    Contact.objects.update(status="bouncing")
    Contact.objects.create(organisation=bakery, email="it@korst.example", order=1)
    dispatching.dispatch_due()
    assert Notice.objects.get(replaces=due).state == "queued"
    assert Message.objects.get().recipient == "it@korst.example"


def test_the_ticks_ask_for_work_once_however_often_they_come(bakery):
    def jobs() -> list[str]:
        return sorted(ProcrastinateJob.objects.filter(queue_name="notices").values_list("task_name", flat=True))

    ticks.dispatch()
    assert jobs() == []
    world.notice(bakery, world.finding(bakery), state="collecting", due_at=ago(minutes=5))
    for tick in (ticks.dispatch, ticks.let_go, ticks.escalate, ticks.listen, ticks.take_files) * 2:
        tick()
    assert jobs() == ["notification.dispatch", "notification.let_go"]


def test_the_index_of_a_changed_registry_is_built_by_a_job_that_is_asked_for_once(bakery):
    waiting = ProcrastinateJob.objects.filter(task_name="notification.build_index")
    ticks.build_index()
    ticks.build_index()
    assert waiting.get().queue_name == "ingest"
    assert not registry_index.built()
    assert tasks.build_index() == registry_index.current().registry.height
    waiting.all().delete()
    ticks.build_index()
    assert not waiting.exists()


# --- the calling list -------------------------------------------------------------------------------------------------


def critical(bakery, hours=5, **values):
    return world.notice(bakery, world.finding(bakery, severity=4, **values), created_at=ago(hours=hours))


def test_a_critical_finding_nobody_acknowledged_is_called_about_once(bakery):
    notice = critical(bakery)
    assert following.escalate() == 1
    assert following.escalate() == 0
    call = Call.objects.get()
    assert (call.notice_id, call.organisation_id, call.findings, call.why) == (notice.id, bakery.id, 1, "unanswered")


@pytest.mark.parametrize("state", ["acknowledged", "resolved", "gone", "disputed"])
def test_an_answered_finding_is_not_called_about(bakery, state):
    critical(bakery, state=state)
    assert following.escalate() == 0


def test_it_is_not_called_about_too_early_nor_for_what_is_not_critical(bakery):
    critical(bakery, hours=3)
    world.notice(bakery, world.finding(bakery, "192.0.2.8", severity=3), created_at=ago(hours=9))
    assert following.escalate() == 0


def test_an_urgent_kind_is_called_about_whatever_its_severity(bakery):
    found = world.finding(bakery, kind="ransomware-victim", severity=0)
    world.notice(bakery, found, created_at=ago(hours=5))
    assert following.escalate() == 1


def test_a_relay_is_not_called_about_what_its_member_was_told(bakery):
    relay = world.organisation("Schakel", mail="cert@schakel.example")
    found = world.finding(bakery, severity=4)
    world.notice(bakery, found, created_at=ago(hours=5))
    world.notice(relay, found, route="relay", created_at=ago(hours=5))
    assert following.escalate() == 1
    assert Call.objects.get().organisation_id == bakery.id


def test_an_answer_takes_the_call_off_the_list(bakery):
    notice = critical(bakery)
    following.escalate()
    feedback.give_feedback(actor=world.member(bakery), notice=notice.id, answer="working", findings=[], comment="")
    assert Call.objects.get().result == "answered"


def test_an_officer_writes_down_what_came_of_a_call(bakery):
    critical(bakery)
    following.escalate()
    call = Call.objects.get()
    with pytest.raises(NotAllowed):
        following.record_call(actor=world.member(bakery), call=call.id, result="x")
    following.record_call(actor=world.officer(), call=call.id, result="spoke to the baker", acknowledged=True)
    call.refresh_from_db()
    assert (call.done_by, call.result) == ("person:ada", "spoke to the baker")
    assert Finding.objects.get().state == "acknowledged"
    assert Audited.objects.filter(action="notification:call:record").exists()
    with pytest.raises(WrongState):
        following.record_call(actor=world.officer(), call=call.id, result="again")


# --- organisations without a contact ----------------------------------------------------------------------------------


@pytest.fixture
def speechless(centre):
    """An organisation with a critical finding and nobody to send it to, as a run of its batch leaves it."""
    made = world.organisation("Zonder", mail="")
    found = world.finding(made, severity=4)
    came_in = world.batch()
    Event.objects.create(
        finding=found, organisation_id=made.id, batch_id=came_in.id, actor="test", to_state="open", severity=4,
        version=found.version, reason="new", outcome="pending",
    )  # fmt: skip
    assert composing.compose(came_in.id) == 0
    return made


def test_an_organisation_without_any_contact_is_called_about_what_is_critical_once(speechless):
    assert following.escalate() == 1
    assert following.escalate() == 0
    call = Call.objects.get()
    assert (call.notice_id, call.organisation_id, call.findings, call.why) == (None, speechless.id, 1, "unreached")
    following.record_call(actor=world.officer(), call=call.id, result="spoke to the desk", acknowledged=True)
    assert Finding.objects.get().state == "acknowledged"
    assert following.escalate() == 0


def test_it_is_not_called_about_what_is_not_critical(speechless):
    Finding.objects.update(severity=3)
    assert following.escalate() == 0


def test_it_is_not_called_about_what_the_law_would_not_tell_it_either(speechless):
    Finding.objects.update(how="network-owner")  # it holds the network; what is in it is somebody else's
    assert following.escalate() == 0


def test_who_gets_a_contact_is_told_what_waited(speechless):
    registry.add_contact(actor=world.officer(), organisation=speechless.id, email="nu@zonder.example")
    job = ProcrastinateJob.objects.get(task_name="notification.tell_waiting")
    assert job.args == {"organisations": [str(speechless.id)]}
    assert unreached.tell_waiting([speechless.id]) == 1
    assert unreached.tell_waiting([speechless.id]) == 0
    assert Notice.objects.get().organisation_id == speechless.id
    assert Event.objects.get().outcome == "told"


def test_a_contact_of_somebody_who_missed_nothing_asks_for_no_job(bakery):
    registry.add_contact(actor=world.officer(), organisation=bakery.id, email="nu@korst.example")
    assert not ProcrastinateJob.objects.filter(task_name="notification.tell_waiting").exists()


# --- time -------------------------------------------------------------------------------------------------------------


def test_what_is_not_seen_any_more_is_gone_with_a_reason(bakery):
    gone = world.finding(bakery, last_seen=ago(days=15), state="acknowledged")
    seen = world.finding(bakery, "192.0.2.8", last_seen=ago(days=13))
    disputed = world.finding(bakery, "192.0.2.9", last_seen=ago(days=15), state="disputed")
    assert ageing.let_go() == 1
    assert [Finding.objects.get(pk=row.pk).state for row in (gone, seen, disputed)] == ["gone", "open", "disputed"]
    event = Event.objects.get()
    assert (event.from_state, event.to_state, event.reason) == ("acknowledged", "gone", "not seen for 14 days")


def test_a_silent_feed_raises_one_alarm_until_it_speaks_again(centre):
    world.batch(feed="shadowserver", received_at=ago(hours=40))
    assert ageing.listen() == ["shadowserver"]
    assert ageing.listen() == []
    assert Audited.objects.filter(action="notification:feed:silent").count() == 1
    world.batch(feed="shadowserver")
    assert ageing.listen() == []
    assert FeedSilence.objects.get().ended_at is not None


# --- the watched folder -----------------------------------------------------------------------------------------------


def put(settings, name: str, content: bytes = b"x\n"):
    path = settings.WATCHED_FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_file_is_taken_once_it_lies_still(settings, centre):
    path = put(settings, "2026-11-21-scan_http-nl.csv")
    assert watching.take_files(now=100) == 0
    path.write_bytes(b"more\n")
    os.utime(path, ns=(1, 1))
    assert watching.take_files(now=103) == 0
    assert watching.take_files(now=104) == 0
    assert watching.take_files(now=105) == 1
    batch = Batch.objects.get()
    assert (batch.channel, batch.filename, batch.received_by) == ("folder", path.name, "system:notification:folder")
    assert not path.exists()
    assert (settings.WATCHED_FOLDER / ".done" / path.name).read_bytes() == b"more\n"


def test_a_refused_file_stands_aside_with_the_reason(settings, centre):
    put(settings, "empty.csv", b"")
    watching.take_files(now=1)
    assert watching.take_files(now=4) == 0
    assert (settings.WATCHED_FOLDER / ".refused" / "empty.csv").exists()
    reason = (settings.WATCHED_FOLDER / ".refused" / "empty.csv.txt").read_text()
    assert "leeg" in reason
    assert "empty" in reason


def test_hidden_files_links_and_unknown_folders_are_left_alone(settings, centre, tmp_path):
    put(settings, ".half")
    put(settings, "unknown-feed/x.csv")
    (tmp_path / "secret").write_text("x")
    (settings.WATCHED_FOLDER / "link.csv").symlink_to(tmp_path / "secret")
    watching.take_files(now=1)
    assert watching.take_files(now=9) == 0
    assert not Batch.objects.exists()


def test_a_folder_named_after_a_feed_says_which_feed_it_is(settings, centre):
    put(settings, "list-ip/anything.txt", b"192.0.2.7\n")
    watching.take_files(now=1)
    assert watching.take_files(now=9) == 1
    assert Batch.objects.get().feed == "list-ip"


def test_a_second_file_of_the_same_name_overwrites_nothing(settings, centre):
    for content in (b"a\n", b"b\n"):
        put(settings, "x.csv", content)
        watching.take_files(now=1)
        watching.take_files(now=9)
    kept = [path.read_bytes() for path in (settings.WATCHED_FOLDER / ".done").iterdir()]
    assert sorted(kept) == [b"a\n", b"b\n"]
