"""The Permissible Actions Protocol: what a receiver may do with information, as TLP says how far it may travel."""

from enum import StrEnum
from typing import Self

from dijkwacht.kernel.errors import Problem


class UnknownPap(Problem, ValueError):
    """ "{value}" is not a label of the Permissible Actions Protocol."""

    nl = '"{value}" is geen label van het Permissible Actions Protocol.'


class Pap(StrEnum):
    """A label; each allows less than the one before it."""

    CLEAR = "CLEAR"  # anything the law allows
    GREEN = "GREEN"  # active use that does not attack: block, sinkhole, query the address
    AMBER = "AMBER"  # passive use that the adversary cannot see: search logs, ask third parties
    RED = "RED"  # passive use, inside the receiver's own systems only, not detectable from outside

    @property
    def strictness(self) -> int:
        """Return 0 for CLEAR up to 3 for RED."""
        return list(type(self)).index(self)

    @property
    def label(self) -> str:
        """Return the label as it is shown, such as `PAP:AMBER`."""
        return f"PAP:{self.value}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a label as people and feeds write it. The older WHITE is CLEAR. Raises UnknownPap."""
        name = text.strip().upper().removeprefix("PAP:").strip()
        try:
            return cls("CLEAR" if name == "WHITE" else name)
        except ValueError:
            raise UnknownPap(value=text[:40]) from None
