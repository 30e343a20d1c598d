"""What must happen all the time. Each tick is short: long work is a job that it asks for."""

from dijkwacht.platform.supervisor.asking import once
from dijkwacht.platform.supervisor.ticks import every
from dijkwacht.rooms.advisories.delivery import tasks


@every(5, "advisories:dispatch")
def dispatch() -> None:
    """Ask for the letters whose hour has come."""
    tasks.wake_dispatch()


@every(60, "advisories:escalate")
def escalate() -> None:
    """Put on the calling list who did not answer an urgent advisory."""
    from dijkwacht.rooms.advisories.delivery import following

    following.escalate()


@every(60, "advisories:count")
def count() -> None:
    """Count who runs what the matters are about."""
    once(tasks.count)


@every(6 * 3600, "advisories:seen")
def take_seen() -> None:
    """Take over what notices showed, where an organisation said yes to that."""
    once(tasks.take_seen)


@every(24 * 3600, "advisories:retention")
def forget() -> None:
    """Remove what ended 24 months ago."""
    from dijkwacht.rooms.advisories.delivery import retention

    retention.forget()
