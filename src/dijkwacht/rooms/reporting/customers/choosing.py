"""Which customers a report is for: all, some by search, or a pasted list; each held to what the reporter may."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from dijkwacht.kernel.actor import Actor, OrganisationRole
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.reporting import reads
from dijkwacht.rooms.reporting.cleaning import UNSEEN
from dijkwacht.rooms.reporting.customers.errors import ChooseProvider, CustomersRefused, NoCustomers
from dijkwacht.rooms.reporting.errors import NotAllowed

MOST: Final = 2000  # customers of an event
SHOWN: Final = 100  # with a box to tick; the search narrows them
TOLD: Final = 50  # names in a refusal


def provider_of(actor: Actor, wanted: UUID | None = None) -> UUID:
    """Return who owns what the actor reports: its own organisation, or the account of a person without one.

    Raises ChooseProvider, NotAllowed.
    """
    own = [one for one, role in actor.memberships.items() if role is not OrganisationRole.READER]
    if wanted is not None:
        if wanted in own or wanted in actor.account:
            return wanted
        raise NotAllowed
    if len(own) == 1:
        return own[0]
    if own:
        raise ChooseProvider
    if not actor.account:
        raise NotAllowed
    return next(iter(actor.account))


def search(actor: Actor, words: str) -> tuple[list[Organisation], int]:
    """Return customers that some words may mean, at most SHOWN, and how many there are in all; all without words."""
    known, wanted = reads.filable(actor), words.casefold().split()
    found = [one for one in known if all(word in f"{one.name} {one.kvk or ''}".casefold() for word in wanted)]
    return found[:SHOWN], len(known)


def of_list(actor: Actor, pasted: str) -> list[Organisation]:
    """Return the customers that the lines of a list name: name, KvK number or identifier. Raises as `checked`."""
    known = reads.filable(actor)
    keys: dict[str, set[UUID]] = defaultdict(set)
    for one in known:
        for key in (str(one.id), one.kvk or "", " ".join(one.name.casefold().split())):
            keys[key].add(one.id)
    found, strange = list[UUID](), list[str]()
    for line in filter(None, (" ".join(text.split()).strip(",;\"'") for text in pasted.splitlines())):
        held = keys.get(line.casefold(), set())
        if len(held) == 1:
            found += held
        else:  # none, or more than one of that name: nobody guesses which
            strange.append(UNSEEN.sub("", line)[:100])
    _refuse(strange)
    return checked(actor, found, known)


def checked(
    actor: Actor, identifiers: Iterable[UUID], known: Sequence[Organisation] | None = None
) -> list[Organisation]:
    """Return customers, each once, by name. Raises CustomersRefused with each that may not be, and NoCustomers."""
    may = {one.id: one for one in (reads.filable(actor) if known is None else known)}
    wanted = list(dict.fromkeys(identifiers))
    refused = [one for one in wanted if one not in may]
    # Only of those for whom the reporter acts the name is known here; any other is told back as it was given.
    names = reads.names_of(one for one in refused if one in actor.acts_for)
    _refuse([names.get(one, str(one)) for one in refused])
    if not 1 <= len(wanted) <= MOST:
        raise NoCustomers(most=MOST)
    return sorted((may[one] for one in wanted), key=lambda one: (one.name, one.id))


def _refuse(names: Sequence[str]) -> None:
    if names:
        more = f" (+{len(names) - TOLD})" if len(names) > TOLD else ""
        raise CustomersRefused(names=", ".join(sorted(names)[:TOLD]) + more)
