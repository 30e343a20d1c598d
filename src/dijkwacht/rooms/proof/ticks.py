"""What must happen all the time in this room. Each tick is short: a look is a job that it asks for."""

from dijkwacht.platform.supervisor.ticks import every
from dijkwacht.rooms.proof import tasks


@every(60, "proof:due")
def look() -> None:
    """Ask for the looks whose time has come."""
    tasks.ask_due()


@every(300, "proof:settle")
def settle() -> None:
    """Verify what was proven before a person decided a conflict, and look anew at proofs that were contested."""
    tasks.look_at_contested()
    tasks.settle_waiting()


@every(3600, "proof:mails")
def mails() -> None:
    """End what nobody answered, and tell whose proof by mail ends soon."""
    tasks.end_mails()
    tasks.remind()


@every(86_400, "proof:prune")
def prune() -> None:
    """Let go of files of internet registries that are not needed any more."""
    tasks.ask_prune()
