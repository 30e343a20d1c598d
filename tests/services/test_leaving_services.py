"""Who leaves the register gives no consent any more, to a scan of its network least of all."""

import pytest
from tests.registry.people import OFFICER, administrator
from tests.reporting.story import organisation

from dijkwacht.platform import tenancy
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry import reads
from dijkwacht.rooms.services import actions
from dijkwacht.rooms.services.errors import NotAllowed
from dijkwacht.rooms.services.models import Subscription

pytestmark = pytest.mark.django_db


def test_a_yes_ends_with_the_registration_and_stays_on_record():
    whose = organisation()
    given = {"product": "scan", "consent_version": 1, "consent_sha256": "0" * 64, "language": "nl", "given_by": "nora"}
    with tenancy.acting(OFFICER):
        Subscription.objects.create(organisation_id=whose.id, **given)
        row = registry.ask_deregistration(
            actor=OFFICER, organisation=whose.id, reason="ceased", effective_on=reads.today()
        )
        registry.deregister_due(actor=OFFICER, deregistration=row.id)
        (kept,) = Subscription.objects.filter(organisation_id=whose.id)
    assert kept.withdrawn_at is not None
    assert kept.withdrawn_by == "system:services:leaving"


def test_nobody_else_ends_all():
    whose = organisation()
    with tenancy.acting(administrator(whose.id)), pytest.raises(NotAllowed):
        actions.end_all(actor=administrator(whose.id), organisation=whose.id)
