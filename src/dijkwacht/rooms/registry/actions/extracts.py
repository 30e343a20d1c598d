"""What the register hands out as of a date; each hand-out is recorded with the hash of what was given."""

from django.db import transaction

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import rules
from dijkwacht.rooms.registry.extracts import enisa, identified, numbers
from dijkwacht.rooms.registry.extracts.files import File
from dijkwacht.rooms.registry.history import AsOf, settle


@transaction.atomic
def extract_numbers(*, actor: Actor, as_of: AsOf, ending: str, public: bool = False) -> File:
    """Count the entities per sector for the Commission and the Cooperation Group (NIS2 3(5)(a)), as csv or json.

    `public`: rounded, for publication (see extracts.small).
    Raises NotAllowed unless the centre asks, StillChanging.
    """
    rules.require(rules.may_count(actor))
    settle(as_of)
    made = numbers.file(numbers.numbers(actor, as_of), ending, public=public)
    _record(actor, "registry:numbers:extract", made, as_of)
    return made


@transaction.atomic
def extract_identified(*, actor: Actor, as_of: AsOf, ending: str) -> File:
    """Count the entities that a minister identified, for the Commission (NIS2 article 3(5)(b)), as csv or json.

    Raises NotAllowed unless the centre asks, StillChanging.
    """
    rules.require(rules.may_count(actor))
    settle(as_of)
    made = identified.file(identified.identified(actor, as_of), ending)
    _record(actor, "registry:identified:extract", made, as_of)
    return made


@transaction.atomic
def extract_enisa(*, actor: Actor, as_of: AsOf, ending: str) -> File:
    """Write the entities of Cbw article 47 for ENISA, without IP ranges, as csv or json.

    Raises NotAllowed unless an officer or analyst asks, StillChanging.
    """
    rules.require(actor.is_centre and rules.may_export(actor))
    settle(as_of)
    made = enisa.file(enisa.entities(actor, as_of), as_of, ending)
    _record(actor, "registry:enisa:extract", made, as_of)
    return made


def _record(actor: Actor, action: str, made: File, as_of: AsOf) -> None:
    record(
        actor=actor,
        action=action,
        target=("file", made.sha256),
        detail={"file": made.name, **as_of.heading(), "rows": made.rows},
    )
