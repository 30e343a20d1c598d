"""A trial in a job: asked for by a person, done by a worker, its outcome or its fault kept on the row."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform import tenancy
from dijkwacht.rooms.notification.errors import WrongState
from dijkwacht.rooms.notification.models import Campaign, Proposal

TRIER = system("notification:trial")
Row = TypeVar("Row", Campaign, Proposal)


def asked(row: Row) -> None:
    """Mark that a job will try the row. Runs with the row locked. Raises WrongState when one does already."""
    refuse_while_trying(row)
    row.asked_at, row.problem = timezone.now(), {}
    row.save(update_fields=["asked_at", "problem"])


def refuse_while_trying(row: Campaign | Proposal) -> None:
    """Raise WrongState while a job tries the row: nobody decides on what is about to change."""
    if row.asked_at is not None:
        raise WrongState(state="being tried")


def run(model: type[Row], key: UUID, attempt: Callable[[Row], None]) -> Row | None:
    """Let `attempt` fill in the row and keep it; what it raises as a Problem is kept in its place. None: nobody asked.

    Safe to repeat: a job that ran twice finds that nobody asks any more.
    """
    with transaction.atomic(), tenancy.acting(TRIER):
        row = model.objects.select_for_update().filter(pk=key, asked_at__isnull=False).first()
        if row is None:
            return None
        try:
            with transaction.atomic():
                attempt(row)
        except Problem as problem:
            row.problem = {"nl": problem.text("nl"), "en": problem.text("en")}
        row.asked_at = None
        row.save()
        return row
