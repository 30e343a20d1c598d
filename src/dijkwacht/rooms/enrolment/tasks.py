"""The jobs of enrolment: reading a long list, letting in who claims much. Each is safe to repeat."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

RETRY = RetryStrategy(max_attempts=5, exponential_wait=5)


@app.task(queue="lists", retry=RETRY, name="enrolment.read_list")
def read_list(account: str, version: str) -> None:
    """Read a long list of assets; progress stands in its row."""
    from dijkwacht.rooms.enrolment import lists

    lists.read(UUID(account), UUID(version))


@app.task(queue="registers", retry=RETRY, name="enrolment.approve_alone")
def approve_alone(registration: str) -> None:
    """Let a registration with many assets in, when nothing of what it claims is claimed by another."""
    from dijkwacht.rooms.enrolment import actions

    actions.approve_alone(actor=actions.APPROVER, registration=UUID(registration))


@app.task(queue="registers", retry=RETRY, name="enrolment.claim")
def claim(registration: str) -> None:
    """Claim the many assets of a registration that an officer approved."""
    from dijkwacht.rooms.enrolment import establishing

    establishing.claim_of(UUID(registration))
