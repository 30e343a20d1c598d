"""What somebody is filling in. A draft is a note of its writer, no change of the registry: the log keeps nothing.

Every answer is kept as it was typed, right or wrong, so that nobody loses what was written.
"""

import json
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.kernel.errors import Problem
from dijkwacht.law.applicability import Facts, assess, facts_from_query
from dijkwacht.rooms.enrolment import holdings, lists, reads
from dijkwacht.rooms.enrolment.errors import DraftTooLarge, NotAsked
from dijkwacht.rooms.enrolment.models import Draft
from dijkwacht.rooms.enrolment.questions import QUESTIONS, Answer
from dijkwacht.rooms.enrolment.rules import State

LARGEST: Final = 64 * 1024  # bytes of JSON
LONGEST_QUERY: Final = 4000
MOST_CHOSEN: Final = 200


def keep(actor: Actor, answers: Mapping[str, Answer]) -> Draft:
    """Lay answers over the draft of the actor. What is no question is left out. Raises NotAllowed, DraftTooLarge."""
    draft = reads.draft_of(actor)
    given = {name: _storable(value) for name, value in answers.items() if name in QUESTIONS}
    draft.answers = {**draft.answers, **given}
    if len(json.dumps(draft.answers).encode()) > LARGEST:
        raise DraftTooLarge
    draft.updated_at = timezone.now()
    draft.save()
    return draft


def _storable(value: Answer) -> Answer:
    if isinstance(value, list):
        return [part.replace("\0", "") for part in value[:MOST_CHOSEN]]
    return value.replace("\0", "").encode("utf-8", "replace").decode()


def begin(actor: Actor, query: str) -> Draft:
    """Carry a self-assessment over: its class as the declaration, its types of entity. Raises NotAllowed."""
    draft = reads.draft_of(actor)
    if draft.revises and not reads.registrations_of(actor).filter(id=draft.revises, state=State.ASKED).exists():
        discard(actor)  # what it would correct is decided: begin anew
        draft = reads.draft_of(actor)
    if query and len(query) <= LONGEST_QUERY:
        known = _facts(query)
        if known is not None:
            draft.assessment = query
            chosen = declared(query)
            draft.answers = {**draft.answers, "entity_types": list(known.entity_types)} | (
                {"declaration": chosen} if chosen else {}
            )
            if known.name and not draft.answers.get("name"):
                draft.answers["name"] = known.name
    draft.updated_at = timezone.now()
    draft.save()
    return draft


def correct(actor: Actor, registration: UUID) -> Draft:
    """Make a draft of what a registration holds, to correct it; the draft before it goes.

    Raises NotAllowed, NotFound, NotAsked when no question waits.
    """
    row = reads.access_registration(actor, registration)
    if row.state != State.ASKED:
        raise NotAsked
    discard(actor)
    draft = Draft(account=reads.account_of(actor), answers=row.answers, assessment=row.assessment, revises=row.id)
    typed = holdings.read(str(row.answers.get("holdings", "")), reserved=settings.DEMO, on=timezone.localdate())
    short = set(holdings.values(typed))
    listed = [one for one in row.confirmed["assets"] if tuple(one) not in short]
    if listed:  # what came from a long list stands there again
        lists.hand_in(actor, lists.as_csv(listed))
    draft.save(force_insert=True)
    return draft


def discard(actor: Actor) -> None:
    """Throw the actor's draft away, its long list too. Raises NotAllowed."""
    Draft.objects.filter(account=reads.account_of(actor)).delete()
    lists.drop(actor)


def _facts(query: str) -> Facts | None:
    from django.http import QueryDict

    try:
        given = QueryDict(query)
        return facts_from_query({name: given.getlist(name) for name in given})
    except Problem:
        return None


def assessed(query: str) -> tuple[str, ...]:
    """Return the classes that a self-assessment leaves possible; nothing when there is none, or it cannot be read."""
    facts = _facts(query) if query else None
    if facts is None:
        return ()
    try:
        answer = assess(facts)
    except Problem:
        return ()
    return tuple(str(found) for found in answer.possible_classes) or (str(answer.klass),)


def declared(query: str) -> str:
    """Return the declaration that follows from a self-assessment, or nothing."""
    by_class = {"essential": "essential", "important": "important", "register-only": "domain-registrar"}
    by_class["outside"] = "none"  # it is welcome
    classes = assessed(query)
    return by_class.get(classes[0], "") if len(classes) == 1 else ""
