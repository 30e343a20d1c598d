"""Workers that judge beside each other: only who spends of the machine's budget waits for who spends of it."""

import psycopg
import pytest
from django.db import OperationalError, connection
from tests.phishing import shield

from dijkwacht.platform import tenancy
from dijkwacht.rooms.phishing.deciding import actions, brakes


def judge(campaign):
    with tenancy.acting(shield.MACHINE):
        return actions.judge(actor=shield.MACHINE, campaign=campaign.id)


def test_only_who_spends_the_budget_waits_for_who_spends_it(own_database):
    with tenancy.acting(shield.MACHINE):
        asks, warns = shield.campaign(), shield.campaign(pages=True)
    with psycopg.connect(**connection.get_connection_params()) as somebody:
        somebody.execute("select pg_advisory_xact_lock(%s)", [brakes.LOCK])
        with connection.cursor() as cursor:
            cursor.execute("set lock_timeout = '1s'")
        assert judge(asks).route == "people"
        with pytest.raises(OperationalError, match="lock timeout"):
            judge(warns)
    assert judge(warns).route == "block"
