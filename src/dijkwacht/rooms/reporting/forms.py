"""The page of a stage, made from the questions. Answers are kept as typed; `cleaning` decides what they come to."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dijkwacht.kernel.errors import Language, Problem
from dijkwacht.rooms.reporting.cleaning import Reason
from dijkwacht.rooms.reporting.questions import STAGES, Asked, Question
from dijkwacht.rooms.reporting.rules import Channel, Matter, Stage, State
from dijkwacht.rooms.reporting.weighing import ALL

STATES: Final = {State.OPEN: _("open"), State.HANDLED: _("dealt with"), State.CLOSED: _("closed")}
MATTERS: Final = {
    Matter.INCIDENT: _("incident"),
    Matter.VOLUNTARY: _("voluntary"),
    Matter.NEAR_MISS: _("near miss"),
    Matter.THREAT: _("threat"),
}
CHANNELS: Final = {
    Channel.PORTAL: _("portal"),
    Channel.API: _("program"),
    Channel.PHONE: _("telephone"),
    Channel.GUEST: _("without account"),
    Channel.FORM: _("offline form"),
    Channel.WBNI: _("before the Cbw"),
}


def language() -> Language:
    """Return the language of this request."""
    return "nl" if (get_language() or "nl").startswith("nl") else "en"


def told(problem: Problem) -> str:
    """Return a problem's text for the reader of this request."""
    return problem.text(language())


def _field(question: Question, *, required: bool) -> forms.Field:
    described = {"label": question.label, "required": False, "help_text": question.hint}
    attributes: dict[str, Any] = {"autocomplete": question.complete or "off", "maxlength": question.longest}
    if required:
        attributes["aria-required"] = "true"
    if question.choices:
        return forms.ChoiceField(
            choices=question.choices, widget=forms.Select(attrs={"autocomplete": "off"}), **described
        )
    if question.kind in {"text", "list"}:
        return forms.CharField(widget=forms.Textarea(attrs={**attributes, "rows": 4}), strip=False, **described)
    kind = {"moment": "datetime-local", "number": "text"}.get(question.kind, "text")
    kind = {"email": "email", "tel": "tel"}.get(question.complete, kind)
    mode = {"inputmode": "numeric"} if question.kind == "number" else {}
    widget = forms.TextInput(attrs={**attributes, **mode, "type": kind, "size": min(question.longest, 40)})
    return forms.CharField(widget=widget, **described)


class AskedForm(forms.Form):
    """One page: first what must be answered, then what may be."""

    def __init__(self, asked: Asked, answers: Mapping[str, str]) -> None:
        super().__init__(initial=dict(answers))
        self.asked = asked
        for name in self.asked.names:
            self.fields[name] = _field(self.question(name), required=name in self.asked.required)
        self.refusals: dict[str, str] = {}

    def question(self, name: str) -> Question:
        """Return the question behind a field."""
        return self.asked.own.get(name) or ALL[name]

    def refuse(self, reasons: Mapping[str, Reason]) -> None:
        """Show what is wrong at its field and in the summary above the page."""
        for name, (nl, en) in reasons.items():
            if name in self.fields:
                self.refusals[name] = nl if language() == "nl" else en
                self.fields[name].widget.attrs["aria-invalid"] = "true"

    def must(self) -> list[dict[str, Any]]:
        """Return the questions that must be answered."""
        return [self._asked(name) for name in self.asked.required]

    def rest(self) -> list[dict[str, Any]]:
        """Return what may be answered, whichever law asks it."""
        return [self._asked(name) for name in self.asked.optional]

    def may(self) -> list[tuple[str, bool, list[dict[str, Any]]]]:
        """Return what may be answered, by the law that asks it: its title, whether it is shown at once, questions.

        It is shown at once when something of it is filled in, or wrong.
        """
        groups: dict[str, list[str]] = {}
        for name in self.asked.optional:
            groups.setdefault(str(self.question(name).group or _("More, if you know it already")), []).append(name)
        return [
            (title, any(self.initial.get(name) or name in self.refusals for name in names), [*map(self._asked, names)])
            for title, names in groups.items()
        ]

    def _asked(self, name: str) -> dict[str, Any]:
        bound, question, refusal = self[name], self.question(name), self.refusals.get(name, "")
        parts = [*(["hint"] if question.hint or question.basis else []), *(["problem"] if refusal else [])]
        if parts:
            bound.field.widget.attrs["aria-describedby"] = " ".join(f"{bound.auto_id}_{part}" for part in parts)
        return {"field": bound, "question": question, "refusal": refusal, "required": name in self.asked.required}

    def summary(self) -> list[tuple[str, str]]:
        """Return (identifier of the field, its label with what is wrong) of every refusal."""
        return [
            (self[name].auto_id, _beside(str(self.fields[name].label), said)) for name, said in self.refusals.items()
        ]


def _beside(label: str, said: str) -> str:
    """A label and what is wrong: "Name: this answer is missing", "Since when? This answer is missing"."""
    return f"{label} {said[:1].upper()}{said[1:]}" if label.endswith("?") else f"{label}: {said}"


class StageForm(AskedForm):
    """The page of a stage."""

    def __init__(self, stage: Stage, answers: Mapping[str, str]) -> None:
        super().__init__(STAGES[stage], answers)


def answers_in(stage: Stage, posted: QueryDict) -> dict[str, str]:
    """Return the answers of the page of a stage as they were posted."""
    return answers_to(STAGES[stage], posted)


def answers_to(asked: Asked, posted: QueryDict) -> dict[str, str]:
    """Return the answers of one page as they were posted."""
    asking = {name: asked.own.get(name) or ALL[name] for name in asked.names if name in posted}
    return {name: str(posted.get(name, ""))[: question.longest + 1] for name, question in asking.items()}
