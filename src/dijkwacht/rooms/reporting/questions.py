"""What the pages ask in which stage. Each question is a fact of the record of `law.incidents`, under the same name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from dijkwacht.rooms.reporting.rules import Stage

YES_NO: Final = (("", _("choose")), ("yes", _("yes")), ("no", _("no")), ("unknown", _("not known yet")))
MATTERS: Final = (
    ("incident", _("an incident that must be reported, or may have to be")),
    ("voluntary", _("another incident, voluntarily")),
    ("near-miss", _("something that nearly went wrong")),
    ("threat", _("a threat")),
)
CAUSES: Final = (
    ("", _("choose")),
    ("malicious-act", _("malicious act")),
    ("system-failure", _("system failure")),
    ("human-error", _("human error")),
    ("natural-event", _("natural phenomenon")),
    ("third-party", _("failure of a supplier")),
    ("unknown", _("not known yet")),
)
SEVERITIES: Final = (
    ("", _("choose")),
    ("low", _("low")),
    ("medium", _("medium")),
    ("high", _("high")),
    ("critical", _("critical")),
)
TYPES: Final = (
    ("", _("choose")),
    ("availability", _("a service is disturbed or overloaded")),
    ("malicious-code", _("malware or ransomware")),
    ("intrusions", _("somebody got in")),
    ("intrusion-attempts", _("somebody tries to get in")),
    ("information-content-security", _("data leaked, were changed or lost")),
    ("fraud", _("fraud or phishing")),
    ("vulnerable", _("a vulnerability")),
    ("other", _("something else")),
)

ROLES: Final = (
    ("", _("choose")),
    ("controller", _("controller")),
    ("processor", _("processor")),
    ("none", _("neither")),
)
RISKS: Final = (
    ("", _("choose")),
    ("unlikely", _("unlikely")),
    ("risk", _("a risk")),
    ("high-risk", _("a high risk")),
)
IMPACTS: Final = (
    ("", _("choose")),
    ("high-impact", _("high-impact entity")),
    ("critical-impact", _("critical-impact entity")),
    ("none", _("neither")),
)
NETCODE_KINDS: Final = (
    ("", _("choose")),
    ("attack", _("a cyber-attack")),
    ("vulnerability", _("an unpatched vulnerability that is exploited")),
    ("threat", _("a threat")),
)
LEVELS: Final = (
    ("", _("choose")),
    ("minimal", _("minimal")),
    ("low", _("low")),
    ("medium", _("medium")),
    ("high", _("high")),
    ("critical", _("critical")),
)


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question. `kind`: line, text, moment, yes-no, choice, number, list, states. `basis`: article of law."""

    label: Any
    kind: str = "line"
    basis: str = ""
    hint: Any = ""
    choices: tuple[tuple[str, Any], ...] = ()
    longest: int = 300  # characters
    complete: str = ""  # autocomplete token of HTML
    group: Any = ""  # the law that asks it, where it is not the Cbw


def _yes_no(label: Any, basis: str = "", hint: Any = "") -> Question:
    return Question(label=label, kind="yes-no", choices=YES_NO, basis=basis, hint=hint)


def _text(label: Any, basis: str = "", hint: Any = "") -> Question:
    return Question(label=label, kind="text", basis=basis, hint=hint, longest=20_000)


def _moment(label: Any, basis: str = "", hint: Any = "") -> Question:
    return Question(label=label, kind="moment", basis=basis, hint=hint, longest=40)


def _number(label: Any, basis: str = "") -> Question:
    return Question(label=label, kind="number", basis=basis, longest=13)


_PERSONAL, _ELECTRICITY = _("Personal data (AVG)"), _("Electricity (Netcode)")
AVG: Final[Mapping[str, Question]] = {
    "data_role": Question(label=_("Your role for these data"), kind="choice", choices=ROLES, group=_PERSONAL),
    "personal_data_risk": Question(
        label=_("The risk for the people concerned"), kind="choice", choices=RISKS, group=_PERSONAL
    ),
    "data_nature": Question(label=_("What happened to the data?"), kind="text", longest=20_000, group=_PERSONAL),
    "data_categories": Question(
        label=_("Which kinds of data, and about how many records?"), kind="text", longest=20_000, group=_PERSONAL
    ),
    "data_subjects": Question(label=_("Which groups of people?"), kind="text", longest=20_000, group=_PERSONAL),
    "data_subjects_count": Question(label=_("About how many people?"), kind="number", longest=13, group=_PERSONAL),
    "data_consequences": Question(label=_("The likely consequences"), kind="text", longest=20_000, group=_PERSONAL),
    "data_measures": Question(label=_("What is done about it?"), kind="text", longest=20_000, group=_PERSONAL),
    "dpo_contact": Question(label=_("Data protection officer, or another contact"), kind="text", group=_PERSONAL),
}
NETCODE: Final[Mapping[str, Question]] = {
    "netcode_entity": Question(
        label=_("What you are under the network code"), kind="choice", choices=IMPACTS, group=_ELECTRICITY
    ),
    "netcode_kind": Question(label=_("What is it?"), kind="choice", choices=NETCODE_KINDS, group=_ELECTRICITY),
    "netcode_level": Question(
        label=_("Criticality, on the scale of five"), kind="choice", choices=LEVELS, group=_ELECTRICITY
    ),
    "netcode_reasoning": Question(label=_("Why that level?"), kind="text", longest=20_000, group=_ELECTRICITY),
}
OWN: Final = "own."  # a fact of one entity alone, which its confidential criteria ask for
MATTER: Final = "matter"  # the one question that is no fact: what kind of report it is
QUESTIONS: Final[Mapping[str, Question]] = {
    MATTER: Question(label=_("What do you report?"), kind="choice", choices=MATTERS, basis="Cbw 25, 33"),
    "title": Question(label=_("What is going on, in one line"), longest=300),
    "incident_type": Question(label=_("What is it most like?"), kind="choice", choices=TYPES),
    "occurrence": _moment(_("When did it start, as far as you know?"), "Cbb 24", _("An estimate will do.")),
    "detection": _moment(_("When was it detected?")),
    "awareness": _moment(
        _("When did you know that it may be significant?"), "Cbw 26, 27", _("The terms run from this moment.")
    ),
    "awareness_declared_by": Question(label=_("Who established that?")),
    "determination": _moment(_("When was it classified?")),
    "suspected_malicious": _yes_no(_("Is an unlawful or malicious act suspected?"), "Cbw 26"),
    "cross_border": _yes_no(_("May it have effect in another country?"), "Cbw 26"),
    "member_states": Question(
        label=_("In which countries?"), kind="states", hint=_("Codes of two letters, such as BE DE."), basis="Cbw 27(1)"
    ),
    "contact_name": Question(label=_("Who can we ask? Name"), basis="Cbw 26", complete="name"),
    "contact_phone": Question(label=_("Telephone"), basis="Cbw 26", longest=40, complete="tel"),
    "contact_email": Question(label=_("E-mail"), basis="Cbw 26", longest=254, complete="email"),
    "description": _text(_("What happened, and what is affected?"), "Cbb 25; Cbw 29(1)"),
    "effects": _text(_("What is noticed of it: severity and consequences?"), "Cbb 25; Cbw 27(1), 29(1)"),
    "recovery_prognosis": _text(_("When and how do you expect to recover?"), "Cbb 25"),
    "measures_taken": _text(_("What have you done?"), "Cbb 25; Cbw 29(1)"),
    "measures_planned": _text(_("What is going on, or will be done?"), "Cbb 25; Cbw 29(1)"),
    "severity": Question(
        label=_("How severe is it, as it looks now?"), kind="choice", choices=SEVERITIES, basis="Cbw 27(1)"
    ),
    "users_affected": _number(_("How many users are affected?"), "Cbw 27(1)"),
    "unavailable_minutes": _number(_("For how many minutes was a service completely unavailable?")),
    "loss_eur": _number(_("Direct financial loss, in euros")),
    "root_cause_key": Question(
        label=_("A short name of yours for the cause"),
        basis="Regulation (EU) 2024/2690, 4",
        hint=_("The same name as at an earlier incident adds the two up: within six months they may be significant."),
    ),
    "personal_data_breach": Question(
        label=_("Are personal data involved?"),
        kind="yes-no",
        choices=YES_NO,
        basis="AVG 33",
        hint=_("If so, the Dutch data protection authority must know as well."),
        group=_PERSONAL,
    ),
    "indicators": Question(
        label=_("Indicators of compromise"),
        kind="list",
        basis="Cbw 27(1)",
        hint=_("Addresses, names, hashes and links, in any form; hxxp and [.] are understood."),
        longest=20_000,
    ),
    "cause": Question(label=_("What was the cause?"), kind="choice", choices=CAUSES, basis="Cbw 29(1)"),
    "root_cause": _text(_("The threat or the root cause, in words"), "Cbw 29(1)"),
    "cross_border_effect": _text(_("What were the consequences in other countries?"), "Cbw 29(1)"),
    **AVG,
    **NETCODE,
    "handled": _moment(_("When was the incident dealt with?"), "Cbw 29(2)"),
    "late_because": _text(_("Why is the report late, if it is?")),
}


@dataclass(frozen=True)
class Asked:
    """What a stage asks: what must be answered, and what may be."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    own: Mapping[str, Question] = field(default_factory=dict)  # of confidential criteria, for one entity alone

    @property
    def names(self) -> tuple[str, ...]:
        return self.required + self.optional


_CONTACT: Final = ("contact_name", "contact_phone", "contact_email")
_FIRST: Final = ("title", "occurrence", "awareness", "suspected_malicious", "cross_border", *_CONTACT)
_IF_POSSIBLE: Final = (
    "incident_type",
    "description",
    "recovery_prognosis",
    "measures_taken",
    "measures_planned",
    "member_states",
    "detection",
    "awareness_declared_by",
    "determination",
)
_OTHER_LAWS: Final = ("personal_data_breach", *AVG, *NETCODE)
_JUDGED: Final = ("users_affected", "unavailable_minutes", "loss_eur", "root_cause_key")
_RECURS: Final = ("loss_eur", "root_cause_key")
_REPORT: Final = ("description", "effects", "severity", "cause", "root_cause", "measures_taken")
_MORE: Final = (
    "measures_planned", "cross_border_effect", "member_states", *_JUDGED, "indicators", "late_because", *_CONTACT
)  # fmt: skip

STAGES: Final[Mapping[Stage, Asked]] = {
    Stage.EARLY_WARNING: Asked(
        (MATTER, *_FIRST), (*_IF_POSSIBLE, "effects", "indicators", "late_because", *_OTHER_LAWS)
    ),
    Stage.NOTIFICATION: Asked(
        (*_FIRST, "severity", "effects"), (*_JUDGED, *_IF_POSSIBLE, "indicators", "late_because", *_OTHER_LAWS)
    ),
    Stage.INTERMEDIATE: Asked(
        ("description",),
        ("effects", "measures_taken", "measures_planned", "recovery_prognosis", "indicators", *_CONTACT),
    ),
    Stage.PROGRESS: Asked(_REPORT, _MORE),
    Stage.FINAL: Asked(_REPORT, _MORE),
    Stage.FINAL_AFTER_PROGRESS: Asked(("handled", *_REPORT), _MORE),
    Stage.VOLUNTARY: Asked(
        (MATTER, "title", *_CONTACT),
        ("incident_type", "description", "effects", "occurrence", "suspected_malicious", "indicators", *_RECURS),
    ),
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


def nested(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts as the record of the law has them: those of the entity alone (own.NAME) under `own`."""
    own = {name.removeprefix(OWN): value for name, value in facts.items() if name.startswith(OWN)}
    rest = {name: value for name, value in facts.items() if not name.startswith(OWN)}
    return {**rest, "own": {**(rest.get("own") or {}), **own}} if own else rest
