"""What the people and organisations of events are called now, for whoever may read the log. The log holds identifiers.

A name is looked up when it is shown, so erasing a person from the accounts takes the name from this page too.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple
from uuid import UUID

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.models import User
from dijkwacht.platform.accounts.organisations import names
from dijkwacht.platform.audit.models import Event

ASKER = system("audit:names")


class Called(NamedTuple):
    """Names beside the identifiers of one event; empty where nobody knows one, or it is no person or organisation."""

    actor: str = ""
    object: str = ""
    organisation: str = ""


def called(events: Iterable[Event]) -> list[tuple[Event, Called]]:
    """Return each event with its names. For whoever may read the log: the reads of the log see to that."""
    shown = list(events)
    mentioned = {one for event in shown for one in (_uuid(event.actor_id), _uuid(event.object_id)) if one}
    people = _people(mentioned)
    known = names(mentioned | {event.organisation for event in shown if event.organisation})
    return [(event, _named(event, people, known)) for event in shown]


def _named(event: Event, people: dict[UUID, str], known: dict[UUID, str]) -> Called:
    actor, target = _uuid(event.actor_id), _uuid(event.object_id)
    return Called(
        actor=people.get(actor, "") if actor else "",
        object=(known.get(target) or people.get(target, "")) if target else "",
        organisation=known.get(event.organisation, "") if event.organisation and event.organisation != target else "",
    )


def _people(identifiers: Collection[UUID]) -> dict[UUID, str]:
    with tenancy.acting(ASKER):
        return {user.id: f"{user.name} ({user.email})" if user.name else user.email
                for user in User.objects.filter(id__in=identifiers)}  # fmt: skip


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
