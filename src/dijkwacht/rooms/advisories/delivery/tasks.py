"""The jobs of telling. Each may be repeated: what was done is done once."""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from dijkwacht.platform import tenancy
from dijkwacht.platform.supervisor.asking import once

RETRY = RetryStrategy(max_attempts=8, exponential_wait=3)
LINES_AT_ONCE = 20_000  # in one job


def _each(work: Callable[[UUID, int], int], versions: Iterable[tuple[UUID, int]]) -> int:
    """Do it for each version; one that fails does not stop the others. Raises what failed, together, at the end."""
    done, failed = 0, []
    for advisory, version in versions:
        try:
            done += work(advisory, version)
        except Exception as problem:  # noqa: BLE001 - raised below, so that the job is tried again
            problem.add_note(f"advisory {advisory}, version {version}")
            failed.append(problem)
    if failed:
        raise ExceptionGroup("some advisories could not be told", failed)
    return done


@app.task(queue="notices", retry=RETRY, name="advisories.run")
def run(advisory: str, version: int) -> int:
    """Match a published version with every inventory, make its tellings and send what is due."""
    from dijkwacht.rooms.advisories.delivery import dispatching, running, telling

    running.run(UUID(advisory), version)
    made = telling.tell(UUID(advisory), version)
    dispatching.dispatch_due()
    return made


@app.task(queue="notices", retry=RETRY, name="advisories.run_lines")
def run_lines(lines: list[str]) -> int:
    """Match new lines of an organisation with every advisory that stands, and tell what concerns it."""
    from dijkwacht.rooms.advisories.delivery import running, telling

    return _each(telling.tell, running.run_lines([UUID(one) for one in lines]))


def defer_lines(lines: Sequence[UUID]) -> None:
    """Ask for `run_lines` of these, in parts that one job can hold."""
    for start in range(0, len(lines), LINES_AT_ONCE):
        run_lines.defer(lines=[str(one) for one in lines[start : start + LINES_AT_ONCE]])


@app.task(queue="notices", retry=RETRY, name="advisories.run_all")
def run_all() -> int:
    """Match every advisory that stands again, because names of products were judged; who is concerned now is told."""
    from dijkwacht.rooms.advisories.delivery import published, running, telling

    with tenancy.acting(running.RUNNER):
        current = published.library().current()
    _each(running.run, current)
    return _each(telling.tell, current)


@app.task(queue="notices", retry=RETRY, name="advisories.dispatch")
def dispatch() -> int:
    """Send the letters whose hour has come."""
    from dijkwacht.rooms.advisories.delivery import dispatching

    return dispatching.dispatch_due()


@app.task(queue="notices", retry=RETRY, name="advisories.take_seen")
def take_seen() -> int:
    """Take the products that notices showed into the inventories of who said yes to that."""
    from dijkwacht.rooms.advisories.inventory import seen

    return seen.take_all()


@app.task(queue="advisories", retry=RETRY, name="advisories.count")
def count() -> int:
    """Count who runs what the matters are about that changed, or were not counted for a day."""
    from dijkwacht.rooms.advisories.delivery import counting

    return counting.count()


def wake_dispatch() -> None:
    """Ask for `dispatch` when something is due, unless it waits already."""
    from dijkwacht.rooms.advisories.delivery import dispatching

    with tenancy.acting(dispatching.DISPATCHER):
        waiting = dispatching.due().exists()
    if waiting:
        once(dispatch)
