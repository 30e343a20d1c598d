"""How old a domain is, by a registry's answers (RDAP, RFC 9083) where an installation has them; else nobody knows."""

import csv
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
    """A CSV file with the columns domain and registered (YYYY-MM-DD), as an export of RDAP answers gives it.

    Raises ValueError, in words, where it is no such file.
    """

    def __init__(self, path: Path) -> None:
        try:
            with path.open(newline="", encoding="utf-8-sig") as file:
                rows = list(csv.DictReader(file, strict=True))
            self._days = {row["domain"].strip().lower(): row["registered"].strip()[:10] for row in rows}
        except OSError as error:
            raise ValueError(f"DIJKWACHT_PAGES_AGES: {path}: {error.strerror}") from error
        except (AttributeError, KeyError, UnicodeDecodeError, csv.Error) as error:
            raise ValueError(
                f"DIJKWACHT_PAGES_AGES: {path} is no CSV with the columns domain and registered"
            ) from error

    def registered(self, domain: str) -> str:
        """Give the day that the file holds, or ""."""
        return self._days.get(domain, "")


def ages(path: str) -> Ages:
    """Give what an installation configured: a file, or nobody. Raises ValueError, as `AgesFile` does."""
    return AgesFile(Path(path)) if path else NoAges()
