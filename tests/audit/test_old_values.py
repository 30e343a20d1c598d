"""Values about people in the log go with their term: as long as a message for its recipient, else the longest term."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, Kind, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.errors import NotAllowed
from dijkwacht.platform.audit import actions
from dijkwacht.platform.audit.models import Event, Personal
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.outbox import actions as outbox
from dijkwacht.platform.outbox.models import Channel
from dijkwacht.rooms.registry.actions import forecast_retention
from dijkwacht.rooms.registry.keeping import beside
from dijkwacht.rooms.registry.keeping.models import Forecast

pytestmark = pytest.mark.django_db
JOB = system("registry:retention")
BOTH = ["email", "recipient"]


@pytest.fixture
def written():
    """A message that was enqueued, and an account that was invited."""
    with tenancy.acting(JOB):
        outbox.enqueue(
            actor=JOB,
            channel=Channel.SMS,
            organisation=None,
            recipient="+31612345678",
            payload=b"look",
            dedupe_key="old",
        )
        record(actor=JOB, action="accounts:user:invite", target=("user", "x"), personal={"email": "a@b.example"})


def names():
    with tenancy.acting(JOB):
        return sorted(Personal.objects.values_list("name", flat=True))


def after(days):
    return actions.erase_old(actor=JOB, now=timezone.now() + timedelta(days=days))


def test_the_recipient_goes_with_its_message_and_the_rest_at_the_longest_term(written):
    assert (after(730), names()) == (0, BOTH)
    assert (after(732), names()) == (1, ["email"])
    assert (after(1826), names()) == (0, ["email"])
    assert (after(1828), names()) == (1, [])
    with tenancy.acting(JOB):
        kept = {event.action: event.detail for event in Event.objects.all()}
        assert kept["outbox:message:enqueue"]["personal"]["recipient"].startswith("sha256:")
        assert kept["audit:personal:erase-old"] == {"erased": 1}


def test_many_go_some_at_a_time(written, monkeypatch):
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    assert (after(1828), names()) == (2, [])


def test_only_a_job_or_an_administrator_erases(written):
    with pytest.raises(NotAllowed):
        actions.erase_old(actor=Actor(kind=Kind.PERSON, id="00000000-0000-4000-8000-000000000002"))
    assert names() == BOTH


def test_the_forecast_counts_messages_and_the_log_by_the_terms_that_the_platform_holds(written):
    kept = {"outbox-message": outbox.KEPT, "audit-recipient": actions.KEPT_SHORT, "audit-personal": actions.KEPT}
    assert {term["code"]: term["months"] for term in beside.terms()} == {
        code: round(days / timedelta(days=30.4375)) for code, days in kept.items()
    }
    with tenancy.acting(JOB), connection.cursor() as cursor:
        cursor.execute("update outbox_message set state = 'sent', created_at = now() - interval '700 days'")
    forecast_retention(actor=JOB)
    with tenancy.acting(JOB):
        rows = {row.code: row for row in Forecast.objects.filter(code__in=beside.PLACES)}
    assert (rows["outbox-message"].over, rows["outbox-message"].month + rows["outbox-message"].quarter) == (0, 1)
    assert rows["audit-recipient"].later == 1
    assert rows["audit-personal"].later >= 1
