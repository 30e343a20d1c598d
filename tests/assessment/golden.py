"""The golden cases, read once."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dijkwacht.law.applicability import Facts

RAW = tomllib.loads((Path(__file__).parent / "cases.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Case:
    name: str
    facts: Facts
    expected: dict[str, Any]

    def list(self, key: str) -> list[str]:
        """An expected list with its short names written out."""
        return [word for name in self.expected[key] for word in (RAW["duties"][name[1:]] if name[0] == "@" else [name])]


def _facts(given: dict[str, Any]) -> Facts:
    merged = {**RAW["base"], **given}
    return Facts.read({key: None if value == "unknown" else value for key, value in merged.items()})


CASES = [Case(raw["name"], _facts(raw["facts"]), raw) for raw in RAW["case"]]
