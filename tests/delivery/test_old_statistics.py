"""A run costs what it concerns, also where the database's statistics are of before, as in a new system."""

import uuid

import pytest
from django.db import connection

from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.delivery import running

pytestmark = pytest.mark.django_db
VALUES = {"advisory": uuid.uuid4(), "version": 1, "lines": None, "named": None, "at": None}


def test_what_does_not_hold_any_more_is_never_found_by_a_loop_within_a_loop():
    values = VALUES | {name: [] for name in running.KEPT}
    plans = []

    def kept(execute, sql, params, many, context):
        if sql == running._END:
            execute(f"explain {sql}", params, many, context)
            plans.append("\n".join(row[0] for row in context["cursor"].fetchall()))
        return execute(sql, params, many, context)

    with tenancy.acting(running.RUNNER), connection.cursor() as cursor:
        with connection.execute_wrapper(kept):
            running._end(values)
        cursor.execute("show enable_nestloop")
        assert cursor.fetchone() == ("on",)  # for the others in the transaction
    assert len(plans) == 1
    assert "Hash" in plans[0] or "Merge" in plans[0]
    assert "Nested Loop" not in plans[0]
    assert "SubPlan" not in plans[0]
