"""What one letter costs the database does not grow with the letters: no statement looks through all for each lot."""

import json

import pytest
from django.db import connection
from tests.delivery.shelf import runs
from tests.notification.world import TEST, organisation

from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.advisories.delivery import concerning, dispatching, running, telling
from dijkwacht.rooms.advisories.inventory.models import Line

pytestmark = pytest.mark.django_db
MANY = 400
LOT = 20
# The same organisation, contact and line, many times over.
COPIES = """
create temporary table copied on commit drop as
select gen_random_uuid() as id, n from generate_series(1, %(many)s - 1) n;
insert into registry_organisation select (jsonb_populate_record(o, jsonb_build_object('id', c.id))).*
from registry_organisation o, copied c where o.id = %(organisation)s;
insert into registry_contact select (jsonb_populate_record(k, jsonb_build_object('id', gen_random_uuid(),
    'organisation_id', c.id, 'email', 'ciso@b' || c.n || '.example'))).*
from registry_contact k, copied c where k.organisation_id = %(organisation)s;
insert into advisories_line select (jsonb_populate_record(l, jsonb_build_object('id', gen_random_uuid(),
    'organisation_id', c.id, 'digest', md5(c.n::text)))).*
from advisories_line l, copied c where l.organisation_id = %(organisation)s;
"""


@pytest.fixture
def key(shelf):
    """An advisory that many run."""
    with tenancy.acting(TEST):
        one = organisation("Waterkant", mail="ciso@waterkant.example")
        runs(one, "Fortinet; FortiOS; 7.2")
        with connection.cursor() as cursor:
            cursor.execute(COPIES, {"organisation": one.id, "many": MANY})
        assert Line.objects.count() == MANY
        yield shelf.publish(urgent=True)


def looked_at(plan):
    """How many rows a plan took from tables and indexes, also those that it threw away again."""
    again = ("Rows Removed by Filter", "Rows Removed by Index Recheck", "Rows Removed by Join Filter")
    here = sum(plan.get(name, 0) for name in again)
    if "Relation Name" in plan or "Index Name" in plan or plan["Node Type"] == "CTE Scan":
        here += plan["Actual Rows"]
    return here * plan["Actual Loops"] + sum(looked_at(one) for one in plan.get("Plans", ()))


@pytest.fixture
def costs():
    """By statement the rows that it looked at, each time that it was executed."""
    found = {}

    def counted(execute, sql, params, many, context):
        if "advisories_" in sql and sql.split()[0].lower() in ("select", "insert", "update"):
            with connection.connection.cursor() as cursor:
                cursor.execute("savepoint counted")
                execute(f"explain (analyze, format json) {sql}", params, many, context)
                said = context["cursor"].fetchone()[0]
                cursor.execute("rollback to counted")
            plan = json.loads(said) if isinstance(said, str) else said
            found.setdefault(" ".join(sql.split()), []).append(round(looked_at(plan[0]["Plan"])))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(counted):
        yield found


def test_a_lot_of_letters_looks_at_what_is_in_it(key, costs, monkeypatch):
    running.run(*key)
    assert telling.tell(*key) == MANY
    costs.clear()
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")  # tables as small as these would be read as a whole
    monkeypatch.setattr(dispatching, "CONTACTS_AT_ONCE", LOT)
    assert dispatching.dispatch_due() == MANY
    assert Message.objects.count() == MANY
    lots = {sql: each for sql, each in costs.items() if len(each) >= MANY // LOT}
    assert {sql: max(each) for sql, each in lots.items() if max(each) > MANY // 4} == {}
    assert any("advisories_match" in sql for sql in lots)
    assert any("advisories_telling" in sql and "unnest" in sql for sql in lots)


def test_what_is_overtaken_is_looked_up_by_key_and_never_joined(key):
    plans = seen_at(lambda sql: sql == concerning._OVERTAKEN, "explain {}", lambda: running.run(*key))
    assert len(plans) == 1
    assert "Join" not in plans[0]
    assert "Nested Loop" not in plans[0]
    assert "SubPlan" in plans[0]


def test_what_a_statement_fills_is_never_looked_through_from_end_to_end_for_each_of_its_rows(key):
    fills = (concerning.CONCERNS, concerning.SUBSCRIBERS)
    allowed = seen_at(lambda sql: sql in fills, "show enable_seqscan", lambda: running.run(*key))
    assert allowed == ["off", "off"]
    with connection.cursor() as cursor:
        cursor.execute("show enable_seqscan")
        assert cursor.fetchone() == ("on",)  # for the others in the transaction


def seen_at(wanted, question, step):
    """What the database answers to a question just before each wanted statement of a step."""
    answers = []

    def asked(execute, sql, params, many, context):
        if wanted(sql):
            asks = question.format(sql)
            execute(asks, params if asks != question else None, many, context)
            answers.append("\n".join(row[0] for row in context["cursor"].fetchall()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(asked):
        step()
    return answers
