"""Out of hours: who is called, in which order, by mail, webhook and text; a real SMTP server and real HTTP servers."""

import http.server
import json
import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from tests.accounts.people import person
from tests.outbox.conftest import sender, server
from tests.outbox.test_webhook import Receiver, authority, receiver

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox.models import Message, State
from dijkwacht.rooms.reporting import ticks
from dijkwacht.rooms.reporting.actions import act_on_moments, close_incident, send_message
from dijkwacht.rooms.reporting.errors import AlreadyDone, NotAllowed
from dijkwacht.rooms.reporting.models import DueMoment
from dijkwacht.rooms.reporting.oncall import actions, reads, rules
from dijkwacht.rooms.reporting.oncall.errors import FileNotUsable
from dijkwacht.rooms.reporting.oncall.models import Alarm, Call, Cause, Shift
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import OFFICER, file, member, organisation

pytestmark = pytest.mark.django_db
__all__ = ["authority", "receiver", "sender", "server"]  # fixtures of the outbox's own tests


def hours(number: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=number)).isoformat(timespec="seconds")


def shift(name: str, begins: float, ends: float, **ways: str) -> Shift:
    values = {"name": name, "from": hours(begins), "to": hours(ends), **(ways or {"mail": f"{name}@centre.example"})}
    with tenancy.acting(OFFICER):
        return actions.keep_shift(actor=OFFICER, values=values)


@pytest.fixture
def away(settings):
    """Nobody sits at the desk, whatever the time of this test is; the last resort is known."""
    settings.OFFICE_HOURS = "03:00-03:01" if timezone.localtime().hour != 3 else "05:00-05:01"
    settings.DUTY_MAIL = ["last@centre.example"]


@pytest.fixture
def schedule(away):
    shift("dina", -1, 8)
    shift("omar", 8, 16)
    shift("ans", 30, 40)


def reported():
    whose = organisation()
    return file(member(whose.id), whose.id).incident


def moments(later=0.0):
    with tenancy.acting(CLERK):
        return act_on_moments(actor=CLERK, now=timezone.now() + timedelta(hours=later))


def alarms(minutes):
    with tenancy.acting(CLERK):
        return actions.act_on_alarms(actor=CLERK, now=timezone.now() + timedelta(minutes=minutes))


def called():
    with tenancy.acting(CLERK):
        return list(Message.objects.filter(reference__startswith="duty:").order_by("created_at", "recipient"))


def texts(messages):
    return "\n".join(bytes(one.body).decode() for one in messages)


def link_in(message) -> str:
    return re.search(r"/duty/[\w:.-]+", bytes(message.body).decode().replace("=\r\n", ""))[0]


def test_an_early_warning_out_of_hours_calls_whoever_is_on_duty_then_the_next_then_everybody(schedule):
    incident = reported()
    assert called() == []
    moments()
    assert [one.recipient for one in called()] == ["dina@centre.example"]
    assert alarms(14) == 0
    assert alarms(16) == 1
    assert [one.recipient for one in called()][1:] == ["omar@centre.example"]
    assert alarms(40) == 1
    assert {one.recipient for one in called()} == {f"{who}@centre.example" for who in ("dina", "omar", "ans", "last")}
    assert alarms(6000) == 0
    assert not [word for word in ("Pumps", incident.number, str(incident.id)) if word in texts(called())]


def test_in_office_hours_an_early_warning_calls_nobody(schedule, settings):
    settings.OFFICE_HOURS = ""
    reported()
    moments()
    assert called() == []


def test_a_scheduler_that_was_down_for_five_hours_calls_each_once_for_all_that_waited(schedule):
    first, second = reported(), reported_too()
    moments(later=5)
    ticks.act()
    ticks.call_next()
    assert [one.recipient for one in called()] == ["dina@centre.example"]
    with tenancy.acting(CLERK):
        assert Alarm.objects.count() == 1
        causes = set(Cause.objects.values_list("incident_id", "purpose"))
        assert causes == {(first.id, "arrived"), (second.id, "arrived")}
        assert not DueMoment.objects.filter(purpose__in=["arrived", "escalate"], claimed_at=None).exists()


def reported_too():
    whose = organisation("Waterschap Oost")
    return file(member(whose.id), whose.id).incident


def test_a_term_of_the_centre_that_is_missed_calls_although_the_first_alarm_was_taken(schedule):
    reported()
    moments()
    with tenancy.acting(OFFICER):
        actions.acknowledge(actor=OFFICER, alarm=reads.open_alarms(OFFICER).get().id)
    assert alarms(60) == 0
    moments(later=25)  # the 24 hours of Cbw 36 are over
    with tenancy.acting(CLERK):
        assert Alarm.objects.count() == 2
        assert Alarm.objects.get(acknowledged_at=None).causes.filter(purpose__in=["answer", "late"]).count() == 2


@pytest.mark.parametrize("how", ["answered", "closed"])
def test_what_was_done_meanwhile_calls_nobody_more(schedule, how):
    incident = reported()
    moments()
    with tenancy.acting(OFFICER):
        if how == "answered":
            send_message(actor=OFFICER, incident=incident.id, text="We look at it.")
        else:
            close_incident(actor=OFFICER, incident=incident.id, reason="False alarm")
    before = len(called())
    assert alarms(16) == 1
    assert len(called()) == before
    with tenancy.acting(CLERK):
        assert Alarm.objects.get().met_at is not None


def test_when_nobody_is_on_duty_the_next_and_the_last_resort_are_called_at_once(away):
    shift("omar", 2, 10)
    reported()
    moments()
    assert {one.recipient for one in called()} == {"omar@centre.example", "last@centre.example"}


def test_without_a_schedule_the_last_resort_hears_of_it_as_before(away, mailoutbox):
    reported()
    mailoutbox.clear()
    moments(later=1)
    assert [mail.to for mail in mailoutbox] == [["last@centre.example"]]
    with tenancy.acting(CLERK):
        assert not Alarm.objects.exists()


def test_two_shifts_of_one_person_make_one_call(away):
    shift("dina", -1, 8)
    shift("Dina", -1, 9)
    reported()
    moments()
    assert len(called()) == 1


class Gateway(http.server.BaseHTTPRequestHandler):
    """A gateway that takes every text."""

    seen: list = []

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.seen.append((self.path, self.headers["Authorization"], self.headers["Idempotency-Key"], body))
        self.send_response(202)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def gateway(settings):
    at = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    thread = threading.Thread(target=at.serve_forever)
    thread.start()
    Gateway.seen.clear()
    settings.WEBHOOK_ALLOW = [*settings.WEBHOOK_ALLOW, f"127.0.0.1:{at.server_port}"]
    settings.SMS_URL, settings.SMS_TOKEN = f"http://127.0.0.1:{at.server_port}/send", "secret"
    yield Gateway.seen
    at.shutdown()
    thread.join()
    at.server_close()


def test_a_call_leaves_by_mail_by_signed_webhook_and_by_text_and_each_once(away, receiver, gateway, server, sender):
    shift("dina", -1, 8, mail="dina@centre.example", sms="+31 6 12345678", webhook=f"{receiver}/200")
    reported()
    moments()
    sender.drain()
    sender.drain()
    ours = [one for one in server.accepted if one.rcpt_tos == ["dina@centre.example"]]
    [(_path, headers, body)] = Receiver.seen
    [(path, authorization, key, text)] = gateway
    assert (len(ours), path, authorization) == (1, "/send", "Bearer secret")
    assert text["to"] == "+31612345678"
    assert key == text["reference"]
    assert headers["webhook-signature"].startswith("v1,")
    assert json.loads(body)["type"] == "duty.alarm"
    assert {one.state for one in called()} == {State.SENT}
    assert len(text["text"]) < 250
    assert "Pumps" not in ours[0].content.decode() + body.decode() + text["text"]


def test_without_a_gateway_a_text_fails_visibly_and_the_mail_goes(away, server, sender):
    shift("dina", -1, 8, mail="dina@centre.example", sms="+31612345678")
    reported()
    moments()
    sender.drain()
    states = {one.channel: one for one in called()}
    assert states["mail"].state == State.SENT
    assert states["sms"].state == State.FAILED
    assert "DIJKWACHT_SMS_URL" in states["sms"].last_error


def test_a_gateway_that_is_not_public_is_not_connected_to(away, gateway, server, sender, settings):
    settings.WEBHOOK_ALLOW = []
    settings.SMS_URL = "https://127.0.0.1/send"
    shift("dina", -1, 8, sms="+31612345678")
    reported()
    moments()
    sender.drain()
    assert (called()[0].state, gateway) == (State.FAILED, [])


def test_the_link_shows_nothing_of_the_incident_and_takes_the_alarm_with_a_post_once(schedule, client):
    incident = reported()
    moments()
    address = link_in(called()[0])
    page = client.get(address)
    assert page.status_code == 200
    assert b"dina" in page.content
    assert not [word for word in ("Pumps", incident.number, str(incident.id)) if word in page.content.decode()]
    with tenancy.acting(CLERK):
        assert Alarm.objects.get().acknowledged_at is None
    assert client.post(address).status_code == 302
    with tenancy.acting(CLERK):
        assert Alarm.objects.get().acknowledged_by == "dina"
    assert alarms(60) == 0
    with pytest.raises(AlreadyDone), tenancy.acting(CLERK):
        actions.acknowledge_by_link(actor=CLERK, link=address.rpartition("/")[2])
    assert client.get("/duty/another").status_code == 404
    assert client.get(address + "x").status_code == 404


def test_an_officer_keeps_the_schedule_on_the_page_and_takes_an_alarm_there(client, away):
    client.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER]))
    assert "geen rooster" in client.get("/incidents/duty", headers={"Accept-Language": "nl"}).content.decode()
    bad = client.post("/incidents/duty", {"name": "Dina", "from": "2026-11-27T17:30", "to": "2026-11-27T08:30"})
    assert (bad.status_code, b"Dina" in bad.content) == (422, True)
    good = {"name": "Dina", "from": hours(-1), "to": hours(9), "mail": "dina@centre.example"}
    assert client.post("/incidents/duty", good).status_code == 302
    assert client.post("/incidents/duty", good).status_code == 409
    reported()
    moments()
    assert b"/incidents/duty" in client.get("/incidents").content
    with tenancy.acting(CLERK):
        row = Alarm.objects.get()
    assert client.post(f"/incidents/duty/alarms/{row.id}/acknowledge").status_code == 302
    with tenancy.acting(CLERK):
        assert Alarm.objects.get().acknowledged_at
        (one,) = Shift.objects.all()
    assert client.post(f"/incidents/duty/shifts/{one.id}/remove").status_code == 302
    with tenancy.acting(CLERK):
        assert not Shift.objects.exists()


FILE = """name;from;to;mail;sms
Dina;2030-11-27T17:30;2030-11-28T08:30;dina@centre.example;
Omar;2030-11-28T17:30;2030-11-29T08:30;;+31 6 12345678
"""


def test_a_file_is_taken_in_whole_and_twice_is_once():
    with tenancy.acting(OFFICER):
        assert actions.import_shifts(actor=OFFICER, content=FILE.encode()) == (2, 0)
        assert actions.import_shifts(actor=OFFICER, content=FILE.encode()) == (0, 2)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "columns"),
        (b"\xff\xfe", "CSV"),
        (b"name,from\nx,y\n", "columns"),
        (FILE.replace("28T08:30;dina", "28T08:61;dina").encode(), "line 2"),
        (FILE.replace("+31 6 12345678", "").encode(), "line 3"),
        (FILE.replace("dina@centre.example", "a b@c").encode(), "mail"),
        (FILE.replace("2030-11-28T08", "2031-11-28T08").encode(), "14 days"),
        (b"name,from,to\n", "no shifts"),
    ],
    ids=["empty", "no-text", "lacks", "time", "no-way", "address", "long", "none"],
)
def test_a_file_with_something_wrong_changes_nothing_and_says_where(content, said):
    with tenancy.acting(OFFICER):
        with pytest.raises(FileNotUsable) as refused:
            actions.import_shifts(actor=OFFICER, content=content)
        assert said in refused.value.text("en")
        assert not Shift.objects.exists()


def test_nobody_else_reads_or_keeps_the_schedule():
    stranger = member(organisation().id)
    with pytest.raises(NotAllowed), tenancy.acting(stranger):
        actions.keep_shift(actor=stranger, values={})
    shift("dina", -1, 8)
    with tenancy.acting(stranger):
        assert (Shift.objects.count(), Alarm.objects.count(), Call.objects.count()) == (0, 0, 0)


class Turn:
    def __init__(self, name, begins, ends):
        self.name, self.starts_at, self.ends_at = name, at(begins), at(ends)


def at(hour):
    return datetime(2026, 11, 27, tzinfo=UTC) + timedelta(hours=hour)


def test_gaps_are_what_no_shift_covers():
    shifts = [Turn("a", 2, 6), Turn("b", 4, 5), Turn("c", 8, 12), Turn("d", 20, 30)]
    assert rules.gaps(shifts, at(0), at(24)) == [(at(0), at(2)), (at(6), at(8)), (at(12), at(20))]
    assert rules.gaps([], at(0), at(1)) == [(at(0), at(1))]
    assert rules.gaps([Turn("a", -1, 9)], at(0), at(9)) == []


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        ("2026-11-27T08:29:59+01:00", False),
        ("2026-11-27T08:30:00+01:00", True),
        ("2026-11-27T17:30:00+01:00", False),
        ("2026-11-28T12:00:00+01:00", False),  # Saturday
        ("2026-12-25T12:00:00+01:00", False),
        ("2026-07-01T06:45:00+00:00", True),
    ],
)
def test_the_office_is_open_on_working_days_by_the_clock_of_the_centre(moment, open_):
    assert rules.office("08:30-17:30").is_open(datetime.fromisoformat(moment)) is open_


@pytest.mark.parametrize("text", ["9-5", "17:30-08:30", "08:30-08:30", "24:00-25:00"])
def test_office_hours_that_nobody_can_read_are_refused_at_the_start(text):
    with pytest.raises(ValueError, match="office"):
        rules.office(text)


def test_an_hour_that_summer_time_leaves_out_is_refused_and_one_that_comes_twice_is_the_first():
    with pytest.raises(ValueError, match="summer"):
        rules.read_time("2026-03-29T02:30")
    assert rules.read_time("2026-10-25T02:30").astimezone(UTC).hour == 0
