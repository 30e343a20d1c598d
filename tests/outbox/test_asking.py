"""One asking is enough."""

import pytest
from django.db import connection

from dijkwacht.platform.supervisor.asking import once
from dijkwacht.rooms.knowledge.tasks import keep_up
from dijkwacht.rooms.proof.tasks import check

pytestmark = pytest.mark.django_db
A, B = "0190f5a6-0000-7000-8000-00000000000a", "0190f5a6-0000-7000-8000-00000000000b"


def waiting() -> list[tuple[str, str | None]]:
    with connection.cursor() as cursor:
        cursor.execute("select task_name, args->>'challenge' from procrastinate_jobs order by id")
        return cursor.fetchall()


def start_all() -> None:
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'doing'")


def test_what_waits_is_not_asked_for_again_and_the_transaction_goes_on():
    assert once(keep_up)
    assert not once(keep_up)
    assert waiting() == [("knowledge.keep-up", None)]


def test_a_job_about_another_thing_is_another_job():
    assert once(check, A, challenge=A)
    assert once(check, B, challenge=B)
    assert not once(check, A, challenge=A)
    assert waiting() == [("proof.check", A), ("proof.check", B)]


def test_a_job_that_runs_may_have_looked_before_the_change_so_it_is_asked_for_again():
    once(keep_up)
    start_all()
    assert once(keep_up)


def test_of_a_job_that_runs_alone_the_next_one_waits_for_the_one_before():
    once(check, A, alone=True, challenge=A)
    with connection.cursor() as cursor:
        cursor.execute("select lock from procrastinate_jobs")
        assert cursor.fetchall() == [(f"proof.check {A}",)]
