"""Where reporting's personal data stand, from when a term counts, and how values go that stand sealed together."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from django.apps import apps

from dijkwacht.law.tables import Row
from dijkwacht.rooms.registry.keeping.holdings import Holding
from dijkwacht.rooms.registry.keeping.moments import LEFT, Place, filled

LAW: Final = "csirt-personal-data"  # the row of law/tables/retention.toml: Cbb 29
_OF_INCIDENT: Final = "(select i.{moment} from reporting_incident i where i.id = r.incident_id)"
_RECEIVED: Final[Mapping[str, str]] = {
    "Incident": "r.received_at",
    "Report": "r.submitted_at",
    "Indicator": _OF_INCIDENT.format(moment="received_at"),
    "Departure": "r.left_at",
}
_UNSHOWN: Final = """(select i.received_at from reporting_incident i
  where i.id = r.{key} and i.network <> '' and i.verified_at is null)"""


def place(term: Row) -> Place:
    """Return where the values of a term stand, and from which moment it counts."""
    model = apps.get_model("reporting", term["model"])
    of_incident = term["model"] == "Incident"
    moment = {
        "processing": _RECEIVED.get(term["model"], "r.at"),
        "closed": "r.closed_at" if of_incident else _OF_INCIDENT.format(moment="closed_at"),
        "unshown": _UNSHOWN.format(key="id" if of_incident else "incident_id"),
        "edited": "r.updated_at",
        "departure": LEFT.format(owner="organisation_id"),
    }[term["after"]]
    if term["then"] == "remove":
        holds = "true"
    elif term["part"]:
        holds = f"not '{term['part']}' = any(r.erased)"
    else:
        holds = filled(model, term)
    return Place(model, model._meta.db_table, moment, holds)


def _facts(term: Row, keys: Sequence[Any]) -> None:
    """Take one part out of the facts of incidents, which stand sealed as a whole."""
    from dijkwacht.rooms.reporting.keeping.codes import kept  # late: it loads the law on incidents

    for row in apps.get_model("reporting", "Incident").objects.filter(pk__in=keys):
        row.facts = kept(row.facts or {}, term["part"])
        _mark(row, term, "facts_sealed")


def _content(term: Row, keys: Sequence[Any]) -> None:
    """Take one part out of what was filed. Its hash stays that of the whole: the content says what is gone."""
    from dijkwacht.rooms.reporting.keeping.codes import kept

    for row in apps.get_model("reporting", "Report").objects.filter(pk__in=keys):
        content = row.content or {}
        parts = sorted({*content.get("erased", []), term["part"]})
        row.content = {**content, "facts": kept(content.get("facts") or {}, term["part"]), "erased": parts}
        _mark(row, term, "content_sealed")


def _title(term: Row, keys: Sequence[Any]) -> None:
    """Let the number of an incident stand where its title stood: a list still has something to follow."""
    for row in apps.get_model("reporting", "Incident").objects.filter(pk__in=keys):
        row.title = row.number
        _mark(row, term, "title_sealed")


def _mark(row: Any, term: Row, column: str) -> None:
    row.erased = sorted({*row.erased, term["part"]})
    row.save(update_fields=[column, "erased"])


HOLDING: Final = Holding(
    "reporting",
    Path(__file__).parent,
    LAW,
    place,
    {
        ("Incident", "facts_sealed"): _facts,
        ("Incident", "title_sealed"): _title,
        ("Report", "content_sealed"): _content,
    },
)
