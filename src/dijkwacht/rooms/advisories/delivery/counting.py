"""How many of ours run what a matter is about: what the list of matters is sorted by, before there is an advisory."""

from typing import Final
from uuid import UUID

from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.delivery import finding
from dijkwacht.rooms.advisories.delivery.rules import Verdict
from dijkwacht.rooms.advisories.delivery.running import RUNNER
from dijkwacht.rooms.advisories.sourcing import actions, reads

AT_ONCE: Final = 500  # matters


def count() -> int:
    """Count for the matters that changed since they were counted, or were counted a day ago; give how many matters.

    A line counts when its product is surely meant and it is not certain that its version is safe.
    """
    from dijkwacht.rooms.advisories.catalogue.reads import aliases
    from dijkwacht.rooms.advisories.matching.rules import prepare

    with tenancy.acting(RUNNER):
        waiting = reads.to_count(RUNNER, AT_ONCE)
        if not waiting:
            return 0
        said = reads.statement_frame(RUNNER, matters=waiting)
        counts: dict[UUID, int] = dict.fromkeys(waiting, 0)
        if said.height:
            # The source of a match is who said it; here the matter stands in its place, so that it comes back.
            prepared = prepare(said.with_columns(source=said["matter"]).drop("matter"), aliases())
            found = finding.verdicts(prepared)
            met = found.filter(found["sure"] & (found["verdict"] != Verdict.NOT_AFFECTED.value))
            counts |= {UUID(one): number for one, number in finding.how_many(met.rename({"source": "about"})).items()}
        actions.count_organisations(actor=RUNNER, counts=counts)
    return len(waiting)
