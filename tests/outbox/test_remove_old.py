"""Messages that ended are removed, with address and text, two years after they were written."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, Kind, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.platform.outbox import actions
from dijkwacht.platform.outbox.errors import NotAllowed
from dijkwacht.platform.outbox.models import Channel, Message, State

pytestmark = pytest.mark.django_db
JOB = system("test")
STATES = [(state, state in {State.NEW, State.DOUBT}) for state in State]


def message(state, **values):
    """A text message that got so far."""
    with tenancy.acting(JOB):
        row = actions.enqueue(
            actor=JOB,
            channel=Channel.SMS,
            organisation=None,
            recipient="+31612345678",
            payload=b"look",
            dedupe_key=f"old:{state}",
        )
        Message.objects.filter(id=row.id).update(state=state, **values)
    return row.id


def stands(identifier):
    with tenancy.acting(JOB):
        return Message.objects.filter(id=identifier).exists()


@pytest.mark.parametrize(("state", "stays"), STATES, ids=[str(state) for state, _stays in STATES])
def test_a_message_goes_after_two_years_unless_something_is_still_to_come_of_it(state, stays):
    made, now = message(state), timezone.now()
    assert actions.remove_old(actor=JOB, now=now + timedelta(days=730)) == 0
    assert stands(made)
    assert actions.remove_old(actor=JOB, now=now + timedelta(days=732)) == (0 if stays else 1)
    assert stands(made) is stays


def test_a_message_whose_end_the_rooms_have_not_heard_of_stays_and_the_log_has_counts_only():
    made, now = message(State.BOUNCED, announce=True), timezone.now()
    assert actions.remove_old(actor=JOB, now=now + timedelta(days=732)) == 0
    with tenancy.acting(JOB):
        Message.objects.update(announce=False)
    actions.remove_old(actor=JOB, now=now + timedelta(days=732))
    assert not stands(made)
    with tenancy.acting(JOB):
        assert Event.objects.get(action="outbox:message:remove-old").detail == {"rows": 1}


def test_nobody_else_removes_them():
    with pytest.raises(NotAllowed):
        actions.remove_old(actor=Actor(kind=Kind.PERSON, id="00000000-0000-4000-8000-000000000002"))
