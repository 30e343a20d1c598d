"""What this part hears from others, and who in it answers. Those are imported when there is something to hear."""

from typing import Any, Final

from dijkwacht.kernel.actor import system
from dijkwacht.platform.outbox import events as outbox
from dijkwacht.platform.supervisor.asking import once
from dijkwacht.rooms.advisories import events
from dijkwacht.rooms.advisories.inventory import events as inventory
from dijkwacht.rooms.notification import events as notification
from dijkwacht.rooms.registry import events as registry

KEEPER: Final = system("advisories:leaving")


def connect() -> None:
    """Hear what is published, what organisations say that they run, and what became of letters and calls."""
    events.advisory_published.connect(_published, dispatch_uid="advisories:tell")
    events.aliases_changed.connect(_aliases_changed, dispatch_uid="advisories:match-names")
    inventory.lines_added.connect(_lines_added, dispatch_uid="advisories:match-lines")
    inventory.lines_removed.connect(_lines_removed, dispatch_uid="advisories:end-matches")
    outbox.delivered.connect(_delivered, dispatch_uid="advisories:delivered")
    outbox.bounced.connect(_bounced, dispatch_uid="advisories:bounced")
    outbox.failed_permanently.connect(_failed, dispatch_uid="advisories:failed")
    notification.call_recorded.connect(_call_recorded, dispatch_uid="advisories:called")
    registry.organisation_left.connect(_organisation_left, dispatch_uid="advisories:leaving")


def _published(**said: Any) -> None:
    from dijkwacht.rooms.advisories.delivery.tasks import run

    run.defer(advisory=str(said["advisory"]), version=said["version"])


def _aliases_changed(**_: Any) -> None:
    from dijkwacht.rooms.advisories.delivery import tasks

    once(tasks.run_all)


def _lines_added(**said: Any) -> None:
    from dijkwacht.rooms.advisories.delivery import tasks

    tasks.defer_lines(said["lines"])


def _lines_removed(**said: Any) -> None:
    from django.utils import timezone

    from dijkwacht.platform import tenancy
    from dijkwacht.rooms.advisories.delivery import concerning
    from dijkwacht.rooms.advisories.delivery.models import Match

    with tenancy.acting(KEEPER) as actor:
        Match.objects.filter(line_id__in=said["lines"], ended_at=None).update(ended_at=timezone.now())
        concerning.lines_removed(actor, said["organisation"], said["lines"])


def _delivered(**said: Any) -> None:
    from dijkwacht.rooms.advisories.delivery import following

    following.delivered(**said)


def _bounced(**said: Any) -> None:
    from dijkwacht.rooms.advisories.delivery import following

    following.bounced(**said)


def _failed(**said: Any) -> None:
    from dijkwacht.rooms.advisories.delivery import following

    following.failed(**said)


def _call_recorded(**said: Any) -> None:
    from dijkwacht.rooms.advisories.delivery import following

    following.call_recorded(**said)


def _organisation_left(**said: Any) -> None:
    from dijkwacht.platform import tenancy
    from dijkwacht.rooms.advisories.delivery import actions
    from dijkwacht.rooms.advisories.inventory import actions as inventories

    with tenancy.acting(KEEPER) as actor:
        actions.stop(actor=actor, organisation=said["organisation"])
        inventories.end_all(actor=actor, organisation=said["organisation"])
