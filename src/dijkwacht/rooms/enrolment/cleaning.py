"""From what somebody typed to what the registry stores, and which answers are missing or wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from dijkwacht.rooms.enrolment import holdings
from dijkwacht.rooms.enrolment.questions import QUESTIONS, STEPS, Answer, Question
from dijkwacht.rooms.registry import cleaners, fields, particulars
from dijkwacht.rooms.registry.vocabulary import Declaration

NUMBERS: Final = ("kvk", "rsin", "oin", "roo", "lei", "foreign_number")
ROLES: Final = ("security", "technical", "board", "substitute")
AS_TYPED: Final = frozenset(
    {"name", "foreign_register", "foreign_number", "declaration", "entity_types", "emails", "phones"}
    | {"kvk", "rsin", "oin", "roo", "lei", "member_states"}
)
Refusals = dict[str, tuple[str, str]]  # question -> the reason in Dutch and English


@dataclass
class Cleaned:
    """What the answers come to. `organisation` and `contacts` are values for the registry's actions."""

    organisation: dict[str, Any] = field(default_factory=dict)
    contacts: list[dict[str, str]] = field(default_factory=list)
    assets: list[tuple[str, str]] = field(default_factory=list)
    lines: list[holdings.Line] = field(default_factory=list)
    refused: Refusals = field(default_factory=dict)


def one(name: str, value: Any) -> tuple[str, str] | None:
    """Return why one answer is refused, in Dutch and English, or None. Looks at its form only."""
    try:
        QUESTIONS[name].cleaner(value)
    except cleaners.Refused as refused:
        return refused.reason_nl, refused.reason_en
    return None


def step(name: str, answers: Mapping[str, Answer], *, reserved: bool, on: date) -> Refusals:
    """Return what is wrong with the answers of one page."""
    refused = _read(answers, reserved=reserved, on=on).refused
    return {asked: reason for asked, reason in refused.items() if asked in STEPS[name]}


def everything(
    answers: Mapping[str, Answer], *, reserved: bool, on: date, listed: list[tuple[str, str]] | None
) -> Cleaned:
    """Return what all answers come to; nothing may be stored while `refused` holds something.

    `listed`: the assets of a long list, which stand beside the answers; None while it is being read.
    """
    made = _read(answers, reserved=reserved, on=on)
    if listed is None:
        made.refused["holdings"] = ("de lijst wordt nog gelezen", "the list is still being read")
    else:
        made.assets = list(dict.fromkeys([*made.assets, *listed]))[: holdings.MOST]
    return made


def _read(answers: Mapping[str, Answer], *, reserved: bool, on: date) -> Cleaned:
    made = Cleaned()
    values: dict[str, Any] = {}
    for name, question in QUESTIONS.items():
        given = answers.get(name, "")
        try:
            values[name] = question.cleaner(given)
        except cleaners.Refused as refused:
            made.refused[name] = (refused.reason_nl, refused.reason_en)
            continue
        if _wanted(question, answers) and (values[name] in ("", [], None) or (question.kind == "choice" and not given)):
            made.refused[name] = ("dit veld is verplicht", "this field is required")
    if not any(values.get(number) for number in NUMBERS) and not made.refused.keys() & set(NUMBERS):
        made.refused["kvk"] = (
            "vul ten minste één nummer in: KvK, RSIN, OIN, ROO of een buitenlands nummer",
            "give at least one number: KvK, RSIN, OIN, ROO or a foreign one",
        )
    _organisation(made, values)
    _contacts(made, values)
    made.lines = holdings.read(str(answers.get("holdings", "")), reserved=reserved, on=on)
    made.assets = holdings.values(made.lines)
    return made


def _wanted(question: Question, answers: Mapping[str, Answer]) -> bool:
    """Tell whether a question must be answered: who registers because it wants to need not be of a type of the law."""
    voluntary = answers.get("declaration") == Declaration.NONE and question.name == "entity_types"
    return question.required and not voluntary


def _organisation(made: Cleaned, values: Mapping[str, Any]) -> None:
    made.organisation = {name: values[name] for name in QUESTIONS if name in AS_TYPED and name in values}
    types = values.get("entity_types", [])
    made.organisation["sectors"] = sorted({code.partition("-")[0] for code in types})
    main = ["main", "", *(str(values.get(f"main_{part}", "")) for part in ("street", "postcode", "city", "country"))]
    lists = {
        "main_street": ["|".join(main)] if values.get("main_street") and values.get("main_city") else [],
        "establishments": [f"establishment|{line}" for line in _lines(values.get("establishments"))],
        "representative": [f"representative|{line}" for line in _lines(values.get("representative"))],
    }
    addresses = []
    for name, lines in lists.items():
        addresses += _small(made, name, particulars.addresses, lines)
    made.organisation["addresses"] = addresses
    made.organisation["arrangements"] = _small(
        made, "arrangements", particulars.arrangements, _lines(values.get("arrangements"))
    )
    made.organisation["country"] = values.get("main_country", "NL")
    problems = fields.clean(fields.ORGANISATION, made.organisation).problems
    for problem in problems:
        name = str(problem.fields["field"])
        place = name if name in QUESTIONS else {"addresses": "main_street", "country": "main_country"}.get(name)
        made.refused.setdefault(place or "entity_types", (problem.fields["reason_nl"], problem.fields["reason_en"]))


def _lines(value: Any) -> list[str]:
    return [line.strip() for line in str(value or "").splitlines() if line.strip()]


def _small(made: Cleaned, name: str, cleaner: cleaners.Cleaner, lines: list[str]) -> list[Any]:
    try:
        found: list[Any] = cleaner(lines)
    except cleaners.Refused as refused:
        made.refused.setdefault(name, (refused.reason_nl, refused.reason_en))
        return []
    return found


def _contacts(made: Cleaned, values: Mapping[str, Any]) -> None:
    for role in ROLES:
        name, email, telephone = (str(values.get(f"{role}_{part}", "")) for part in ("name", "email", "phone"))
        if email:
            made.contacts.append({"role": role, "name": name, "email": email, "phone": telephone})
        elif name or telephone:
            made.refused.setdefault(f"{role}_email", ("een e-mailadres is nodig", "an e-mail address is needed"))
