"""The only way to rows of linkage. Officers and auditors read; what another may not see is not there."""

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.linkage import rules
from dijkwacht.rooms.linkage.errors import NotFound
from dijkwacht.rooms.linkage.models import Joining, Merge, Origin, Pair, SourceRecord

Row = TypeVar("Row", bound=Model)


def _seen(actor: Actor, rows: QuerySet[Row]) -> QuerySet[Row]:
    return rows if rules.may_read(actor) else rows.none()


def _one(rows: QuerySet[Row], what: str, what_nl: str, **where: Any) -> Row:
    found = rows.filter(**where).first()
    if found is None:
        raise NotFound(what=what, what_nl=what_nl)
    return found


def merges_for(actor: Actor) -> QuerySet[Merge]:
    """Return the merges, newest first."""
    return _seen(actor, Merge.objects.all())


def access_merge(actor: Actor, identifier: UUID) -> Merge:
    """Return a merge. Raises NotFound."""
    return _one(merges_for(actor), "merge", "samenvoeging", id=identifier)


def pairs_for(actor: Actor, *, waiting: bool = True) -> QuerySet[Pair]:
    """Return the pairs of applied registers that wait, the heaviest first; or those answered, newest first."""
    rows = _seen(actor, Pair.objects.select_related("first", "second")).filter(merge__state=Merge.State.APPLIED)
    return rows.filter(answer="") if waiting else rows.exclude(answer="").order_by("-answered_at")


def access_pair(actor: Actor, identifier: UUID) -> Pair:
    """Return a pair. Raises NotFound."""
    return _one(_seen(actor, Pair.objects.select_related("first", "second")), "pair", "paar", id=identifier)


def access_record(actor: Actor, identifier: UUID) -> SourceRecord:
    """Return a source record. Raises NotFound."""
    return _one(_seen(actor, SourceRecord.objects.all()), "source record", "bronrecord", uid=identifier)


def records_of(actor: Actor, organisation: UUID) -> QuerySet[SourceRecord]:
    """Return the source records that an organisation is made of."""
    return _seen(actor, SourceRecord.objects.filter(organisation_id=organisation))


def origins_of(actor: Actor, organisation: UUID) -> QuerySet[Origin]:
    """Return where each field of an organisation comes from."""
    return _seen(actor, Origin.objects.filter(organisation_id=organisation).select_related("record"))


def joinings_of(actor: Actor, organisation: UUID) -> QuerySet[Joining]:
    """Return the joinings that an organisation had part in, newest first."""
    rows = Joining.objects.filter(Q(kept_id=organisation) | Q(gone_id=organisation)).select_related("kept", "gone")
    return _seen(actor, rows)


def access_joining(actor: Actor, identifier: UUID) -> Joining:
    """Return a joining. Raises NotFound."""
    return _one(_seen(actor, Joining.objects.all()), "joining", "samenvoeging", id=identifier)
