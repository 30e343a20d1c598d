"""An organisation judges that an incident is not reported: kept with the facts, the verdict of that day, and why."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.law.incidents import Answer
from dijkwacht.platform.accounts.permissions import allows_for
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import fields
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.reporting import noticing, reads, rules, weighing
from dijkwacht.rooms.reporting.errors import NotAllowed
from dijkwacht.rooms.reporting.judging.models import Unreported


@transaction.atomic
def keep_unreported(*, actor: Actor, organisation: UUID, facts: Mapping[str, Any], reason: str) -> Unreported:
    """Keep why an incident is not reported, whatever the criteria say: the organisation decides, the centre reads it.

    `facts`: as `cleaning` made them, keys of the record. Raises NotAllowed, NotFound, InvalidField.
    """
    if not allows_for(actor, reads.WRITE, organisation):
        raise NotAllowed
    whose, now = registry.access_organisation(actor, organisation), timezone.now()
    found = weighing.verdict(whose, facts, now)
    made = Unreported(number=rules.new_number(), organisation_id=whose.id, by=actor.id, at=now)
    made.significant = {Answer.YES: True, Answer.NO: False}.get(found.significant)
    made.verdict = noticing.as_json(found)
    made.facts = weighing.record(whose, facts).model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    made.reason = fields.reason(reason)
    made.save(force_insert=True)
    record(
        actor=actor,
        action="reporting:unreported:keep",
        target=("unreported", made.id),
        organisation=whose.id,
        detail={"significant": made.significant},
    )
    return made
