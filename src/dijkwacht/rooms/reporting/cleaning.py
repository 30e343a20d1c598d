"""From answers as they were typed to facts, each with what is wrong with it. Nothing is stored here.

A moment is kept in UTC. A form gives local time without a zone; in the hour that comes twice the first one counts,
because then no term is read too long. A program must give the offset.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from dijkwacht.rooms.reporting.questions import QUESTIONS, STAGES, Question
from dijkwacht.rooms.reporting.rules import Stage

HERE: Final = ZoneInfo("Europe/Amsterdam")
AHEAD: Final = timedelta(minutes=5)  # what a clock elsewhere may be ahead of ours
EARLIEST: Final = datetime(2018, 11, 9, tzinfo=UTC)  # the first law on reports; nothing before it is reported
MOST_NUMBER: Final = 10**12
_MAIL: Final = re.compile(r"[^@\s\"<>(),:;\\\[\]]{1,64}@[A-Za-z0-9.-]{1,189}\.[A-Za-z0-9-]{2,63}")
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()/.-]{4,38}[0-9]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


class Refused(Exception):
    """A value that cannot be used: why, in Dutch and English."""

    def __init__(self, nl: str, en: str) -> None:
        self.reason = (nl, en)
        super().__init__(en)


@dataclass
class Cleaned:
    """The facts that the answers come to, and what is wrong: question -> (Dutch, English)."""

    facts: dict[str, Any] = field(default_factory=dict)
    refused: dict[str, tuple[str, str]] = field(default_factory=dict)


MISSING: Final = ("dit antwoord ontbreekt", "this answer is missing")


def clean(stage: Stage, answers: Mapping[str, Any], *, now: datetime, local: bool) -> Cleaned:
    """Return the facts of one stage. `local`: a moment without an offset is local time, as in a form."""
    asked, made = STAGES[stage], Cleaned()
    for name in asked.names:
        try:
            value = one(name, answers.get(name), now=now, local=local)
        except Refused as refused:
            made.refused[name] = refused.reason
            continue
        if value is not None:
            made.facts[name] = value
        elif name in asked.required:
            made.refused[name] = MISSING
    _together(made)
    return made


def _together(made: Cleaned) -> None:
    """Check what must fit together: nobody knows of an incident before it began."""
    start, known = made.facts.get("occurrence"), made.facts.get("awareness")
    if start and known and datetime.fromisoformat(start) > datetime.fromisoformat(known):
        made.refused["awareness"] = ("dit is voor het begin van het incident", "this is before the incident began")


def one(name: str, value: Any, *, now: datetime, local: bool) -> Any:
    """Return one answer as a fact; None when nothing was answered. Raises Refused."""
    question = QUESTIONS[name]
    if value is None or value == "" or value == []:
        return None
    return _CLEANERS[question.kind](question, value, now, local)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Refused("dit moet tekst zijn", "this must be text")
    return value


def _bounded(question: Question, text: str) -> str:
    if len(text) > question.longest:
        raise Refused(f"ten hoogste {question.longest} tekens", f"at most {question.longest} characters")
    return text


def _line(question: Question, value: Any, _now: datetime, _local: bool) -> str | None:
    text = " ".join(_text(value).split())
    if _CONTROL.search(text):
        raise Refused("er staan onzichtbare tekens in", "it holds signs that cannot be seen")
    return _bounded(question, text) or None


def _area(question: Question, value: Any, _now: datetime, _local: bool) -> str | None:
    text = _text(value).replace("\r\n", "\n").replace("\r", "\n").strip()
    if _CONTROL.search(text):
        raise Refused("er staan onzichtbare tekens in", "it holds signs that cannot be seen")
    return _bounded(question, text) or None


def _moment(_question: Question, value: Any, now: datetime, local: bool) -> str | None:
    text = _text(value).strip()
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(
            "dit is geen datum en tijd, zoals 2026-11-27T03:15", "this is no date and time, such as 2026-11-27T03:15"
        ) from None
    if moment.tzinfo is None:
        if not local:
            raise Refused("geef de tijdzone, zoals +01:00", "give the offset, such as +01:00")
        moment = moment.replace(tzinfo=HERE)
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        raise Refused("deze datum ligt te ver weg", "this date is too far away") from None
    if moment > now + AHEAD:
        raise Refused("dit ligt in de toekomst", "this is in the future")
    if moment < EARLIEST:
        raise Refused("dit is te lang geleden", "this is too long ago")
    return moment.isoformat(timespec="seconds")


def _choice(question: Question, value: Any, _now: datetime, _local: bool) -> str:
    text = _text(value)
    if text not in {name for name, _label in question.choices}:
        known = ", ".join(name for name, _label in question.choices if name)
        raise Refused(f"kies een van: {known}", f"choose one of: {known}")
    return text


def _number(_question: Question, value: Any, _now: datetime, _local: bool) -> int:
    if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,13}\s*", value, re.ASCII):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_NUMBER:
        raise Refused("dit moet een geheel getal van 0 of meer zijn", "this must be a whole number of 0 or more")
    return value


def _states(_question: Question, value: Any, _now: datetime, _local: bool) -> list[str] | None:
    import iso3166

    words = re.split(r"[\s,;]+", value.strip()) if isinstance(value, str) else value
    if not isinstance(words, list) or len(words) > 250 or not all(isinstance(word, str) for word in words):  # noqa: PLR2004
        raise Refused("geef codes van twee letters", "give codes of two letters")
    found = sorted({word.upper() for word in words if word})
    unknown = [word[:10] for word in found if word not in iso3166.countries_by_alpha2]
    if unknown:
        raise Refused(f"geen landcode: {', '.join(unknown)}", f"no country code: {', '.join(unknown)}")
    return found or None


def _mail(question: Question, value: Any, _now: datetime, _local: bool) -> str | None:
    text = _text(value).strip()
    if text and (len(text) > question.longest or not _MAIL.fullmatch(text)):
        raise Refused("dit is geen e-mailadres", "this is no e-mail address")
    return text or None


def _phone(question: Question, value: Any, _now: datetime, _local: bool) -> str | None:
    text = " ".join(_text(value).split())
    if text and (len(text) > question.longest or not _PHONE.fullmatch(text)):
        raise Refused("dit is geen telefoonnummer", "this is no telephone number")
    return text or None


_CLEANERS: Final[Mapping[str, Callable[[Question, Any, datetime, bool], Any]]] = {
    "line": _line,
    "text": _area,
    "moment": _moment,
    "choice": _choice,
    "number": _number,
    "states": _states,
    "email": _mail,
    "phone": _phone,
}
