"""What was told and answered goes 24 months after it ended; what is in use stays."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.delivery.shelf import go, runs
from tests.notification.world import TEST, member, organisation

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.delivery import actions, retention
from dijkwacht.rooms.advisories.delivery.models import Exposure, Match, Telling
from dijkwacht.rooms.advisories.inventory.models import Intake, Line
from dijkwacht.rooms.registry.actions.retention import forget_due

pytestmark = pytest.mark.django_db


def test_what_ended_goes_and_what_is_in_use_stays_without_names(shelf):
    with tenancy.acting(TEST):
        owner = organisation(channel="portal")
        runs(owner, "Fortinet; FortiOS; 7.2\nFortinet; FortiOS; 7.0")
        advisory, version = shelf.publish()
        go((advisory, version))
        runs(owner, "Fortinet; FortiOS; 7.2", replace=True)
    with tenancy.acting(member(owner)) as actor:
        for answer in ("working", "patched"):
            actions.answer(actor=actor, organisation=owner.id, advisory=advisory, answer=answer, note="Jan belde")
    assert retention.forget() == 0
    later = timezone.now() + retention.KEPT + timedelta(days=1)
    assert retention.forget(later) > 0
    assert retention.forget(later) == 0
    with tenancy.acting(system("registry:retention")) as actor:
        forget_due(actor=actor, now=later)
    with tenancy.acting(TEST):
        assert Line.objects.get().version == "7.2"
        assert Match.objects.get().ended_at is None
        assert not Telling.objects.exists()
        assert go((advisory, version)) == 0  # nobody is told again
        kept = Exposure.objects.get()
        assert (kept.answer, kept.note, kept.by) == ("patched", "", "")
        assert {Line.objects.get().added_by, Intake.objects.values_list("by", flat=True).first()} == {""}
