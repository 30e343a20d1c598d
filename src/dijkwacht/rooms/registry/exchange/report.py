"""What became of an import: counted, and each refused row with its reason in both languages. Pure: no Django."""

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

MOST: Final = 10_000  # refused rows listed; the rest is counted


class Refusal(NamedTuple):
    """One cell that was refused, where it stands, and why."""

    line: int
    record: str
    column: str
    value: str
    reason_nl: str
    reason_en: str


@dataclass(slots=True)
class Report:
    """The result of an import."""

    sha256: str = ""
    rows: int = 0
    stored: dict[str, int] = field(default_factory=dict)  # record -> rows added or changed
    organisations_left_out: int = 0
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    notes: list[Refusal] = field(default_factory=list)  # accepted, but written differently
    conflicts: int = 0
    tried_only: bool = False

    def refuse(self, refusal: Refusal) -> None:
        """Count a refused cell, and list it while there is room."""
        self.refused += 1
        if len(self.refusals) < MOST:
            self.refusals.append(refusal)

    def note(self, note: Refusal) -> None:
        """Remember that a cell was stored in another form than written."""
        if len(self.notes) < MOST:
            self.notes.append(note)

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values, for JSON."""
        return {
            "sha256": self.sha256,
            "rows": self.rows,
            "stored": self.stored,
            "organisations_left_out": self.organisations_left_out,
            "refused": self.refused,
            "refusals": plain(self.refusals),
            "notes": plain(self.notes),
            "conflicts": self.conflicts,
            "tried_only": self.tried_only,
        }


def plain(rows: list[Refusal]) -> list[dict[str, Any]]:
    """Return refusals as plain values, for JSON."""
    return [dict(zip(Refusal._fields, row, strict=True)) for row in rows]  # noqa: SLF001 - a named tuple's public list
