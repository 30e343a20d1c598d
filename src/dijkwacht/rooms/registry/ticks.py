"""What must happen all the time in this room."""

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.supervisor.ticks import every
from dijkwacht.rooms.registry.actions import expire_due_assets, mail_reviews, remind_of_changes


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
