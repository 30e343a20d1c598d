"""Every job stands in a queue that a worker consumes, and is tried again when it fails."""

from pathlib import Path

import pytest
from procrastinate.contrib.django import app

from dijkwacht.platform.supervisor import asking

OURS = sorted(name for name in app.tasks if not name.startswith(("builtin:", "procrastinate.")))

# These need no retry of their own: a tick of the scheduler asks for them again as long as there is work.
ASKED_AGAIN = {"outbox:drain"}


def test_there_are_jobs():
    assert "notification.process_batch" in OURS


@pytest.mark.parametrize("name", OURS)
def test_a_job_has_a_queue_of_its_own_and_is_retried(name):
    task = app.tasks[name]
    assert task.queue != "default"
    assert task.retry_strategy is not None or name in ASKED_AGAIN


def test_there_is_one_way_to_ask_for_a_job_that_one_asking_is_enough_for():
    package = Path(asking.__file__).parents[2]
    users = [path for path in package.rglob("*.py") if "AlreadyEnqueued" in path.read_text("utf-8")]
    assert users == [Path(asking.__file__)]
