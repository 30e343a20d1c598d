"""From answers as a form has them to facts of the record of `law.incidents`, each with what is wrong with it.

A form gives local time without an offset. Of an hour that comes twice the first is taken: no term is read too long.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from dijkwacht.law.incidents import IncidentRecord, RecordNotUsable
from dijkwacht.law.incidents.facts import MEMBER_STATES, TYPES
from dijkwacht.law.incidents.moments import read_moment
from dijkwacht.platform import attachments
from dijkwacht.rooms.reporting import indicators
from dijkwacht.rooms.reporting.questions import MATTER, MATTERS, STAGES, Asked, Question, nested
from dijkwacht.rooms.reporting.rules import Stage
from dijkwacht.rooms.reporting.weighing import ALL

HERE: Final = ZoneInfo("Europe/Amsterdam")
AHEAD: Final = timedelta(minutes=5)  # what a clock elsewhere may be ahead of ours
UNSEEN: Final = attachments.UNSEEN
PRESENT: Final = ("occurrence", "detection", "awareness", "determination", "handled")
Reason = tuple[str, str]  # Dutch, English


@dataclass
class Cleaned:
    """The facts that the answers come to; what is wrong; what was said not to be known."""

    facts: dict[str, Any] = field(default_factory=dict)
    refused: dict[str, Reason] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)


_NO_TYPE: Final[Reason] = (
    "geen klasse, of klasse/type, van de Reference Security Incident Taxonomy",
    "not a class, or class/type, of the Reference Security Incident Taxonomy",
)
MISSING: Final[Reason] = ("dit antwoord ontbreekt", "this answer is missing")
NOT_USABLE: Final[Reason] = ("dit is niet bruikbaar", "this cannot be used")

# By the kind of a question, or by what a browser fills in there.
WORDS: Final[Mapping[str, Reason]] = {
    "email": ("geef een e-mailadres, zoals naam@example.nl", "give a mail address, such as name@example.nl"),
    "tel": ("geef een telefoonnummer, zoals +31 20 623 0101", "give a telephone number, such as +31 20 623 0101"),
    "number": ("geef een heel getal dat hier past", "give a whole number that fits here"),
    "moment": ("geef datum en tijd, zoals 2026-11-27T03:15", "give date and time, such as 2026-11-27T03:15"),
    "yes-no": ("geef ja of nee", "give yes or no"),
    "choice": ("kies een van de antwoorden", "choose one of the answers"),
    "states": ("geef landcodes, zoals DE BE", "give country codes, such as DE BE"),
    "text": ("dit is te lang, of geen tekst", "this is too long, or no text"),
}


def from_form(stage: Stage, answers: Mapping[str, str], now: datetime) -> Cleaned:
    """Return the facts that the answers of a stage come to, with everything that is wrong."""
    return from_answers(STAGES[stage], answers, now)


def from_answers(asked: Asked, answers: Mapping[str, str], now: datetime) -> Cleaned:
    """Return the facts that a form's answers come to, with everything that is wrong."""
    made = Cleaned()
    for name in asked.names:
        text = answers.get(name, "").replace("\r\n", "\n").strip()
        if not text:
            continue
        question = asked.own.get(name) or ALL[name]
        if text == "unknown" and question.kind == "yes-no":
            made.unknown.add(name)
            continue
        value, wrong = _value(question, text)
        if wrong:
            made.refused[name] = wrong
        else:
            made.facts[name] = value
    return checked(asked, made, now)


def from_record(stage: Stage, given: Mapping[str, Any], now: datetime) -> Cleaned:
    """Return the facts of a program's record; a key with null says that it is not known."""
    made = Cleaned(dict(given), {}, {name for name, value in given.items() if value is None})
    return checked(STAGES[stage], made, now, only_asked=False)


def checked(asked: Asked, made: Cleaned, now: datetime, *, only_asked: bool = True) -> Cleaned:
    """Hold facts to the record's own shape, to each other, and to what must be answered."""
    _shape(made, asked if only_asked else None)
    _codes(made)
    for name in PRESENT:
        moment = _moment_of(made, name)
        if moment is not None and moment > now + AHEAD:
            made.refused[name] = ("dit ligt in de toekomst", "this is in the future")
    start, known = _moment_of(made, "occurrence"), _moment_of(made, "awareness")
    if start and known and start > known and "awareness" not in made.refused:
        made.refused["awareness"] = ("dit is voor het begin van het incident", "this is before the incident began")
    for name in asked.required:
        optional = name == MATTER and not only_asked
        if made.facts.get(name) in (None, "", []) and name not in made.unknown | made.refused.keys() and not optional:
            made.refused[name] = MISSING
    return made


def _shape(made: Cleaned, asked: Asked | None) -> None:
    """Let the record of the law judge each fact. `asked`: what a page asked; none where a program gave the facts."""
    matter = made.facts.get(MATTER)
    if matter is not None and matter not in {name for name, _label in MATTERS}:
        made.refused[MATTER] = NOT_USABLE
    try:
        IncidentRecord.read(nested({name: value for name, value in made.facts.items() if name != MATTER}))
    except RecordNotUsable as wrong:
        for fault in wrong.faults:
            name = re.split(r"[.\[]", fault.path)[0]
            made.refused.setdefault(name, _in_words(name, fault.message, asked))
    for name, value in made.facts.items():
        if isinstance(value, str) and UNSEEN.search(value):
            made.refused[name] = ("er staan onzichtbare tekens in", "it holds signs that cannot be seen")


def _codes(made: Cleaned) -> None:
    """Hold codes to their lists: what comes in, not what stands in a record of before."""
    states, kind = made.facts.get("member_states"), made.facts.get("incident_type")
    for state in states if isinstance(states, list | tuple) else ():
        if state not in MEMBER_STATES:
            made.refused.setdefault("member_states", _no_state(str(state)))
    if kind and kind not in TYPES:
        made.refused.setdefault("incident_type", _NO_TYPE)


def _no_state(text: str) -> Reason:
    return f"geen lidstaat van de Europese Unie: {text[:40]}", f"no Member State of the Union: {text[:40]}"


def _in_words(name: str, message: str, asked: Asked | None) -> Reason:
    """Say in our own words what is wrong with a fact; to a program also what the schema, which is English, says."""
    question = (asked.own.get(name) if asked else None) or ALL.get(name)
    nl, en = WORDS.get(question.complete or question.kind, NOT_USABLE) if question else NOT_USABLE
    return (nl, en) if asked else (f"{nl} (schema: {message})", f"{en} (schema: {message})")


def _moment_of(made: Cleaned, name: str) -> datetime | None:
    value = made.facts.get(name)
    if not isinstance(value, str) or name in made.refused:
        return None
    moment: datetime = read_moment(value)
    return moment


def _value(question: Question, text: str) -> tuple[Any, Reason | None]:
    """Return what one answer comes to, or why it does not."""
    if len(text) > question.longest:
        return None, (f"ten hoogste {question.longest} tekens", f"at most {question.longest} characters")
    if question.choices:
        known = text in {name for name, _label in question.choices}
        return (text == "yes" if question.kind == "yes-no" else text), None if known else NOT_USABLE
    return READ.get(question.kind, _plain)(text)


def _plain(text: str) -> tuple[str, Reason | None]:
    return text, None


def _line(text: str) -> tuple[str, Reason | None]:
    return " ".join(text.split()), None


def _number(text: str) -> tuple[int | None, Reason | None]:
    if re.fullmatch(r"[0-9]{1,13}", text, re.ASCII):
        return int(text), None
    return None, ("geef een heel getal", "give a whole number")


def _list(text: str) -> tuple[list[str], Reason | None]:
    found = [one.value for one in indicators.recognise(text)]
    return list(dict.fromkeys([*found, *indicators.unrecognised(text)])), None  # what we do not know is kept as text


def _moment(text: str) -> tuple[str | None, Reason | None]:
    try:
        moment = datetime.fromisoformat(text)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=HERE)).astimezone(UTC)
    except (ValueError, OverflowError):
        example = "2026-11-27T03:15"
        return None, (f"dit is geen datum en tijd, zoals {example}", f"this is no date and time, such as {example}")
    return moment.isoformat(timespec="seconds"), None


def _states(text: str) -> tuple[list[str] | None, Reason | None]:
    found = sorted({word.upper() for word in re.split(r"[\s,;]+", text) if word})
    unknown = ", ".join(word[:10] for word in found if word not in MEMBER_STATES)
    return (None, _no_state(unknown)) if unknown else (found, None)


READ: Final[Mapping[str, Callable[[str], tuple[Any, Reason | None]]]] = {
    "line": _line,
    "moment": _moment,
    "number": _number,
    "states": _states,
    "list": _list,
}
