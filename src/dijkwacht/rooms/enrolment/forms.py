"""The pages' forms, made from the questions. Answers are kept as typed; `cleaning` decides what they come to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dijkwacht.kernel.errors import Language, Problem
from dijkwacht.law.applicability import house_rulebook
from dijkwacht.rooms.enrolment.questions import SEEN_BY, STEPS, Answer, Question
from dijkwacht.rooms.enrolment.rules import Reason, State
from dijkwacht.rooms.registry import cleaners

DECLARATIONS: Final = (
    ("", _("choose")),
    ("essential", _("an essential entity")),
    ("important", _("an important entity")),
    ("domain-registrar", _("a domain name registration service")),
    ("none", _("none of these: I register because I want to")),
)
STATES: Final = {
    State.WAITING: _("waits for an officer"),
    State.ASKED: _("we asked something"),
    State.APPROVED: _("approved"),
    State.REFUSED: _("refused"),
    State.WITHDRAWN: _("withdrawn"),
}
REASONS: Final = {
    Reason.NOT_PROVEN: _("no broker proved a number at sign-in"),
    Reason.OTHER_NUMBER: _("the number registered is not the one that the broker proved"),
    Reason.NO_REGISTER: _("there is no business register to ask"),
    Reason.UNKNOWN_NUMBER: _("the business register does not know the number"),
    Reason.ENDED: _("the business register says that it has ended"),
    Reason.OTHER_NAME: _("the business register has another name"),
    Reason.NOT_ASSESSED: _("there is no self-assessment"),
    Reason.OTHER_CLASS: _("the self-assessment gives another class than declared"),
    Reason.VOLUNTARY: _("it registers because it wants to"),
    Reason.TAKEN: _("this number is registered, or waits, already"),
    Reason.CONTESTED: _("another organisation claims some of the same space"),
    Reason.STRANGE_NAME: _("the name mixes scripts"),
}


def language() -> Language:
    """Return the language of this request."""
    return "nl" if (get_language() or "nl").startswith("nl") else "en"


def told(problem: Problem) -> str:
    """Return a problem's text for the reader of this request."""
    return problem.text(language())


def type_groups(on: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the types of entity that may register, by sector, in the reader's language."""
    book, tongue = house_rulebook(), language()
    sectors: dict[str, str] = {}
    for row in book.authorities.as_of(on):
        parts = [row[f"sector_{tongue}"], row.get(f"subsector_{tongue}", "")]
        sectors[row["code"]] = ": ".join(filter(None, parts))
    found: dict[str, list[tuple[str, str]]] = {}
    for row in book.types.as_of(on):
        if row["sector"] in cleaners.sector_codes():
            found.setdefault(row["sector"], []).append((row["code"], row[f"name_{tongue}"]))
    return [(f"{sectors.get(code, '')} ({code})", rows) for code, rows in found.items()]


def states() -> list[tuple[str, str]]:
    """Return the Member States, by name in the reader's language as Unicode's CLDR has it."""
    from babel import Locale

    names = Locale(language()).territories
    found = [(code, f"{names[code]} ({code})") for code in cleaners.eu_members()]
    return sorted(found, key=lambda one: one[1])


def _field(name: str, question: Question, on: date) -> forms.Field:
    described = {"label": question.label, "required": False, "help_text": question.hint}
    attributes = {"maxlength": question.longest, "autocomplete": question.complete or "off", "data-check": name}
    if question.required:
        attributes["aria-required"] = "true"
    if question.kind == "choice":
        return forms.ChoiceField(choices=DECLARATIONS, widget=forms.Select(attrs={"data-check": name}), **described)
    if question.kind == "several":
        offered = type_groups(on) if name == "entity_types" else states()
        return forms.MultipleChoiceField(choices=offered, widget=forms.CheckboxSelectMultiple, **described)
    if question.kind in {"area", "holdings"}:
        rows = 12 if question.kind == "holdings" else 3
        return forms.CharField(widget=forms.Textarea(attrs={**attributes, "rows": rows}), strip=False, **described)
    purpose = "email" if name.endswith("_email") else "tel" if name.endswith("_phone") else "text"
    widget = forms.TextInput(attrs={**attributes, "type": purpose, "size": min(question.longest, 40)})
    return forms.CharField(widget=widget, **described)


@dataclass(frozen=True)
class Asked:
    """A question on its page: the field, why it is asked, who sees the answer, and what is wrong with it."""

    field: forms.BoundField
    question: Question
    seen_by: Any
    refusal: str
    described: str


class StepForm(forms.Form):
    """One page of the registration."""

    def __init__(self, step: str, answers: Mapping[str, Answer], on: date) -> None:
        super().__init__(initial=dict(answers))
        self.questions = STEPS[step]
        for name, question in self.questions.items():
            self.fields[name] = _field(name, question, on)
        self.refusals: dict[str, str] = {}

    def refuse(self, reasons: Mapping[str, tuple[str, str]]) -> None:
        """Show what is wrong at its field and in the summary above the page."""
        for name, (nl, en) in reasons.items():
            self.refusals[name] = nl if language() == "nl" else en
            self.fields[name].widget.attrs["aria-invalid"] = "true"

    def parts(self) -> list[tuple[str, list[Asked]]]:
        """Return the questions by group, in order; one without a group stands alone."""
        found: list[tuple[str, list[Asked]]] = []
        for bound in self.visible_fields():
            asked = self._asked(bound)
            title = str(asked.question.group)
            if found and title and found[-1][0] == title:
                found[-1][1].append(asked)
            else:
                found.append((title, [asked]))
        return found

    def _asked(self, bound: forms.BoundField) -> Asked:
        question, refusal = self.questions[bound.name], self.refusals.get(bound.name, "")
        parts = [*(["hint"] if bound.help_text else []), "why", *(["problem"] if refusal else [])]
        described = " ".join(f"{bound.auto_id}_{part}" for part in parts)
        if question.kind != "several":  # there the group is described, not each box
            bound.field.widget.attrs["aria-describedby"] = described
        return Asked(bound, question, SEEN_BY[question.seen], refusal, described)

    def summary(self) -> list[tuple[str, str, str]]:
        """Return (identifier of the field, its label, what is wrong) of every refusal."""
        return [
            (f"{self[name].auto_id}{'_0' * self._grouped(name)}", str(self.fields[name].label), said)
            for name, said in self.refusals.items()
        ]

    def _grouped(self, name: str) -> int:
        """Return 1 for a question of many boxes, of which the first can be gone to."""
        return int(self.questions[name].kind == "several")


def answers_in(step: str, posted: QueryDict) -> dict[str, Answer]:
    """Return the answers of one page as they were posted; a box that is not ticked is an answer too."""
    found: dict[str, Answer] = {}
    for name, question in STEPS[step].items():
        if question.kind == "several":
            found[name] = list(map(str, posted.getlist(name)))
        elif name in posted:
            found[name] = str(posted.get(name, ""))[: question.longest + 1]
    return found
