"""Whoever left the register proves nothing any more: no later look gives it an asset back."""

import pytest
from tests.proof.conftest import claim
from tests.proof.steps import fresh, prove, publish, start
from tests.registry.people import OFFICER

from dijkwacht.platform import tenancy
from dijkwacht.rooms.proof import checking
from dijkwacht.rooms.registry import actions, reads

pytestmark = pytest.mark.django_db


def test_a_look_after_an_organisation_left_gives_nothing_back(organisation, names, way):
    proven, waiting = prove(claim(organisation), names, way), start(claim(organisation, "ander.nl"))
    assert fresh(proven.asset).status == "verified"
    with tenancy.acting(OFFICER):
        row = actions.ask_deregistration(
            actor=OFFICER, organisation=organisation.id, reason="sold", effective_on=reads.today()
        )
        assert actions.deregister_due(actor=OFFICER, deregistration=row.id)
    assert {fresh(one).state for one in (proven, waiting)} == {"withdrawn"}
    publish(names, proven)
    assert checking.check(proven.id, egress=way) is None
    assert fresh(proven.asset).status == "expired"
