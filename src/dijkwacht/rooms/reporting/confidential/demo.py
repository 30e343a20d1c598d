"""The demo's confidential criterion: an invented decision about one invented entity."""

from typing import Final
from uuid import UUID

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting.confidential import actions
from dijkwacht.rooms.reporting.confidential.models import OwnCriterion

DESKS: Final = {
    "sentence_nl": "Meer dan twee balies kunnen geen aanvragen verwerken",
    "sentence_en": "More than two desks cannot process applications",
    "valid_from": "2026-08-15",
    "fact_1": "own.desks",
    "test_1": "above",
    "value_1": "2",
    "question_nl_1": "Hoeveel balies kunnen geen aanvragen verwerken?",
    "question_en_1": "How many desks cannot process applications?",
}


def load(actor: Actor, organisation: UUID) -> None:
    """Enter it, once."""
    with tenancy.acting(actor):
        if not OwnCriterion.objects.exists():
            actions.enter_criterion(actor=actor, organisation=organisation, values=DESKS)
