"""What must happen all the time in this room."""

import structlog
from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.actions import erase_old
from dijkwacht.platform.outbox.actions import remove_old
from dijkwacht.platform.supervisor.ticks import every
from dijkwacht.rooms.registry.actions import (
    deregister_due,
    expire_due_assets,
    forecast_retention,
    forget_due,
    mail_reviews,
    remind_of_changes,
)
from dijkwacht.rooms.registry.leaving import reads as leaving

log = structlog.get_logger()


@every(3600, "registry:expire")
def expire() -> None:
    """Let assets whose proof is over be expired, so that nothing more is told about them."""
    with tenancy.acting(system("registry:expire")) as actor:
        expire_due_assets(actor=actor)


@every(86400, "registry:remind")
def remind() -> None:
    """Remind organisations of the changes they were asked about."""
    with tenancy.acting(system("registry:remind")) as actor:
        remind_of_changes(actor=actor)


@every(600, "registry:review")
def review() -> None:
    """Mail the organisations of a review, some at a time, and remind those who do not answer."""
    with tenancy.acting(system("registry:review")) as actor:
        mail_reviews(actor=actor)


@every(60, "registry:leave")
def leave() -> None:
    """Let organisations leave whose day has come, each in a transaction of its own: one that fails stops no other."""
    with tenancy.acting(system("registry:leave")):
        waiting = leaving.due(timezone.localdate())
    for identifier in waiting:
        try:
            with tenancy.acting(system("registry:leave")) as actor:
                deregister_due(actor=actor, deregistration=identifier)
        except Exception:
            log.exception("registry: a deregistration failed and is tried again", deregistration=str(identifier))


@every(86400, "registry:retention")
def keep_no_longer() -> None:
    """Take out the personal data whose term is over, some at a time, and count what goes when."""
    forget_due(actor=system("registry:retention"))
    remove_old(actor=system("registry:retention"))
    erase_old(actor=system("registry:retention"))
    forecast_retention(actor=system("registry:retention"))
