"""What goes to ENISA: the summary of a quarter. That it was taken out is recorded, with the hash of what was given."""

from hashlib import sha256

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry.history import AsOf
from dijkwacht.rooms.reporting.quarter import Quarterly, quarterly


def extract_quarter(*, actor: Actor, as_of: AsOf) -> Quarterly:
    """Return the summary of the quarter before a day, as the incidents stood then (Cbw 39(5), NIS2 23(9)).

    Raises NotAllowed, InvalidValue.
    """
    made = quarterly(actor, as_of)
    record(
        actor=actor,
        action="reporting:quarter:extract",
        target=("file", sha256(made.content()).hexdigest()),
        detail=as_of.heading(),
    )
    return made
