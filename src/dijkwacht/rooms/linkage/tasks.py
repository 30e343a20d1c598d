"""The jobs of linkage. Each is safe to repeat: it looks at the state of its merge under a lock."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

RETRY = RetryStrategy(max_attempts=4, exponential_wait=5)


@app.task(queue="registers", retry=RETRY, name="linkage.link")
def link(merge: str) -> None:
    """Read and link the registers of a merge, and keep what would happen."""
    from dijkwacht.rooms.linkage import work

    work.link(UUID(merge))


@app.task(queue="registers", retry=RETRY, name="linkage.apply")
def apply(merge: str) -> None:
    """Let the registry take over what a dry run says."""
    from dijkwacht.rooms.linkage import work

    work.apply(UUID(merge))
