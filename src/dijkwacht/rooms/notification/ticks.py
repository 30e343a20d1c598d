"""What must happen all the time in this room. Each tick is short: long work is a job that it asks for."""

from dijkwacht.platform.supervisor.ticks import every
from dijkwacht.rooms.notification import ageing, following, intake, retention, tasks, watching


@every(5, "notification:dispatch")
def dispatch() -> None:
    """Ask for the digests whose hour has come, and for what an officer let go."""
    tasks.wake_dispatch()


@every(60, "notification:escalate")
def escalate() -> None:
    """Put on the calling list what nobody acknowledged."""
    following.escalate()


@every(600, "notification:listen")
def listen() -> None:
    """Raise the alarm for feeds that fell silent."""
    ageing.listen()


@every(6 * 3600, "notification:gone")
def let_go() -> None:
    """Ask for the findings that are not seen any more to be let go."""
    tasks.wake_ageing()


@every(60, "notification:drafts")
def sweep_drafts() -> None:
    """Remove what uploads that were cut off left half."""
    intake.raw_store().sweep()


@every(1, "notification:folder")
def take_files() -> None:
    """Hand in the files of the watched folder."""
    watching.take_files()


@every(6 * 3600, "notification:retention")
def forget() -> None:
    """Remove what was kept as long as its feed declares."""
    retention.forget()


@every(5, "notification:index")
def build_index() -> None:
    """Ask for the attribution index of a changed registry, so that it is ready before a batch asks for it."""
    tasks.wake_index()
