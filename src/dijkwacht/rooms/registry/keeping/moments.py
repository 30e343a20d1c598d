"""In SQL: which rows hold a value of a term, and from which moment it counts. The alias of the row is `r`."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from dijkwacht.law.tables import Row
from dijkwacht.rooms.registry import dated

MARK: Final = "~"  # a pseudonym begins with it
# The last time that somebody said what is registered: a review, a change that was told, or a change of this very field.
_CONFIRMED: Final = """greatest(r.created_at,
  (select max(v.confirmed_at) from registry_review v where v.organisation_id = r.{owner}),
  (select max(n.closed_at) from registry_changenotice n where n.organisation_id = r.{owner} and n.state = 'told'),
  (select max(c.at) from registry_change c
    where c.row = r.id and c.verb in ('add', 'change') and c.values ? '{field}'))"""
LEFT: Final = """(select max(d.done_at) from registry_deregistration d
  join registry_organisation o on o.id = d.organisation_id and not o.active
 where d.organisation_id = r.{owner} and d.state = 'done')"""
_GONE: Final = """r.{owner} in (
  select d.organisation_id from registry_deregistration d where d.state = 'done' and d.done_at < {cutoff})"""
_CLOSED: Final[Mapping[str, str]] = {
    "Asset": "case when r.status = 'expired' then coalesce(r.expires_at, r.claimed_at) end",
    "Mandate": "case when r.status = 'withdrawn' or r.valid_to < current_date then coalesce(r.valid_to::timestamptz,"
    " r.created_at) end",
    "AssetConflict": "r.decided_at",
    "ChangeNotice": "r.closed_at",
    "ReviewCampaign": "r.due_on::timestamptz",
    "Deregistration": "case when r.state in ('withdrawn', 'refused', 'done')"
    " then coalesce(r.done_at, r.decided_at) end",
    "Difference": "r.decided_at",
    "Comparison": "r.started_at",
}
_LEGAL_PERSON: Final = "and r.roo is null and r.oin is null and r.legal_form <> all(array[{forms}]::text[])"


class Place(NamedTuple):
    """Where the values of one term stand: the model, its table, the moment, and which rows hold a value."""

    model: type[models.Model]
    table: str
    moment: str
    holds: str
    soonest: str = (
        "true"  # holds for all that can be over, and costs little: with {cutoff}, the moment before which it is
    )


def place(term: Row) -> Place:
    """Return where a term of a table of its own (not of the history) looks."""
    model = apps.get_model("registry", term["model"])
    owner = "id" if term["model"] == "Organisation" else "organisation_id"
    moment = {
        "confirmation": _CONFIRMED.format(owner=owner, field=term["field"]),
        "departure": LEFT.format(owner=owner),
        "closed": _CLOSED.get(term["model"], ""),
    }[term["after"]]
    soonest = {
        "confirmation": "r.created_at < {cutoff}",  # a confirmation comes after it
        "departure": _GONE.format(owner=owner, cutoff="{cutoff}"),
    }.get(term["after"], "true")
    return Place(model, model._meta.db_table, moment, _holds(model, term), soonest)


def filled(model: type[models.Model], term: Row) -> str:
    """Return the condition that a row holds a value in the field of a term, and no pseudonym where one is to come."""
    name, field = term["field"], model._meta.get_field(term["field"])
    if isinstance(field, models.JSONField):
        return f"r.{name} not in ('[]'::jsonb, '{{}}'::jsonb, 'null'::jsonb)"
    if isinstance(field, ArrayField):
        return f"cardinality(r.{name}) > 0"
    if isinstance(field, models.BinaryField):
        return f"length(r.{name}) > 0"
    found = f"coalesce(r.{name}, '') <> ''"
    if term["then"] == "pseudonymise":
        found += f" and left(r.{name}, 1) <> '{MARK}' and r.{name} not like 'system:%%'"
    return found


def _holds(model: type[models.Model], term: Row) -> str:
    found = filled(model, term)
    if term["spares"]:
        forms = ", ".join(f"'{row['code']}'" for row in dated.table("legal_forms").rows if not row["person"])
        found += f" {_LEGAL_PERSON.format(forms=forms)}"
    return found
