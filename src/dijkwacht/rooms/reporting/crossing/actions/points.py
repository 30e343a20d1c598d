"""The address book of contacts abroad, which an officer keeps."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import cleaners, fields, keys, preferences
from dijkwacht.rooms.reporting import rules
from dijkwacht.rooms.reporting.crossing import reads
from dijkwacht.rooms.reporting.crossing.models import ForeignPoint
from dijkwacht.rooms.reporting.crossing.rules import HOME, UNION, PointKind
from dijkwacht.rooms.reporting.errors import AlreadyDone, NotAllowed


def _state(value: Any) -> str:
    found = str(value or "").strip().upper()
    if not found or found == HOME:
        raise cleaners.Refused("kies een ander land dan het onze", "choose another country than ours")
    return found if found == UNION else cleaners.country(found)


def _mail(value: Any) -> str:
    found = cleaners.email(value)
    if not found:
        raise cleaners.Refused("dit veld is verplicht", "this field is required")
    return found


CLEANERS: Final[Mapping[str, cleaners.Cleaner]] = {
    "country": _state,
    "kind": cleaners.one_of(PointKind),
    "name": cleaners.text(200, required=True),
    "email": _mail,
    "phone": cleaners.phone,
    "openpgp_key": preferences.key(keys.openpgp),
    "source": cleaners.text(200, required=True),
}


@transaction.atomic
def add_point(*, actor: Actor, values: Mapping[str, Any]) -> ForeignPoint:
    """Add a contact abroad. `values`: the keys of CLEANERS. Raises NotAllowed, InvalidField, AlreadyDone."""
    if not rules.may_handle(actor):
        raise NotAllowed
    whole = {name: values.get(name, "") for name in CLEANERS}
    return _kept(actor, ForeignPoint(**fields.required(fields.clean(CLEANERS, whole))), "add", new=True)


@transaction.atomic
def change_point(*, actor: Actor, point: UUID, values: Mapping[str, Any], active: bool) -> ForeignPoint:
    """Change a contact abroad, or say that it is right still; what is not active gets nothing any more.

    Raises NotAllowed, NotFound, InvalidField, AlreadyDone.
    """
    row = ForeignPoint.objects.select_for_update().get(id=reads.access_point(actor, point).id)
    whole = {name: values.get(name, "") for name in CLEANERS}
    for name, value in fields.required(fields.clean(CLEANERS, whole)).items():
        setattr(row, name, value)
    row.active, row.checked_on = active, timezone.localdate()
    return _kept(actor, row, "change", new=False)


def _kept(actor: Actor, row: ForeignPoint, verb: str, *, new: bool) -> ForeignPoint:
    try:
        with transaction.atomic():
            row.save(force_insert=new)
    except IntegrityError:
        raise AlreadyDone from None
    record(
        actor=actor,
        action=f"reporting:point:{verb}",
        target=("point", row.id),
        detail={"country": row.country, "kind": row.kind, "active": row.active, "source": row.source}
        | {"openpgp": bool(row.openpgp_key)},
    )
    return row
