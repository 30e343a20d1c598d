"""Asking for a job that one asking is enough for, however many ask."""

from typing import Any

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import Task


def once(
    task: Task[..., Any, ...], about: object = "", *, alone: bool = False, priority: int = 0, **words: Any
) -> bool:
    """Ask for a job in the caller's transaction, unless the same waits already; say whether it was asked for now.

    The same is: this task `about` this. One that runs already does not count, for it may have looked before the change
    that is asked about. `alone`: no two of the same run at one time. `priority`: of two that wait the higher is first.
    `words`: what the task is called with (JSON).
    """
    name = f"{task.name} {about}".strip()
    try:
        with transaction.atomic():
            task.configure(queueing_lock=name, lock=name if alone else None, priority=priority).defer(**words)
    except AlreadyEnqueued:
        return False
    return True
