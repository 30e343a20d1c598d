"""The only way to rows of comparisons: the centre's officers alone."""

from uuid import UUID

from django.db.models import QuerySet

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.registry.comparing.models import Comparison, Difference
from dijkwacht.rooms.registry.reach import one
from dijkwacht.rooms.registry.rules import may_manage


def comparisons_for(actor: Actor) -> QuerySet[Comparison]:
    """Return the comparisons, newest first."""
    return Comparison.objects.all() if may_manage(actor) else Comparison.objects.none()


def access_comparison(actor: Actor, identifier: UUID) -> Comparison:
    """Return a comparison. Raises NotFound."""
    return one(comparisons_for(actor), "comparison", "vergelijking", id=identifier)


def differences_of(actor: Actor, comparison: UUID, *, field: str = "", effect: str = "") -> QuerySet[Difference]:
    """Return the differences of a comparison, those that would change something first."""
    rows = Difference.objects.filter(comparison=comparison).select_related("organisation", "comparison")
    rows = rows if may_manage(actor) else rows.none()
    rows = rows.filter(field=field) if field else rows
    return rows.filter(effect=effect) if effect else rows


def access_difference(actor: Actor, identifier: UUID) -> Difference:
    """Return a difference. Raises NotFound."""
    rows = Difference.objects.select_related("organisation", "comparison")
    return one(rows if may_manage(actor) else rows.none(), "difference", "verschil", id=identifier)
