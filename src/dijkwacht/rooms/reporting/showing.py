"""An incident as people read it: facts with labels, clocks with the time that is left, what each law asks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any, Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dijkwacht.kernel.clock import legal_date
from dijkwacht.law import incidents
from dijkwacht.law.applicability import house_rulebook
from dijkwacht.law.applicability.consequences import body
from dijkwacht.law.incidents import Answer, Projection
from dijkwacht.law.incidents.record import MOMENTS
from dijkwacht.rooms.registry.extracts.sectors import sectors
from dijkwacht.rooms.reporting import labels, questions, terms
from dijkwacht.rooms.reporting.cleaning import HERE
from dijkwacht.rooms.reporting.crossing.rules import UNION
from dijkwacht.rooms.reporting.forms import language
from dijkwacht.rooms.reporting.indicators import recognise
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.questions import STAGE_TITLES
from dijkwacht.rooms.reporting.rules import Stage
from dijkwacht.rooms.reporting.weighing import ALL as QUESTIONS

# Bodies that stand for one that is not settled: the role says as much.
NAMELESS: Final = frozenset({"unknown", "none", "by field", "by designation"})
SHOWN_ELSEWHERE: Final = {"own", "kind", "significant", "entity_name", "entity_class", "entity_kvk", "entity_lei"}

STATE: Final = "state-"
OURS: Final = {
    "answer": gettext_lazy("Answer of the centre"),
    "confidentiality": gettext_lazy("Verdict on confidentiality"),
    "member-states": gettext_lazy("Anonymised to other Member States"),
    "national-entities": gettext_lazy("Anonymised to high-impact and critical-impact entities"),
    "relay": gettext_lazy("Relay of a report from abroad"),
}


def rows(
    facts: Mapping[str, Any], *, asked: bool = True, own: Mapping[str, questions.Question] | None = None
) -> list[tuple[Any, str]]:
    """Return facts with their labels, in the order of the questions; then those that only a program gives.

    `asked`: as whoever reported was asked; else in words for whoever reads it. `own`: the questions of confidential
    criteria, for whoever answers them.
    """
    known = [
        (QUESTIONS[name].label if asked else label(name), shown(name, facts[name]))
        for name in QUESTIONS
        if name in facts
    ]
    more = [name for name in facts if name not in QUESTIONS and name not in SHOWN_ELSEWHERE]
    mine = own or {}
    titles = {name: mine[name].label if name in mine else label(name) for name in more}
    return known + [(titles[name], shown(name, facts[name])) for name in more]


def left_open(
    names: Iterable[str], own: Mapping[str, questions.Question] | None = None, *, asked: bool = True
) -> list[tuple[Any, str]]:
    """Return the questions that were answered with "not known yet", as rows: the next report completes them."""
    mine = own or {}
    given = {name: mine.get(name) or QUESTIONS.get(name) for name in sorted(names)}
    said = _("not known yet; to complete in the next report")
    return [(one.label if one is not None and asked else label(name), said) for name, one in given.items()]


def still_open(contents: Iterable[Mapping[str, Any] | None], facts: Mapping[str, Any]) -> list[str]:
    """Return what the reports under the Cbw left open, and no fact tells since. `contents`: oldest first."""
    said = [one.get("not_known_yet", []) for one in contents if one and one.get("regime") == terms.PRIMARY]
    return [name for name in dict.fromkeys(chain.from_iterable(said)) if facts.get(name) in (None, "", [])]


def shown(name: str, value: Any) -> str:
    """Return one fact as people write it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "indicators" and isinstance(value, list | tuple):
        return ", ".join(_indicator(str(one)) for one in value)
    if isinstance(value, list | tuple):
        return ", ".join(code(name, str(one)) for one in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{one}: {shown(one, held)}" for one, held in value.items())
    if name in MOMENTS:
        return moment(datetime.fromisoformat(str(value)))
    return code(name, str(value))


def _indicator(text: str) -> str:
    return text if recognise(text) else _("%(text)s (not recognised)") % {"text": text}


def code(name: str, value: str) -> str:
    """Return what one code of a fact means; what is no code as it is."""
    if name == "incident_type":
        of_class, slash, _type = value.partition("/")
        of_class = str(dict(questions.TYPES).get(of_class) or labels.TYPES.get(of_class, of_class))
        return f"{of_class}: {labels.TYPES.get(value, value)}" if slash else of_class
    if name in {"entity_types", "designations"}:
        book = house_rulebook()
        table = book.types if name == "entity_types" else book.designations
        known = {row["code"]: row[f"name_{language()}"] for row in table.rows}
        return f"{known[value]} ({value})" if value in known else value
    if name == "member_states":
        return country(value)
    if name == "sectors":
        found = sectors(timezone.localdate()).get(value)
        return f"{found.title(language())} ({value})" if found else value
    question = QUESTIONS.get(name)
    choices = dict(question.choices) if question is not None else labels.CODES.get(name, {})
    return str(choices.get(value, value))


def country(code_of: str) -> str:
    """Return the name of a country in the reader's language as Unicode's CLDR has it, with its code behind it."""
    from babel import Locale

    name = Locale(language()).territories.get(code_of)
    return f"{name} ({code_of})" if name else code_of


def moment(at: datetime) -> str:
    """Return a moment in local time, in the reader's language."""
    return date_format(at.astimezone(HERE), "j F Y H:i")


def stage_title(stage: str) -> str:
    """Return the name of a stage; one that only a law of its own knows keeps its code."""
    if stage.startswith(STATE):
        code_of = stage.removeprefix(STATE)
        return _("Version for %(state)s") % {"state": "ENISA" if code_of == UNION else country(code_of)}
    if stage in OURS:
        return str(OURS[stage])
    return str(STAGE_TITLES[Stage(stage)]) if stage in set(Stage) else stage


def law_title(regime: str) -> str:
    """Return the name of a law in the reader's language."""
    regimes = incidents.house_regimes()
    return regimes.text(regime, language()).name if regime in regimes else regime


def role_title(regime: str, role: str) -> str:
    """Return how a law's receiver in a role is called."""
    return incidents.house_regimes().text(regime, language()).of("recipient", role, "name")


def left(due: datetime, now: datetime | None = None) -> str:
    """Return how long it is until a moment, or since, in the two largest units."""
    seconds = (due - (now or timezone.now())).total_seconds()
    minutes = int(abs(seconds) // 60)
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        parts = [ngettext("%(n)s day", "%(n)s days", days) % {"n": days}, _("%(n)s h") % {"n": hours}]
    else:
        parts = [*([_("%(n)s h") % {"n": hours}] if hours else []), _("%(n)s min") % {"n": rest}]
    text = " ".join(parts)
    return _("%(time)s left") % {"time": text} if seconds >= 0 else _("%(time)s too late") % {"time": text}


@dataclass(frozen=True, slots=True)
class Ticking:
    """A clock as the page shows it. `urgency`: critical, high, medium, low; the words of the tags."""

    law: str
    stage: str
    due: str
    left: str
    article: str
    done: bool
    urgency: str
    ours: bool
    machine: str
    lenient: str
    replaced: bool
    kept: bool = False  # it was reported here only: whoever must have it cannot read it

    @property
    def named(self) -> bool:
        """Whether the article says already of which law it is."""
        return self.article.startswith(self.law)


def ticking(clock: terms.Clock, now: datetime) -> Ticking:
    """Return a clock for a page."""
    return Ticking(
        law=law_title(clock.regime),
        stage=stage_title(clock.stage),
        due=moment(clock.due),
        left="" if clock.settled else left(clock.due, now),
        article=clock.article,
        done=clock.done,
        urgency="low" if clock.settled else urgency(clock.due, now),
        ours=clock.ours,
        machine=clock.due.isoformat(timespec="seconds"),
        lenient=moment(clock.lenient) if clock.lenient else "",
        replaced=clock.replaced,
        kept=not clock.delivered,
    )


def urgency(due: datetime, now: datetime) -> str:
    """Return how pressing a term is: past, within 4 hours, within a day, later."""
    hours = (due - now).total_seconds() / 3600
    return "critical" if hours < 0 else "high" if hours < 4 else "medium" if hours < 24 else "low"  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Law:
    """What one law makes of an incident. `missing`: the answers that complete its next report."""

    name: str
    applies: str  # yes or unknown
    because: str
    next: str
    missing: list[str]
    undecided: list[str]
    recipients: list[str]
    provisional: bool
    begun: bool  # it is not certain whether it applies, but a part of what makes it apply is


def laws(incident: Incident, filed: terms.Filed) -> list[Law]:
    """Return the laws that apply to an incident, or may; those that do not are left out."""
    return [_law(one, incident, filed) for one in terms.projections(incident, filed) if one.applies is not Answer.NO]


def _law(one: Projection, incident: Incident, filed: terms.Filed) -> Law:
    texts = incidents.house_regimes().text(one.regime, language())
    view = one.stage(one.next_stage) if one.next_stage else None
    fields = view.missing if view else ()
    return Law(
        name=texts.name,
        applies=str(one.applies),
        because=", ".join(dict.fromkeys(why.article for why in one.because if why.answer is one.applies)),
        next=texts.of("stage", one.next_stage, "name") if one.next_stage else "",
        missing=[label(field.fact) for field in fields],
        undecided=[label(name) for name in one.undecided],
        recipients=[
            recipient(texts.of("recipient", to.role, "name"), to.body, as_of(incident)) for to in one.recipients
        ],
        provisional=one.provisional,
        begun=one.applies is Answer.UNKNOWN and terms.begun(incident, one.regime, filed),
    )


def recipient(role: str, body_of: str, on: date) -> str:
    """Return who gets a report by its role and its own name; a body that is not known yet by its role alone."""
    if body_of in NAMELESS:
        return role
    name = body(house_rulebook(), body_of, on).name
    named = name.nl if language() == "nl" else name.en
    return f"{role}: {named}" if body_of in named else f"{role}: {named} ({body_of})"


def as_of(incident: Incident) -> date:
    """Return the day whose tables name the receivers of an incident: that on which its entity became aware."""
    return legal_date(incident.awareness_at or incident.received_at)


def label(name: str) -> str:
    """Return what a fact is called to whoever reads it: its question, unless that speaks to the reporter."""
    if name.startswith("own."):
        return f"{labels.FACTS['own']}: {name.removeprefix('own.')}"
    if name in labels.READ:
        return str(labels.READ[name])
    return str(QUESTIONS[name].label if name in QUESTIONS else labels.FACTS.get(name, name))
