"""The storm brake: what it holds, and who lets go."""

import pytest
from tests.notification import world

from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event as Audited
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.notification import dispatching, releasing
from dijkwacht.rooms.notification.errors import NotAllowed, NotFound, WrongState
from dijkwacht.rooms.notification.models import Event, Notice


@pytest.fixture
def centre(db, settings, tmp_path):
    settings.HOME = tmp_path
    settings.COURSES_FOLDER = tmp_path / "courses"
    with tenancy.acting(world.TEST):
        yield


@pytest.fixture
def held(centre):
    batch, notices = world.batch(), []
    for number in range(3):
        owner = world.organisation(f"org{number}", mail=f"it@org{number}.example")
        found = world.finding(owner, f"192.0.2.{number}")
        notices.append(world.notice(owner, found, batch=batch, state="held", held_because="many", outcome="held"))
    return notices


def test_an_officer_lets_one_notice_go(held):
    officer = world.officer()
    assert releasing.release(actor=officer, notices=[held[0].id], reason="checked") == 1
    assert dispatching.dispatch_due() == 1
    assert Message.objects.get().reference == f"notice:{held[0].id}"
    states = list(Notice.objects.order_by("organisation__name").values_list("state", "released_by"))
    assert states == [("queued", "person:ada"), ("held", ""), ("held", "")]
    assert sorted(Event.objects.values_list("outcome", flat=True)) == ["held", "held", "told"]
    row = Audited.objects.get(action="notification:notice:release")
    assert (row.actor_id, row.object_id, row.detail["reason"]) == ("person:ada", str(held[0].id), "checked")


def test_an_officer_lets_a_whole_batch_go(held):
    group = releasing.held_groups(world.officer()).get()
    assert (group["notices"], group["receivers"], group["told"], group["held_because"]) == (3, 3, 3, "many")
    assert releasing.release(actor=world.officer(), batch=group["batch_id"]) == 3
    assert dispatching.dispatch_due() == 3
    assert Message.objects.count() == 3


def test_cancelled_notices_never_leave(held):
    assert releasing.cancel(actor=world.officer(), notices=[row.id for row in held]) == 3
    assert dispatching.dispatch_due() == 0
    assert set(Event.objects.values_list("outcome", flat=True)) == {"cancelled"}
    with pytest.raises(WrongState):
        releasing.release(actor=world.officer(), notices=[held[0].id])


def test_only_an_officer_may_and_only_what_is_there(held):
    with pytest.raises(NotAllowed):
        releasing.release(actor=world.member(held[0].organisation), notices=[held[0].id])
    with pytest.raises(NotFound):
        releasing.cancel(actor=world.officer(), notices=[held[0].id, held[0].organisation_id])
    with pytest.raises(NotFound):
        releasing.release(actor=world.officer(), notices=[])


def test_the_same_text_is_held_past_its_ceiling_and_another_is_not(centre):
    owner = world.organisation()
    for number in range(2):
        world.notice(owner, world.finding(owner, f"192.0.2.{number}"))
    brake = releasing.TextBrake(ceiling=3)
    assert brake.pull(["scan-rdp"]) == ""
    assert "same text" in brake.pull(["scan-rdp"])
    assert brake.pull(["scan-http", "scan-rdp"]) == ""


def test_a_digest_past_the_ceiling_is_held_until_it_is_released(centre, monkeypatch):
    monkeypatch.setattr(dispatching, "TextBrake", lambda: releasing.TextBrake(ceiling=0))
    owner = world.organisation()
    due = world.notice(owner, world.finding(owner), state="collecting", due_at="2026-01-01T00:00:00Z", outcome="digest")
    dispatching.dispatch_due()
    due.refresh_from_db()
    assert due.state == "held"
    releasing.release(actor=world.officer(), notices=[due.id])
    dispatching.dispatch_due()
    due.refresh_from_db()
    assert due.state == "queued"
