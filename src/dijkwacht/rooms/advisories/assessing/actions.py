"""Changes: a person judges a matter, another agrees or refuses."""

from collections.abc import Mapping
from dataclasses import asdict
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.advisories.assessing import reads, rules
from dijkwacht.rooms.advisories.assessing.errors import (
    AlreadyAnswered,
    NoAssessment,
    NoSuchAnswer,
    NotAllowed,
    OverrideNeedsReason,
    ReasonNeeded,
    SamePerson,
)
from dijkwacht.rooms.advisories.assessing.models import Assessment
from dijkwacht.rooms.advisories.assessing.questionnaire import LEVELS, Level, Questionnaire
from dijkwacht.rooms.advisories.sourcing import actions as sourcing
from dijkwacht.rooms.advisories.sourcing import reads as matters


@transaction.atomic
def assess(
    *,
    actor: Actor,
    matter: UUID,
    answers: Mapping[str, str],
    likelihood: str = "",
    impact: str = "",
    reason: str = "",
) -> Assessment:
    """Judge a matter by answers. `likelihood`, `impact`: what the person says besides; another than the answers give
    needs a reason. Above the setting's threshold it waits for somebody else; else it stands at once.

    Raises NotAllowed, NoMatter, NoSuchAnswer, OverrideNeedsReason.
    """
    if not allows(actor, "advisories:write"):
        raise NotAllowed
    row = matters.access_matter(actor, matter)
    known, given = reads.known(), _answers(answers)
    found = rules.outcome(given, known)
    likely, harm = _level("likelihood", likelihood) or found.likelihood, _level("impact", impact) or found.impact
    overrides = (likely, harm) != (found.likelihood, found.impact)
    if overrides and not reason.strip():
        raise OverrideNeedsReason
    named = rules.label(likely, harm, known)
    waits = rules.two_people(likely, harm, named, settings.ASSESSMENT_FOUR_EYES)
    Assessment.objects.select_for_update().filter(matter_id=row.id, state="proposed").update(state="replaced")
    made = Assessment(
        matter_id=row.id, state="proposed" if waits else "settled", likelihood=likely, impact=harm, label=named,
        answers=given, questionnaire=known.version, suggested=_suggested(actor, row.id), overrides=overrides,
        reason=reason.strip()[:1000], by=actor.id,
    )  # fmt: skip
    if not waits:
        _stand(actor, made)
    made.save()
    record(
        actor=actor,
        action="advisories:assessment:make",
        target=("matter", row.id),
        detail={
            "assessment": made.id,
            "state": made.state,
            "likelihood": likely,
            "impact": harm,
            "label": named,
            "overrides": overrides,
        },
    )
    return made


@transaction.atomic
def answer(*, actor: Actor, assessment: UUID, agree: bool, reason: str = "") -> Assessment:
    """Agree with somebody else's assessment, or refuse it with a reason.

    Raises NotAllowed, NoAssessment, SamePerson, AlreadyAnswered, ReasonNeeded.
    """
    if not allows(actor, "advisories:approve"):
        raise NotAllowed
    row = Assessment.objects.select_for_update().filter(id=assessment).first()
    if row is None:
        raise NoAssessment
    if row.by == actor.id:
        raise SamePerson
    if row.state != "proposed":
        raise AlreadyAnswered
    if not agree and not reason.strip():
        raise ReasonNeeded
    row.second_by, row.second_at, row.second_reason = actor.id, timezone.now(), reason.strip()[:1000]
    row.state = "settled" if agree else "refused"
    if agree:
        _stand(actor, row)
    row.save()
    detail = {"assessment": row.id, "agree": agree, "reason": row.second_reason}
    record(actor=actor, action="advisories:assessment:answer", target=("matter", row.matter_id), detail=detail)
    return row


def _stand(actor: Actor, row: Assessment) -> None:
    """Let an assessment take the place of the one before, and its matter leave the list of what waits."""
    Assessment.objects.filter(matter_id=row.matter_id, state="settled").exclude(id=row.id).update(state="replaced")
    sourcing.settle(actor=actor, matter=row.matter_id, settled=True)


def _answers(answers: Mapping[str, str]) -> dict[str, str]:
    """Keep the answers that were given. Raises NoSuchAnswer."""
    known: Questionnaire = reads.known()
    found = {}
    for key, question in known.questions.items():
        said = answers.get(key, "")
        if said and question.answer(said) is None:
            raise NoSuchAnswer(answer=said[:40], question=key)
        if said:
            found[key] = said
    return found


def _level(question: str, value: str) -> Level | None:
    if value and value not in LEVELS:
        raise NoSuchAnswer(answer=value[:40], question=question)
    return LEVELS[LEVELS.index(value)] if value else None


def _suggested(actor: Actor, matter: UUID) -> dict[str, object]:
    """What the data said at that moment, kept with the judgement."""
    found = reads.suggestion(actor, matter)
    return {
        "answers": dict(found.answers),
        "outcome": asdict(found.outcome),
        "reasons": [asdict(one) for one in found.reasons if one.answer],
        "ssvc": [list(one) for one in found.decisions],
    }
