"""What a form or a file says of a shift, held to what a shift can be."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dijkwacht.platform.outbox.addressing import checked_recipient
from dijkwacht.platform.outbox.errors import InvalidRecipient
from dijkwacht.platform.outbox.models import Channel
from dijkwacht.rooms.registry.cleaners import phone
from dijkwacht.rooms.reporting.cleaning import UNSEEN
from dijkwacht.rooms.reporting.oncall import rules
from dijkwacht.rooms.reporting.oncall.errors import FileNotUsable, ShiftNotUsable

COLUMNS: Final = ("name", "from", "to", "mail", "sms", "webhook")
LARGEST: Final = 1 << 20  # bytes of a file
MOST: Final = 2000  # rows of a file
LONGEST_NAME: Final = 100


@dataclass(frozen=True)
class Given:
    """A shift as it can be kept. `ways`: channel to address, at least one."""

    name: str
    starts_at: datetime
    ends_at: datetime
    ways: dict[str, str]


def given(values: Mapping[str, str]) -> Given:
    """Return the shift that some words come to; keys as in COLUMNS. Raises ShiftNotUsable."""
    name = " ".join(values.get("name", "").split())
    if not name or len(name) > LONGEST_NAME or UNSEEN.search(name):
        raise ShiftNotUsable(
            reason_nl=f"de naam heeft 1 tot {LONGEST_NAME} tekens", reason_en=f"a name has 1 to {LONGEST_NAME} letters"
        )
    begin, end = _moment(values, "from"), _moment(values, "to")
    if not begin < end <= begin + rules.LONGEST_SHIFT:
        days = rules.LONGEST_SHIFT.days
        raise ShiftNotUsable(
            reason_nl=f"zij eindigt na haar begin, en binnen {days} dagen",
            reason_en=f"it ends after it begins, and within {days} days",
        )
    ways = {str(channel): way for channel in Channel if (way := _way(channel, values.get(channel.value, "").strip()))}
    if not ways:
        raise ShiftNotUsable(
            reason_nl="geef een e-mailadres, telefoonnummer of webhook", reason_en="give a mail, telephone or webhook"
        )
    return Given(name, begin, end, ways)


def _moment(values: Mapping[str, str], column: str) -> datetime:
    text = values.get(column, "")
    try:
        return rules.read_time(text)
    except (ValueError, OverflowError):
        shown = UNSEEN.sub("", text)[:40]
        raise ShiftNotUsable(
            reason_nl=f"{shown!r} is geen tijdstip, zoals 2026-11-27T17:30",
            reason_en=f"{shown!r} is no moment, such as 2026-11-27T17:30",
        ) from None


def _way(channel: Channel, text: str) -> str:
    if not text:
        return ""
    try:
        return checked_recipient(channel, phone(text) if channel is Channel.SMS else text)
    except (InvalidRecipient, ValueError):
        raise ShiftNotUsable(
            reason_nl=f"dit is niet bruikbaar als {channel.value}", reason_en=f"this cannot be used as {channel.value}"
        ) from None


def rows(content: bytes) -> list[Given]:
    """Return the shifts of a CSV file. Raises FileNotUsable with the line and the reason of all that is wrong."""
    found, wrong = [], []
    for line, values in _lines(content):
        try:
            found.append(given(values))
        except ShiftNotUsable as problem:
            wrong.append((line, problem))
    if wrong:
        told = {
            language: "; ".join(
                f"{word} {line}: {problem.fields[f'reason_{language}']}" for line, problem in wrong[:20]
            )
            for language, word in (("nl", "regel"), ("en", "line"))
        }
        raise FileNotUsable(reason_nl=told["nl"], reason_en=told["en"])
    if not found:
        raise FileNotUsable(reason_nl="er staan geen diensten in", reason_en="there are no shifts in it")
    return found


def _lines(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    if len(content) > LARGEST:
        raise FileNotUsable(reason_nl="het bestand is groter dan 1 MB", reason_en="the file is larger than 1 MB")
    try:
        text = content.decode("utf-8-sig")
        first = text.partition("\n")[0]
        separator = max(",;\t", key=first.count)
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
        lacking = [name for name in COLUMNS[:3] if name not in names]
        strange = [name for name in names if name not in COLUMNS]
        if lacking or strange or len(set(names)) < len(names):
            columns = ", ".join(COLUMNS)
            raise FileNotUsable(reason_nl=f"de kolommen zijn {columns}", reason_en=f"the columns are {columns}")
        reader.fieldnames = names
        for number, row in enumerate(reader, start=1):
            if number > MOST:
                raise FileNotUsable(reason_nl=f"meer dan {MOST} regels", reason_en=f"more than {MOST} rows")
            yield reader.line_num, {name: str(row.get(name) or "") for name in COLUMNS}
    except (UnicodeDecodeError, csv.Error) as error:
        raise FileNotUsable(reason_nl="dit is geen CSV in UTF-8", reason_en="this is no CSV in UTF-8") from error
