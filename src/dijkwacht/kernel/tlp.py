"""The Traffic Light Protocol, version 2.0 (FIRST, August 2022): how far information may travel."""

from enum import StrEnum
from typing import Self

from dijkwacht.kernel.errors import Problem


class UnknownTlp(Problem, ValueError):
    """ "{value}" is not a label of the Traffic Light Protocol 2.0."""

    nl = '"{value}" is geen label van het Traffic Light Protocol 2.0.'


class Tlp(StrEnum):
    """A label; a later one is stricter, so that `max` of two labels is the one to keep."""

    CLEAR = "CLEAR"
    GREEN = "GREEN"
    AMBER = "AMBER"
    AMBER_STRICT = "AMBER+STRICT"
    RED = "RED"

    @property
    def strictness(self) -> int:
        """Return 0 for CLEAR up to 4 for RED."""
        return list(type(self)).index(self)

    @property
    def label(self) -> str:
        """Return the label as it is shown, such as `TLP:AMBER+STRICT`."""
        return f"TLP:{self.value}"

    # `str` brings comparisons by alphabet; all four are replaced.
    def __lt__(self, other: object) -> bool:
        """Compare by strictness, not by alphabet."""
        return NotImplemented if not isinstance(other, Tlp) else self.strictness < other.strictness

    def __gt__(self, other: object) -> bool:
        """Compare by strictness, not by alphabet."""
        return NotImplemented if not isinstance(other, Tlp) else self.strictness > other.strictness

    def __le__(self, other: object) -> bool:
        """Compare by strictness, not by alphabet."""
        return NotImplemented if not isinstance(other, Tlp) else self.strictness <= other.strictness

    def __ge__(self, other: object) -> bool:
        """Compare by strictness, not by alphabet."""
        return NotImplemented if not isinstance(other, Tlp) else self.strictness >= other.strictness

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a label as people and feeds write it. TLP 1's WHITE is CLEAR. Raises UnknownTlp."""
        name = text.strip().upper().removeprefix("TLP:").strip()
        try:
            return cls("CLEAR" if name == "WHITE" else name)
        except ValueError:
            raise UnknownTlp(value=text[:40]) from None
