"""Who carries out a measure, and what was noted of it before, goes after its term; the plan stays."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.registry.people import OFFICER, member

from dijkwacht.platform import tenancy
from dijkwacht.rooms.knowledge.planning import actions
from dijkwacht.rooms.knowledge.planning.actions import Decided
from dijkwacht.rooms.knowledge.planning.models import Change, Item
from dijkwacht.rooms.registry.actions.retention import forget_due

pytestmark = pytest.mark.django_db


def test_names_in_a_plan_go_and_the_history_of_the_register_is_another_table(bakery):
    with tenancy.acting(member(bakery)) as actor:
        what = Decided(status="doing", owner="Jan de Bakker", note="Belt de leverancier")
        actions.decide(actor=actor, organisation=bakery, measure="use-mfa", version=0, what=what)
    with tenancy.acting(OFFICER):
        forget_due(actor=OFFICER, now=timezone.now() + timedelta(days=31 * 25))
        row = Change.objects.get()
        assert (row.owner, row.note, row.by, row.status) == ("", "", "", "doing")
        assert Item.objects.get().owner == "Jan de Bakker"
        forget_due(actor=OFFICER, now=timezone.now() + timedelta(days=31 * 61))
        assert (Item.objects.get().owner, Item.objects.get().status) == ("", "doing")
