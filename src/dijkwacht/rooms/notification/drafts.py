"""From decided events to drafts: what each receiver is to hear, now or in its digest, and what nobody hears."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from dijkwacht import feeds
from dijkwacht.rooms.notification import deciding, rules
from dijkwacht.rooms.registry.models import Contact


class Pending(NamedTuple):
    """One event that waits to be told, with what is needed of its finding."""

    event: int
    finding: UUID
    organisation: UUID
    feed: str
    kind: str
    how: str
    severity: int
    version: int

    @property
    def matter(self) -> deciding.Matter:
        return deciding.Matter(self.organisation, self.feed, self.kind, self.how)


@dataclass
class Draft:
    """A notice in the making: the receiver, its contact, and what goes in with the decision that allows it."""

    way: deciding.Way
    contact: Contact
    digest: bool
    items: list[tuple[Pending, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Drafted:
    """The drafts of a chunk, and what became of the events that are in none of them."""

    drafts: Sequence[Draft]
    outcomes: Mapping[int, str]


def draft(
    pending: Iterable[Pending],
    decided: Mapping[deciding.Matter, deciding.Outcome],
    contacts: Mapping[UUID, Sequence[Contact]],
) -> Drafted:
    """Sort the events by receiver; `contacts` gives the working contacts of each, the one to try first in front."""
    drafts: dict[tuple[str, UUID, bool], Draft] = {}
    outcomes: dict[int, str] = {}
    for event in pending:
        outcome = "refused"
        for way in decided[event.matter].ways:
            contact = next(iter(contacts.get(way.receiver, ())), None)
            told = "no-contact" if contact is None else _wanted(event, contact)
            outcome = rules.better_outcome(outcome, told)
            if contact is not None and told in {"told", "digest"}:
                place = (way.route, way.receiver, told == "digest")
                drafts.setdefault(place, Draft(way, contact, told == "digest")).items.append((event, way.decision))
        outcomes[event.event] = outcome
    return Drafted(list(drafts.values()), outcomes)


def _wanted(event: Pending, contact: Contact) -> str:
    """Whether a contact hears of an event now ("told"), in its digest, or not: it is below its threshold."""
    preference = preference_of(contact)
    urgent = feeds.catalogue()[event.feed].kinds[event.kind].urgent
    if not rules.worth_telling(preference, severity=event.severity, urgent=urgent, kind=event.kind):
        return "below-threshold"
    return "digest" if rules.waits_for_digest(preference, severity=event.severity, urgent=urgent) else "told"


def preference_of(contact: Contact) -> rules.Preference:
    return rules.Preference(
        minimum_severity=contact.minimum_severity,
        rhythm=contact.rhythm,
        quiet_from=contact.quiet_from,
        quiet_to=contact.quiet_to,
        unsubscribed=frozenset(contact.optional_kinds),
    )
