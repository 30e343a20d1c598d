"""Read a snapshot of any size, row by row: CSV, or JSON as a list of objects. Pure: no Django."""

import codecs
import csv
import json
from collections.abc import Iterator, Mapping
from typing import IO, Any, Final

from dijkwacht.rooms.registry.comparing.layout import COLUMNS, MORE
from dijkwacht.rooms.registry.errors import UnreadableFile
from dijkwacht.rooms.registry.exchange.reading import DELIMITERS, is_json, lines, unguard

PIECE: Final = 1 << 16  # bytes of JSON read at a time
LARGEST_ROW: Final = 1 << 20  # characters of one JSON object
KNOWN: Final = frozenset({*COLUMNS, *MORE})
NEEDED: Final = ("kvk", "name")


def rows(file: IO[bytes], name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield each row with its number from 1. Raises UnreadableFile where going on would be guessing."""
    return _json(file) if is_json(name) else _csv(file)


def _csv(file: IO[bytes]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    text = lines(file)
    first = next(text, "")
    delimiter = max(DELIMITERS, key=first.count)
    header = [name.strip().lower() for name in next(csv.reader([first], delimiter=delimiter), [])]
    _check(header)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            row = next(reader, None)
        except csv.Error:
            raise _unreadable(
                f"aanhalingstekens staan verkeerd in rij {number}", f"quotes are wrong in row {number}"
            ) from None
        if row is None:
            return
        if any(row):
            if len(row) > len(header):
                raise _unreadable(f"rij {number} heeft te veel cellen", f"row {number} has too many cells")
            yield number, {name: unguard(cell) for name, cell in zip(header, row, strict=False)}


def _check(header: list[str]) -> None:
    strange, missing = sorted({*header} - KNOWN), [name for name in NEEDED if name not in header]
    if strange or missing or len({*header}) != len(header):
        listed = ", ".join((*COLUMNS, *MORE))
        raise _unreadable(f"de kolommen zijn {listed}", f"the columns are {listed}")


def _json(file: IO[bytes]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Decode a list of objects one by one: the file is never held as a whole."""
    decoder, text = json.JSONDecoder(), _Window(file)
    if text.take() != "[":
        raise _unreadable("een lijst van objecten wordt verwacht", "a list of objects is expected")
    number, sign = 0, ","
    while sign == ",":
        number += 1
        if number == 1 and text.peek() == "]":
            return
        row = text.decode(decoder, number)
        if not isinstance(row, dict) or {*row} - KNOWN:
            listed = ", ".join((*COLUMNS, *MORE))
            raise _unreadable(f"rij {number}: de velden zijn {listed}", f"row {number}: the fields are {listed}")
        yield number, row
        sign = text.take()
    if sign != "]":
        raise _unreadable(f"na rij {number} eindigt de lijst niet", f"the list does not end after row {number}")


class _Window:
    """The part of a text that is not read yet, as much as one row needs."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.text, self.place = file, "", 0
        self.decoder = codecs.getincrementaldecoder("utf-8-sig")()

    def more(self) -> bool:
        """Read on; False at the end. Raises UnreadableFile for bytes that are no UTF-8."""
        piece = self.file.read(PIECE)
        try:
            self.text = self.text[self.place :] + self.decoder.decode(piece, final=not piece)
        except UnicodeDecodeError:
            raise _unreadable("dit is geen UTF-8", "this is not UTF-8") from None
        self.place = 0
        return bool(piece)

    def peek(self) -> str:
        """Return the next sign that is no space; nothing at the end."""
        while True:
            while self.place < len(self.text) and self.text[self.place] in " \t\r\n":
                self.place += 1
            if self.place < len(self.text):
                return self.text[self.place]
            if not self.more():
                return ""

    def take(self) -> str:
        """Return the next sign that is no space, and go past it."""
        found = self.peek()
        self.place += len(found)
        return found

    def decode(self, decoder: json.JSONDecoder, number: int) -> Any:
        """Return the next value. Raises UnreadableFile."""
        self.peek()
        while True:
            try:
                row, self.place = decoder.raw_decode(self.text, self.place)
            except (ValueError, RecursionError):
                if len(self.text) - self.place > LARGEST_ROW or not self.more():
                    raise _unreadable(f"rij {number} is geen JSON", f"row {number} is not JSON") from None
            else:
                return row


def _unreadable(nl: str, en: str) -> UnreadableFile:
    return UnreadableFile(reason_nl=nl, reason_en=en)
