"""What the forms of the steps show: questions with their choices, and what was answered."""

import re
from collections.abc import Iterable
from typing import Any, Final

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from dijkwacht.law.applicability import Facts
from dijkwacht.law.applicability.answer import DutyAnswer
from dijkwacht.law.applicability.deciding import conditions_of, table_of
from dijkwacht.law.tables import Row
from dijkwacht.rooms.assessment.steps import Questionnaire

Choices = tuple[tuple[str, str], ...]
UNKNOWN: Final = ("unknown", _("I do not know"))
YES_NO: Final[Choices] = (("yes", _("Yes")), ("no", _("No")), UNKNOWN)
PLACES: Final[Choices] = (
    ("nl", _("In the Netherlands")),
    ("eu", _("In another country of the European Union")),
    ("outside", _("Outside the European Union, or it cannot be told")),
    UNKNOWN,
)
# key of the query -> the fact whose question it is, and its choices
CHOICES: Final[dict[str, tuple[str, Choices]]] = {
    "est": (
        "established",
        (
            ("nl", _("In the Netherlands (elsewhere too, perhaps)")),
            ("eu", _("Only in other countries of the European Union")),
            ("outside", _("Only outside the European Union")),
            UNKNOWN,
        ),
    ),
    "serv": (
        "services_in",
        (
            ("nl", _("In the Netherlands (elsewhere too, perhaps)")),
            ("eu", _("Only in other countries of the European Union")),
            ("outside", _("Only outside the European Union")),
            UNKNOWN,
        ),
    ),
    "dec": ("security_decisions", PLACES),
    "ops": ("security_operations", PLACES),
    "most": ("most_staff_in_nl", YES_NO),
    "rep": (
        "representative",
        (
            ("nl", _("Yes, in the Netherlands")),
            ("eu", _("Yes, in another country of the European Union")),
            ("none", _("No")),
            UNKNOWN,
        ),
    ),
}
FIGURES: Final = ("staff", "turnover", "balance")
RELATED: Final = re.compile(r"(?:y[0-9]+[.])?r([0-9]{1,2})[.]")  # a key of an enterprise of the group
RELATED_SHOWN: Final = 3  # rows for linked and partner enterprises


def _said(row: Row, column: str) -> str:
    return str(row[f"{column}_{'nl' if get_language() == 'nl' else 'en'}"])


def _value(asked: Questionnaire, key: str) -> str:
    return (asked.answers.get(key) or [""])[-1]


def choice(asked: Questionnaire, key: str) -> dict[str, Any]:
    """Return a question with its choices, the given one marked."""
    fact, choices = CHOICES[key]
    row = asked.book.questions.row(fact, asked.on)
    return _question(asked, key, row, choices)


def condition(asked: Questionnaire, code: str) -> dict[str, Any]:
    """Return the question of a condition."""
    return _question(asked, f"c.{code}", asked.book.conditions.row(code, asked.on), YES_NO)


def _question(asked: Questionnaire, key: str, row: Row | None, choices: Choices) -> dict[str, Any]:
    given = _value(asked, key)
    return {
        "key": key,
        "question": _said(row, "question") if row else key,
        "hint": _said(row, "hint") if row else "",
        "choices": [(value, gettext(label), value == given) for value, label in choices],
    }


def label(asked: Questionnaire, key: str) -> str:
    """Return the question that a key of the query answers, to name it in a list of what is wrong."""
    of = RELATED.match(key)
    whose = gettext("Enterprise %(number)s") % {"number": int(of[1]) + 1} + ":" if of else ""
    fact = CHOICES[key][0] if key in CHOICES else key.rpartition(".")[2]
    row = asked.book.questions.row(fact, asked.on) or asked.book.conditions.row(key.removeprefix("c."), asked.on)
    return f"{whose} {_said(row, 'question') if row else ''}".strip()


def designations(asked: Questionnaire) -> list[Row]:
    """Return the decisions that can concern these activities, and those that were chosen all the same."""
    types = [row for code in asked.answers.get("t", []) if (row := asked.book.entity_type(code, asked.on))]
    groups = {group for row in types for group in row["groups"]}
    annexes = {row["annex"] for row in types}
    possible = {
        code
        for rule in asked.book.rules_of(asked.on, "class")
        if (not rule["groups"] or groups & set(rule["groups"]))
        and (not rule["annexes"] or annexes & set(rule["annexes"]))
        for code in rule["designations"]
    }
    possible |= set(asked.answers.get("d", []))
    rows = asked.book.designations.as_of(asked.on)
    return [row for row in rows if row["kind"] == "special" or row["code"] in possible]


def in_words(key: str) -> str:
    """Say in the language of the page what is wrong with an answer, and what to do."""
    last = key.rpartition(".")[2]
    if key == "t":
        return gettext("Choose at most twenty activities from the list.")
    if last == "share":
        return gettext("Write a number from 25 to 50; above 50 the enterprise is linked, below 25 it does not count.")
    if last in FIGURES:
        return gettext("Write a number, such as 12, 1.200.000 or 12,5 mln, or leave it empty.")
    if re.fullmatch(r"(y[0-9]+[.])?r[0-9]+[.]kind", key):
        return gettext("Choose how this enterprise is related.")
    if key in {"on", "since", "designated"}:
        return gettext("Write a day such as 2026-11-25, between 1900 and 2199.")
    return gettext("Choose one of the answers.")


def places(asked: Questionnaire, facts: Facts) -> list[str]:
    """Return which questions about the main establishment must be asked: each only when the one before needs it."""
    if not asked.digital(facts):
        return []
    if facts.established == "outside":
        return ["rep"]
    keys = ["dec"]
    if _value(asked, "dec") in {"outside", "unknown"}:
        keys.append("ops")
        if _value(asked, "ops") in {"outside", "unknown"}:
            keys.append("most")
    return keys


def missing(asked: Questionnaire, step: str) -> list[str]:
    """Return the keys that this step needs an answer to and has none for."""
    if step == "activities":
        return [] if asked.answers.get("t") or "none" in asked.answers else ["t"]
    wanted: list[str] = []
    if step == "start":
        wanted = ["est", "serv"]
    elif step == "details":
        facts = asked.facts()
        wanted = [f"c.{code}" for code in conditions_of(table_of(asked.book, asked.on), facts)]
        wanted += places(asked, facts)
    return [key for key in wanted if not _value(asked, key)]


def figures(asked: Questionnaire, prefix: str) -> list[dict[str, str]]:
    """Return the three figures of a year or of an enterprise."""
    rows = [(name, asked.book.questions.row(name, asked.on)) for name in FIGURES]
    return [
        {
            "key": f"{prefix}{name}",
            "question": _said(row, "question") if row else name,
            "hint": _said(row, "hint") if row else "",
            "value": _value(asked, f"{prefix}{name}"),
        }
        for name, row in rows
    ]


def related(asked: Questionnaire) -> list[dict[str, Any]]:
    """Return the rows for linked and partner enterprises: the filled ones and at least one more."""
    filled = {int(key[1:].split(".")[0]) for key in asked.answers if key[0] == "r" and key[1:2].isdigit()}
    count = max([RELATED_SHOWN, *(number + 2 for number in filled)])
    return [
        {
            "number": number + 1,
            "kind": (key := f"r{number}.kind"),
            "chosen": _value(asked, key),
            "share": f"r{number}.share",
            "share_value": _value(asked, f"r{number}.share"),
            "figures": figures(asked, f"r{number}."),
        }
        for number in range(count)
    ]


def years(asked: Questionnaire) -> list[dict[str, Any]]:
    """Return the years before: two, the most recent first; related enterprises of those travel along."""
    return [{"number": number, "figures": figures(asked, f"y{number}.")} for number in (1, 2)]


def dates(asked: Questionnaire) -> list[dict[str, str]]:
    """Return the dates that may matter."""
    shown = [
        (
            "since",
            gettext("Since when is your organisation as you describe it?"),
            gettext("Only if that is after 15 August 2026."),
        ),
        ("on", gettext("For which day do you want the answer?"), gettext("Leave it empty for today.")),
    ]
    if "X.1-institution" in asked.answers.get("t", []):
        shown.insert(0, ("designated", gettext("When were you designated?"), gettext("The date of the decision.")))
    return [
        {"key": key, "question": question, "hint": hint, "value": _value(asked, key)} for key, question, hint in shown
    ]


def grouped(duties: Iterable[DutyAnswer]) -> dict[str, list[DutyAnswer]]:
    """Return the duties, what enforces them, and what is offered, apart."""
    made: dict[str, list[DutyAnswer]] = {"duty": [], "enforcement": [], "offer": []}
    for duty in duties:
        made[duty.kind].append(duty)
    return made
