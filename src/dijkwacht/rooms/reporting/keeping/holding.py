"""Where reporting's personal data stand, from when a term counts, and how values go that stand sealed together."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.apps import apps

from dijkwacht.law.tables import Row
from dijkwacht.rooms.registry.keeping.holdings import Holding
from dijkwacht.rooms.registry.keeping.moments import Place, filled
from dijkwacht.rooms.reporting.keeping import since

LAW: Final = "csirt-personal-data"  # the row of law/tables/retention.toml: Cbb 29
# What stands for the reason of a submission that failed: that it failed must still be seen.
_GONE: Final = {"en": "The reason was erased.", "nl": "De reden is gewist."}


def place(term: Row) -> Place:
    """Return where the values of a term stand, and from which moment it counts."""
    model = apps.get_model("reporting", term["model"])
    moment = since.moment(term["model"], term["field"], term["after"])
    if term["then"] == "remove":
        holds = "true"
    elif term["part"]:
        holds = f"not '{term['part']}' = any(r.erased)"
    elif (term["model"], term["field"]) == ("ProviderFiling", "problem"):
        holds = f"r.problem <> '{json.dumps(_GONE)}'::jsonb"
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


def _point(_term: Row, keys: Sequence[Any]) -> None:
    """Remove contacts abroad; what they told stays, with its state."""
    apps.get_model("reporting", "Inbound").objects.filter(point__in=keys).update(point=None)
    apps.get_model("reporting", "ForeignPoint").objects.filter(pk__in=keys).delete()


def _problem(_term: Row, keys: Sequence[Any]) -> None:
    apps.get_model("reporting", "ProviderFiling").objects.filter(pk__in=keys).update(problem=_GONE)


def _draft(_term: Row, keys: Sequence[Any]) -> None:
    """Remove drafts for customers as a whole: without its customers a draft would be one for nobody registered."""
    apps.get_model("reporting", "Draft").objects.filter(pk__in=keys).delete()


HOLDING: Final = Holding(
    "reporting",
    Path(__file__).parent,
    LAW,
    place,
    {
        ("Incident", "facts_sealed"): _facts,
        ("Incident", "title_sealed"): _title,
        ("Report", "content_sealed"): _content,
        **{("ForeignPoint", field): _point for field in ("name", "email", "phone", "openpgp_key")},
        ("ProviderFiling", "problem"): _problem,
        ("DraftCustomers", "account"): _draft,
    },
)
