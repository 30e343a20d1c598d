"""JSON taken at its word: what a lenient reader would guess at or lose is refused, with its place."""

import json
import sys
from pathlib import Path
from typing import Any, Final

LARGEST_FILE: Final = 1 << 26  # bytes


def read_json(file: Path, largest: int = LARGEST_FILE) -> Any:
    """Read a file of JSON in UTF-8; `-` is standard input.

    Raises ValueError, saying where and what is wrong: not JSON, not UTF-8, too large, a name twice in one object (the
    first value would be lost without a word), or a figure that is not JSON (NaN).
    """
    stream = sys.stdin.buffer if str(file) == "-" else file.open("rb")
    with stream:
        content = stream.read(largest + 1)
    if len(content) > largest:
        raise ValueError(f"{file} is larger than {largest} bytes")
    try:
        return loads(content.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{file} is not JSON: line {error.lineno}, column {error.colno}: {error.msg}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{file} is not UTF-8 at byte {error.start}; save it as UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{file} is not usable JSON: {error}") from error


def loads(text: str | bytes) -> Any:
    """Read JSON. Raises ValueError, as `read_json` does, and RecursionError for what is nested too deep."""
    return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)} stands twice in one object")
    return made


def _no_constant(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON; leave the figure out, or give null when it is not known")
