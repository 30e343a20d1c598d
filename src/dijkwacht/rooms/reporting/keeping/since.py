"""In SQL: from which moment a term of reporting counts, by model and field. The alias of the row is `r`. Pure."""

from collections.abc import Mapping
from typing import Final

from dijkwacht.rooms.registry.keeping.moments import LEFT

_OF: Final = "(select o.{moment} from reporting_{table} o where o.id = r.{key})"


def _of_incident(moment: str) -> str:
    return _OF.format(moment=moment, table="incident", key="incident_id")


# Over when the last incident of its customers was closed; where none was made, when it was told.
_EVENT: Final = """(select case when bool_and(i.closed_at is not null) is not false
    then greatest(max(i.closed_at), r.at) end
  from reporting_providercustomer c join reporting_incident i on i.id = c.incident_id where c.event_id = r.{key})"""
_UNSHOWN: Final = """(select i.received_at from reporting_incident i
  where i.id = r.{key} and i.network <> '' and i.verified_at is null)"""
_PROCESSING: Final[Mapping[str, str]] = {
    "Incident": "r.received_at",
    "Report": "r.submitted_at",
    "Indicator": _of_incident("received_at"),
    "Inbound": _of_incident("received_at"),
    "OwnFacts": _of_incident("received_at"),
    "Departure": "r.left_at",
    "Alarm": "r.raised_at",
    "ProviderCustomer": _OF.format(moment="at", table="providerevent", key="event_id"),
}
_CLOSED: Final[Mapping[tuple[str, str], str]] = {
    ("Incident", ""): "r.closed_at",
    ("ProviderEvent", ""): _EVENT.format(key="id"),
    ("ProviderFiling", ""): _EVENT.format(key="event_id"),
    ("ProviderFiling", "who"): "case when r.filed_at is not null or r.problem is not null"
    " then coalesce(r.filed_at, r.at) end",
    ("OwnCriterion", ""): "r.valid_to::timestamptz",
    ("Shift", ""): "r.ends_at",
}
_EDITED: Final[Mapping[str, str]] = {
    "DraftFile": "(select d.updated_at from reporting_draft d where d.id = r.draft_id)",
    "DraftCustomers": "(select d.updated_at from reporting_draft d where d.id = r.draft_id)",
}


def moment(model: str, field: str, after: str) -> str:
    """Return the moment as SQL. `after`: of registry.keeping.table.MOMENTS. Raises KeyError for one not used here."""
    return {
        "processing": _PROCESSING.get(model, "r.at"),
        "closed": _CLOSED.get((model, field)) or _CLOSED.get((model, "")) or _of_incident("closed_at"),
        "unshown": _UNSHOWN.format(key="id" if model == "Incident" else "incident_id"),
        "edited": _EDITED.get(model, "r.updated_at"),
        "departure": LEFT.format(owner="organisation_id"),
        "checked": "r.checked_on::timestamptz",
    }[after]
