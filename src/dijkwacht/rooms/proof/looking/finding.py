"""What one look found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dijkwacht.rooms.proof.vocabulary import Outcome

SHOWN: Final = 10  # values kept of what we saw
LONGEST: Final = 200  # characters of each


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` names a sentence of words.FINDINGS, `facts` fill it: small, and safe to keep and to show."""

    outcome: Outcome
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def shown(value: bytes | str) -> str:
    """Return a stranger's bytes as text that can be kept and shown: cut short, without control characters."""
    text = value[:LONGEST].decode("utf-8", "replace") if isinstance(value, bytes) else value[:LONGEST]
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
