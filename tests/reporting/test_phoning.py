"""An acknowledgement by telephone: noted by an officer, counted, shown with who said it, and in the log."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.accounts.people import MEMBER, person

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event, Personal
from dijkwacht.rooms.registry.errors import InvalidField
from dijkwacht.rooms.reporting import actions
from dijkwacht.rooms.reporting.errors import AlreadyDone, InvalidValue, NotAllowed, NotFound
from dijkwacht.rooms.reporting.judging.models import Handover
from dijkwacht.rooms.reporting.oncall import actions as oncall
from dijkwacht.rooms.reporting.oncall.models import Alarm
from dijkwacht.rooms.reporting.phoning import reads
from dijkwacht.rooms.reporting.phoning.actions import note_by_phone
from dijkwacht.rooms.reporting.phoning.models import PhoneNote
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import OFFICER, file, member, organisation
from .test_handling import hand_over, supervisor, voluntary
from .test_keeping_reports import forget, months
from .test_oncall import away, shift

pytestmark = pytest.mark.django_db
__all__ = ["away", "supervisor", "voluntary"]  # fixtures of other modules
SAID = {"name": "Ans de Wit", "phone": "+31 70 123 0099"}


@pytest.fixture
def whose():
    return organisation()


def waiting(incident):
    with tenancy.acting(OFFICER):
        return [one.key for one in reads.waiting(incident)]


def note(incident, subject, actor=OFFICER, **values):
    with tenancy.acting(actor):
        return note_by_phone(actor=actor, incident=incident.id, subject=subject, values={**SAID, **values})


def test_a_handover_acknowledged_by_telephone_counts_and_the_log_holds_no_name(voluntary, supervisor):
    made = hand_over(voluntary, supervisor[0])
    assert waiting(voluntary) == [f"handover:{made.id}"]
    kept = note(voluntary, f"handover:{made.id}")
    assert kept.who == {"name": "Ans de Wit", "phone": "+31701230099"}
    assert waiting(voluntary) == []
    with tenancy.acting(OFFICER):
        row = Handover.objects.get()
        assert (row.acknowledged_at, row.acknowledged_by) == (kept.spoken_at, OFFICER.id)
    with tenancy.acting(CLERK):
        event = Event.objects.get(action="reporting:phone:acknowledge")
        assert "Ans" not in str(event.detail)
        assert not Personal.objects.filter(event_id=event.id).exists()  # the note alone has it, for its own term
    with pytest.raises(AlreadyDone):
        note(voluntary, f"handover:{made.id}")
    with tenancy.acting(supervisor[1]), pytest.raises(AlreadyDone):
        actions.acknowledge_handover(actor=supervisor[1], handover=made.id)


def test_a_message_to_the_reporter_is_noted_once(whose):
    incident = file(member(whose.id), whose.id).incident
    with tenancy.acting(OFFICER):
        said = actions.send_message(actor=OFFICER, incident=incident.id, text="Unplug it")
    assert waiting(incident) == [f"message:{said.id}"]  # not the first answer, which a program gave
    note(incident, f"message:{said.id}")
    assert waiting(incident) == []
    with pytest.raises(AlreadyDone):
        note(incident, f"message:{said.id}")


def test_an_alarm_taken_by_telephone_calls_nobody_more(whose, away):
    shift("Piet", -1, 4)
    incident = file(member(whose.id), whose.id).incident
    with tenancy.acting(CLERK):
        alarm = oncall.raise_alarm(actor=CLERK, incident=incident, purpose="arrived", stage="x")
    note(incident, f"alarm:{alarm.id}", name="Piet")
    with tenancy.acting(CLERK):
        row = Alarm.objects.get(id=alarm.id)
        assert (row.acknowledged_by, row.next_at) == ("Piet", None)
        assert oncall.act_on_alarms(actor=CLERK, now=timezone.now() + timedelta(hours=3)) == 0


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"name": " "}, InvalidField),
        ({"phone": ""}, InvalidField),
        ({"phone": "call me"}, InvalidField),
        ({"spoken_at": "yesterday"}, InvalidValue),
        ({"spoken_at": "2020-01-01T10:00"}, InvalidValue),
        ({"spoken_at": "2999-01-01T10:00"}, InvalidValue),
    ],
    ids=["no-name", "no-number", "no-real-number", "no-moment", "before-it", "ahead"],
)
def test_what_is_incomplete_or_cannot_be_is_refused_and_nothing_counts(voluntary, supervisor, values, problem):
    made = hand_over(voluntary, supervisor[0])
    with pytest.raises(problem):
        note(voluntary, f"handover:{made.id}", **values)
    assert waiting(voluntary) == [f"handover:{made.id}"]


def test_only_an_officer_notes_and_only_what_is_of_that_incident(voluntary, supervisor, whose):
    made, other = hand_over(voluntary, supervisor[0]), file(member(whose.id), whose.id).incident
    for actor in (member(whose.id), supervisor[1]):
        with pytest.raises(NotAllowed):
            note(voluntary, f"handover:{made.id}", actor=actor)
    for subject in (f"handover:{made.id}", "handover:x", "", f"incident:{other.id}"):
        with pytest.raises(NotFound):
            note(other, subject)


def test_who_said_it_is_for_the_centre_and_goes_a_year_after_the_incident_was_closed(voluntary, supervisor, client):
    made = hand_over(voluntary, supervisor[0])
    note(voluntary, f"handover:{made.id}")
    with tenancy.acting(supervisor[1]):
        assert reads.notes_of(supervisor[1], voluntary) == []
        assert not PhoneNote.objects.exists()
    with tenancy.acting(OFFICER):
        actions.close_incident(actor=OFFICER, incident=voluntary.id, reason="Over")
    forget(**months(11))
    with tenancy.acting(OFFICER):
        assert PhoneNote.objects.get().who["name"] == "Ans de Wit"
    forget(**months(13))
    with tenancy.acting(OFFICER):
        assert PhoneNote.objects.get().who is None


def test_the_page_shows_what_waits_and_afterwards_who_said_it(voluntary, supervisor, client):
    made = hand_over(voluntary, supervisor[0])
    client.force_login(person("o@centre.example", centre=[CentreRole.OFFICER]))
    address = f"/incidents/{voluntary.id}/phoned"
    assert "Inspectie Toezicht" in client.get(address).content.decode()
    wrong = client.post(address, {"subject": f"handover:{made.id}", "name": "Ans <b>", "phone": "none"})
    assert (wrong.status_code, b"Ans &lt;b&gt;" in wrong.content) == (422, True)
    done = client.post(address, {"subject": f"handover:{made.id}", **SAID})
    assert done["Location"] == f"/incidents/{voluntary.id}"
    page = client.get(done["Location"]).content.decode()
    assert all(word in page for word in ("Ans de Wit", "+31701230099"))
    analyst = person("a@centre.example", centre=[CentreRole.ANALYST])
    client.force_login(analyst)
    assert client.get(address).status_code == 403
    client.force_login(person("n@a.example", organisations={supervisor[0].id: MEMBER}))
    assert client.get(address).status_code == 403
