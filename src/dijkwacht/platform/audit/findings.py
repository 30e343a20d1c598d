"""What verification found, in words."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Fault(StrEnum):
    """What is wrong with an entry or with the log as a whole."""

    CHANGED = "changed"  # the row is not what was signed
    REMOVED = "removed"  # the row is gone
    REORDERED = "reordered"  # the row stands at another place than was signed
    TILE = "tile"  # a tile file is not what was signed; the entry's row may be right
    BUNDLE = "bundle"  # an entry bundle is not what was signed
    PLACE = "place"  # the table of places does not hold the leaf hash that was signed
    NOT_SIGNED = "not-signed"  # rows, places and files agree with each other, not with the signature
    UNSEQUENCED = "unsequenced"  # an event that never got a place in the tree
    PERSONAL = "personal"  # a stored personal value is not the one committed to
    CHECKPOINT = "checkpoint"  # the checkpoint is gone, unreadable or not signed by us
    TRUNCATED = "truncated"  # the log is shorter than a checkpoint says it was
    FORKED = "forked"  # the log's beginning is not that of an earlier checkpoint


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `index` is the place in the log; event, at and action name the entry where known."""

    fault: Fault
    index: int | None = None
    event: str = ""
    at: str = ""
    action: str = ""
    note: str = ""

    def sentence(self) -> str:
        place = f"entry {self.index}" if self.index is not None else "log"
        names = ", ".join(part for part in (self.event, self.at, self.action) if part)
        return f"{self.fault}: {place}" + (f" ({names})" if names else "") + (f": {self.note}" if self.note else "")


@dataclass
class Report:
    """The outcome of one verification. `size` counts the signed entries, `waiting` those not yet signed."""

    size: int = 0
    waiting: int = 0
    erased: int = 0
    seconds: float = 0.0
    findings: list[Finding] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.findings

    def as_json(self) -> dict[str, Any]:
        return {"ok": self.ok, **asdict(self)}
