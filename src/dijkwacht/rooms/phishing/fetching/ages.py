"""How old a domain is, by a registry's answers (RDAP, RFC 9083) where an installation has them; else nobody knows."""

import csv
from functools import cached_property
from pathlib import Path
from typing import Protocol


class Ages(Protocol):
    """Who knows when a domain was registered."""

    def registered(self, domain: str) -> str:
        """Give the day as in 2026-11-26, or ""."""


class NoAges:
    """Nobody was configured: every age is unknown, and no evidence comes from it."""

    def registered(self, domain: str) -> str:  # noqa: ARG002 - the same for each
        """Give nothing."""
        return ""


class AgesFile:
    """A CSV file with the columns domain and registered (YYYY-MM-DD), as an export of RDAP answers gives it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def _days(self) -> dict[str, str]:
        with self.path.open(newline="", encoding="utf-8") as file:
            return {row["domain"].strip().lower(): row["registered"].strip()[:10] for row in csv.DictReader(file)}

    def registered(self, domain: str) -> str:
        """Give the day that the file holds. Raises OSError, KeyError where it is no such file."""
        return self._days.get(domain, "")


def ages(path: str) -> Ages:
    """Give what an installation configured: a file, or nobody."""
    return AgesFile(Path(path)) if path else NoAges()
