"""JSON taken at its word: what a lenient reader would guess at or lose is refused, with its place."""

import json
import re
import sys
from json.decoder import JSONDecodeError
from pathlib import Path
from typing import Any, Final

LARGEST_FILE: Final = 1 << 26  # bytes
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:]', re.DOTALL)


class Twice(JSONDecodeError):
    """A name stands twice in one object: the first value would be lost without a word. `name`: which."""

    def __init__(self, name: str, text: str, place: int) -> None:
        super().__init__(f"{name} stands twice in one object", text, place)
        self.name = name


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
    if isinstance(text, bytes):
        text = text.decode(json.detect_encoding(text), "surrogatepass")
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except _TwiceSomewhereError:
        raise _first_twice(text) from None


class _TwiceSomewhereError(Exception):
    """The parser tells no place while it reads: that is looked for afterwards."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _TwiceSomewhereError
    return made


def _first_twice(text: str) -> Twice:
    """Find the first name that its object has already, in a text of which the grammar is right up to there."""
    names: list[set[str]] = []
    last = None
    for token in _TOKEN.finditer(text):
        if token[0] in "{[":
            names.append(set())
        elif token[0] in "}]":
            names.pop()
        elif token[0] == ":" and last is not None:
            name = json.loads(last[0])
            if name in names[-1]:
                return Twice(name, text, last.start())
            names[-1].add(name)
        last = token
    raise AssertionError("the parser found a name twice that is not there")


def _no_constant(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON; leave the figure out, or give null when it is not known")
