"""What is asked in which stage, in what order, on which ground. One list for the pages, the API and the offline form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from dijkwacht.rooms.reporting.rules import Stage

YES_NO: Final = (("yes", _("yes")), ("no", _("no")), ("unknown", _("not known yet")))
MATTERS: Final = (
    ("incident", _("an incident that must be reported, or may have to be")),
    ("voluntary", _("another incident, voluntarily")),
    ("near-miss", _("something that nearly went wrong")),
    ("threat", _("a threat")),
)
CAUSES: Final = (
    ("", _("choose")),
    ("malicious", _("malicious act")),
    ("system-failure", _("system failure")),
    ("human-error", _("human error")),
    ("natural", _("natural phenomenon")),
    ("third-party", _("failure of a supplier")),
)
SEVERITIES: Final = (
    ("", _("choose")),
    ("low", _("low")),
    ("medium", _("medium")),
    ("high", _("high")),
    ("critical", _("critical")),
)


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question. `kind`: line, text, moment, choice, number, states, email, phone. `basis`: article of law."""

    label: Any
    kind: str = "line"
    basis: str = ""
    hint: Any = ""
    choices: tuple[tuple[str, Any], ...] = ()
    longest: int = 200  # characters
    complete: str = ""  # autocomplete token of HTML


QUESTIONS: Final[Mapping[str, Question]] = {
    "matter": Question(
        label=_("What do you report?"), kind="choice", choices=MATTERS, basis="Cbw 25, 33"
    ),
    "title": Question(label=_("What is going on, in one line"), longest=120),
    "occurrence": Question(
        label=_("When did it start, as far as you know?"), kind="moment", basis="Cbb 24", hint=_("An estimate will do.")
    ),
    "detection": Question(label=_("When was it detected?"), kind="moment"),
    "awareness": Question(
        label=_("When did you know that it may be significant?"),
        kind="moment",
        basis="Cbw 26, 27",
        hint=_("The 24 and 72 hours run from this moment."),
    ),
    "awareness_by": Question(label=_("Who established that?"), longest=120),
    "determination": Question(label=_("When was it established what happened?"), kind="moment"),
    "malicious": Question(
        label=_("Is an unlawful or malicious act suspected?"), kind="choice", choices=YES_NO, basis="Cbw 26"
    ),
    "cross_border": Question(
        label=_("May it have effect in another country?"), kind="choice", choices=YES_NO, basis="Cbw 26"
    ),
    "member_states": Question(
        label=_("In which countries?"), kind="states", hint=_("Codes of two letters, such as BE DE."), basis="Cbw 27"
    ),
    "contact_name": Question(label=_("Who can we ask? Name"), basis="Cbw 26", longest=120, complete="name"),
    "contact_phone": Question(label=_("Telephone"), kind="phone", basis="Cbw 26", longest=40, complete="tel"),
    "contact_email": Question(label=_("E-mail"), kind="email", basis="Cbw 26", longest=254, complete="email"),
    "nature": Question(
        label=_("What happened, and what does one notice of it?"), kind="text", basis="Cbb 25", longest=8000
    ),
    "prognosis": Question(label=_("When do you expect to have recovered?"), kind="text", basis="Cbb 25", longest=2000),
    "measures": Question(label=_("What did you do, and what will you do?"), kind="text", basis="Cbb 25", longest=8000),
    "services": Question(label=_("Which services are affected?"), kind="text", longest=2000),
    "severity": Question(
        label=_("How severe is it, as it looks now?"), kind="choice", choices=SEVERITIES, basis="Cbw 27(1)"
    ),
    "impact": Question(
        label=_("What are the consequences, for you and for others?"), kind="text", basis="Cbw 27(1)", longest=8000
    ),
    "users_affected": Question(label=_("How many users are affected?"), kind="number", basis="Cbw 27(1)"),
    "outage_minutes": Question(label=_("For how many minutes was a service completely unavailable?"), kind="number"),
    "loss_eur": Question(label=_("Direct financial loss, in euros"), kind="number"),
    "personal_data": Question(
        label=_("Are personal data involved?"),
        kind="choice",
        choices=YES_NO,
        basis="AVG 33",
        hint=_("If so, the Dutch data protection authority must know as well."),
    ),
    "indicators": Question(
        label=_("Indicators of compromise"),
        kind="text",
        basis="Cbw 27(1)",
        hint=_("Addresses, names, hashes and links, in any form; hxxp and [.] are understood."),
        longest=20_000,
    ),
    "status": Question(label=_("How does it stand now?"), kind="text", basis="Cbw 28", longest=8000),
    "description": Question(
        label=_("What happened, in detail, with severity and consequences"),
        kind="text",
        basis="Cbw 29(1)(a)",
        longest=20_000,
    ),
    "cause": Question(
        label=_("What was the cause?"), kind="choice", choices=CAUSES, basis="Cbw 29(1)(b)"
    ),
    "cause_text": Question(
        label=_("The threat or the root cause, in words"), kind="text", basis="Cbw 29(1)(b)", longest=8000
    ),
    "mitigation": Question(
        label=_("Which measures were taken, and which go on?"), kind="text", basis="Cbw 29(1)(c)", longest=8000
    ),
    "cross_border_impact": Question(
        label=_("What were the consequences in other countries?"), kind="text", basis="Cbw 29(1)(d)", longest=4000
    ),
    "handled": Question(label=_("When was the incident dealt with?"), kind="moment", basis="Cbw 29(2)"),
}


@dataclass(frozen=True)
class Asked:
    """What a stage asks: what must be answered, and what may be."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return self.required + self.optional


_CONTACT: Final = ("contact_name", "contact_phone", "contact_email")
_FIRST: Final = ("title", "occurrence", "awareness", "malicious", "cross_border", *_CONTACT)
_IF_POSSIBLE: Final = ("nature", "prognosis", "measures", "member_states", "detection", "awareness_by", "determination")
_JUDGED: Final = ("services", "users_affected", "outage_minutes", "loss_eur", "personal_data")
_REPORT: Final = ("description", "severity", "impact", "cause", "mitigation")
_REPORT_MORE: Final = ("cause_text", "cross_border_impact", "member_states", *_JUDGED, "indicators", *_CONTACT)

STAGES: Final[Mapping[Stage, Asked]] = {
    Stage.EARLY_WARNING: Asked(("matter", *_FIRST), (*_IF_POSSIBLE, "indicators")),
    Stage.NOTIFICATION: Asked((*_FIRST, "severity", "impact"), (*_JUDGED, *_IF_POSSIBLE, "indicators")),
    Stage.INTERMEDIATE: Asked(("status",), ("measures", "prognosis", "indicators", *_CONTACT)),
    Stage.PROGRESS: Asked(_REPORT, _REPORT_MORE),
    Stage.FINAL: Asked(_REPORT, _REPORT_MORE),
    Stage.FINAL_AFTER_PROGRESS: Asked(("handled", *_REPORT), _REPORT_MORE),
    Stage.VOLUNTARY: Asked(("matter", "title", *_CONTACT), ("nature", "occurrence", "malicious", "indicators")),
}
STAGE_TITLES: Final[Mapping[Stage, Any]] = {
    Stage.EARLY_WARNING: _("Early warning"),
    Stage.NOTIFICATION: _("Notification"),
    Stage.INTERMEDIATE: _("Intermediate report"),
    Stage.PROGRESS: _("Progress report"),
    Stage.FINAL: _("Final report"),
    Stage.FINAL_AFTER_PROGRESS: _("Final report after progress"),
    Stage.VOLUNTARY: _("Voluntary report"),
}
