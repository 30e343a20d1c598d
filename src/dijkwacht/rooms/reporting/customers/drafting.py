"""From the choice of customers to a draft, and from a draft to an event: between them come the pages of any report."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import ngettext

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.reporting import drafts
from dijkwacht.rooms.reporting.customers import actions, reads
from dijkwacht.rooms.reporting.customers.models import DraftCustomers, ProviderEvent, ProviderFiling
from dijkwacht.rooms.reporting.enclosing.rules import Enclosed
from dijkwacht.rooms.reporting.models import Draft
from dijkwacht.rooms.reporting.questions import MATTER, STAGES
from dijkwacht.rooms.reporting.rules import Channel, Stage

NAMED = 10  # customers that a page names before it counts the rest


def begin(actor: Actor, customers: list[Organisation], provider: UUID) -> Draft:
    """Return a draft of an early warning for customers. Raises NotAllowed."""
    made = drafts.begin(actor, stage=Stage.EARLY_WARNING, organisation=None)
    chosen = [one.id for one in customers]
    DraftCustomers.objects.create(draft=made, account=made.account, provider=provider, customers=chosen)
    return made


def go_on(actor: Actor, event: ProviderEvent, stage: Stage) -> Draft:
    """Return a draft of a correction or the next stage of an event, with what was told filled in. Raises NotAllowed."""
    known = {name: drafts.as_typed(value, name) for name, value in (event.facts or {}).items() if value is not None}
    known[MATTER] = _matter(event.facts or {})
    answers = {name: value for name, value in known.items() if name in STAGES[stage].names}
    made = drafts.begin(actor, stage=stage, organisation=None, answers=answers)
    DraftCustomers.objects.create(draft=made, account=made.account, provider=event.owner_id, event=event.id)
    return made


def _matter(facts: dict[str, Any]) -> str:
    kind = facts.get("kind")
    if kind in {"near-miss", "threat"}:
        return str(kind)
    return "voluntary" if facts.get("significant") is False else "incident"


def whose(picked: DraftCustomers) -> str:
    """Return for whom a draft is, in words: the names of the first customers, and how many more there are."""
    count, names = _first(picked)
    more = count - len(names)
    last = ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more} if more else ""
    return f"{', '.join(names)} {last}".strip()


def _first(picked: DraftCustomers) -> tuple[int, list[str]]:
    if picked.event is not None:
        rows = [row for row in reads.customers_of(ProviderEvent(id=picked.event)) if row.left_at is None]
        return len(rows), [row.name for row in rows[:NAMED]]
    names = Organisation.objects.filter(id__in=picked.customers).order_by("name").values_list("name", flat=True)
    return len(picked.customers), list(names[:NAMED])


def send(
    actor: Actor,
    draft: Draft,
    picked: DraftCustomers,
    facts: dict[str, Any],
    language: str,
    files: Sequence[Enclosed],
) -> ProviderFiling:
    """Accept what a draft holds, for its customers. Raises what `tell_event` and `tell_more` do."""
    stage = Stage(draft.stage)
    if picked.event is not None:
        return actions.tell_more(actor=actor, event=picked.event, stage=stage, facts=facts, files=files)
    return actions.tell_event(
        actor=actor,
        stage=stage,
        facts=facts,
        customers=picked.customers,
        provider=picked.provider,
        channel=Channel(draft.channel),
        language=language,
        files=files,
    )
