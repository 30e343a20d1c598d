"""From the form of a criterion to the form in which the law reads it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NoReturn

from dijkwacht.law.incidents import Criterion, RecordNotUsable, read_overlay
from dijkwacht.rooms.reporting.cleaning import UNSEEN
from dijkwacht.rooms.reporting.errors import InvalidValue

ROWS: Final = (1, 2, 3)  # conditions of a criterion; all of them must hold
LONGEST: Final = 500  # characters of a sentence
FIGURES: Final = ("at_least", "above", "at_most", "below")
TRUTHS: Final = {"yes": True, "no": False}
TESTS: Final = (*FIGURES, *TRUTHS)
OWN: Final = re.compile(r"own\.[a-z0-9\-]{1,40}")


@dataclass
class Given:
    """A criterion as it can be kept."""

    criterion: dict[str, Any]
    questions: dict[str, dict[str, str]] = field(default_factory=dict)
    valid_from: date | None = None
    valid_to: date | None = None


def given(values: Mapping[str, str], code: str) -> Given:
    """Return the criterion that a form comes to. Raises InvalidValue, naming the field."""
    made = Given({"code": code, "article": _line(values, "article") or "Cbb 23(1)", "all": []})
    for language in ("nl", "en"):
        name = f"sentence_{language}"
        made.criterion[name] = _line(values, name) or _refuse(name, "dit ontbreekt", "this is missing")
    for number in ROWS:
        _condition(values, number, made)
    if not made.criterion["all"]:
        _refuse("fact_1", "geef ten minste één voorwaarde", "give at least one condition")
    made.valid_from, made.valid_to = _day(values, "valid_from"), _day(values, "valid_to")
    if made.valid_from is None:
        _refuse("valid_from", "dit ontbreekt", "this is missing")
    elif made.valid_to is not None and made.valid_to < made.valid_from:
        _refuse("valid_to", "dit is voor de eerste dag", "this is before the first day")
    try:
        (read,) = read_overlay([made.criterion])
    except RecordNotUsable as wrong:
        told = "; ".join(fault.message for fault in wrong.faults)
        _refuse("fact_1", f"een voorwaarde past niet bij haar feit ({told})", told)
    else:
        made.criterion = Criterion.model_dump(read, mode="json", by_alias=True, exclude_none=True)
    return made


def _condition(values: Mapping[str, str], number: int, made: Given) -> None:
    fact, test = _line(values, f"fact_{number}"), values.get(f"test_{number}", "")
    if not fact:
        return
    if test not in TESTS:
        _refuse(f"test_{number}", "kies een toets", "choose a test")
    if test in TRUTHS:
        made.criterion["all"].append({"fact": fact, "is": TRUTHS[test]})
    else:
        made.criterion["all"].append({"fact": fact, test: _figure(values, f"value_{number}")})
    if fact.startswith("own."):
        if not OWN.fullmatch(fact):
            _refuse(f"fact_{number}", "een eigen feit heet own.naam", "a fact of its own is called own.name")
        asked = {language: _line(values, f"question_{language}_{number}") for language in ("nl", "en")}
        if not all(asked.values()):
            _refuse(f"question_nl_{number}", "een eigen feit heeft een vraag", "a fact of its own has a question")
        made.questions[fact] = {**asked, "kind": "yes-no" if test in TRUTHS else "number"}


def _figure(values: Mapping[str, str], name: str) -> float:
    text = values.get(name, "").strip()
    if not re.fullmatch(r"[0-9]{1,13}(\.[0-9]{1,6})?", text, re.ASCII):
        _refuse(name, "geef een getal", "give a number")
    return float(text)


def _line(values: Mapping[str, str], name: str) -> str:
    text = " ".join(values.get(name, "").split())
    if len(text) > LONGEST or UNSEEN.search(text):
        _refuse(name, f"ten hoogste {LONGEST} zichtbare tekens", f"at most {LONGEST} visible characters")
    return text


def _day(values: Mapping[str, str], name: str) -> date | None:
    text = values.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        _refuse(name, "dit is geen datum", "this is no date")


def _refuse(name: str, nl: str, en: str) -> NoReturn:
    raise InvalidValue(field=name, reason_nl=nl, reason_en=en)
