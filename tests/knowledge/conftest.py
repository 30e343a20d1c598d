"""Organisations and people of the tests of knowledge."""

import pytest
from tests.registry.people import OFFICER

from dijkwacht.platform import tenancy
from dijkwacht.rooms.registry import actions as registry


@pytest.fixture
def bakery():
    with tenancy.acting(OFFICER):
        return registry.create_organisation(actor=OFFICER, name="Bakkerij Korst", sectors=["2.4"]).id


@pytest.fixture
def mill():
    with tenancy.acting(OFFICER):
        return registry.create_organisation(actor=OFFICER, name="Molen De Wiek", sectors=["2.4"]).id
