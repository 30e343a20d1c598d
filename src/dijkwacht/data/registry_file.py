"""REGISTRY.csv: header `organisation,kind,value`, one asset a row."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from .schema import REGISTRY

COLUMNS: Final = ["organisation", "kind", "value"]


class RegistryFileError(Exception):
    """The registry file as a whole cannot be used."""


@dataclass(frozen=True, slots=True)
class RegistryFile:
    """The rows (REGISTRY), the line in the file of each, and lines that are no row with the reason."""

    rows: pl.DataFrame
    lines: list[int]
    refused: list[tuple[int, str]]


def read_registry(path: Path) -> RegistryFile:
    """Read a registry file. Raises RegistryFileError when it cannot be read or its header is another."""
    rows: list[tuple[str, str, str, bool]] = []
    lines: list[int] = []
    refused: list[tuple[int, str]] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            _check_header(path, next(reader, []))
            for row in reader:
                if len(row) == len(COLUMNS):
                    rows.append((row[0], row[1], row[2], False))
                    lines.append(reader.line_num)
                else:
                    refused.append((reader.line_num, f"{len(row)} columns instead of {len(COLUMNS)}"))
    except UnicodeDecodeError as error:
        raise RegistryFileError(f"{path} is not UTF-8: {error.reason}") from error
    except csv.Error as error:
        raise RegistryFileError(f"{path}, line {reader.line_num}: {error}") from error
    except OSError as error:
        raise RegistryFileError(f"{path} cannot be read: {error.strerror}") from error
    return RegistryFile(pl.DataFrame(rows, REGISTRY, orient="row"), lines, refused)


def _check_header(path: Path, header: list[str]) -> None:
    if header != COLUMNS:
        shown = ",".join(header)[:200] or "nothing"
        raise RegistryFileError(f"{path} must begin with the header {','.join(COLUMNS)}; it has {shown}")
