"""Where assets of different organisations overlap. Set-based, with the centre's sight: no side learns of the other.

Two assets collide when their space is equal or nested, unless the enclosing one is held for customers (`fallback`): a
provider's block around a customer's is how the internet is.
"""

from collections.abc import Sequence

from django.db import connection
from django.db.models import Q

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.registry.models import Asset, AssetConflict
from dijkwacht.rooms.registry.space import enclosing
from dijkwacht.rooms.registry.vocabulary import AssetKind, AssetStatus, RuleDecision

FINDER = system("registry:overlaps")
MANY = 2000  # from so many assets on, every asset is compared once instead of each one's surroundings

# Space is a range of sortable text or addresses: all that starts with the reversed name, all between the first and last
# address. Bounds are computed before the join, because only plain comparisons reach an index under row-level security.
_PAIRS = """
with outer_side as materialized (
  select id, organisation_id, fallback, kind, value, network, reversed, {fresh} as fresh,
         set_masklen(broadcast(network), case family(network) when 4 then 32 else 128 end) as last,
         reversed || '.' as below, reversed || '/' as beyond
    from registry_asset where status <> 'expired' and {outer}
), pairs as (
  select o.id as outer_id, i.id as inner_id, o.fresh
    from outer_side o join registry_asset i on i.network > o.network and i.network <= o.last
   where o.kind = 'prefix' and i.organisation_id <> o.organisation_id and i.status <> 'expired' and not o.fallback
  union all
  select o.id, i.id, o.fresh
    from outer_side o join registry_asset i on i.reversed > o.below and i.reversed < o.beyond
   where o.kind = 'domain' and i.organisation_id <> o.organisation_id and i.status <> 'expired' and not o.fallback
  union all
  select o.id, i.id, o.fresh
    from outer_side o join registry_asset i on i.kind = o.kind and i.value = o.value
   where i.organisation_id <> o.organisation_id and i.status <> 'expired' and i.fallback = o.fallback
), found as (
  select distinct least(outer_id, inner_id) as first_id, greatest(outer_id, inner_id) as second_id
    from pairs where {touched}
)
"""
# A claim that lost and came back is to be decided again; what an officer let stand, stands.
_ADD = """
insert into registry_assetconflict (id, first_id, second_id, decision, reason, decided_by, created_at)
select gen_random_uuid(), first_id, second_id, '', '', '', now() from found
on conflict (first_id, second_id) do update
   set decision = '', reason = '', decided_by = '', decided_at = null, created_at = now()
 where registry_assetconflict.decision in ('first', 'second')
"""
# A verified asset keeps its status: a stranger's claim may not silence its owner's warnings.
_DISPUTE = """
update registry_asset set status = 'disputed' where status = 'claimed' and id in (
  select first_id from registry_assetconflict where decision = '' union
  select second_id from registry_assetconflict where decision = '')
"""
_SOME = {"fresh": "id = any(%(ids)s)", "outer": "id = any(%(outer)s)", "touched": "fresh or inner_id = any(%(ids)s)"}
_ALL = {"fresh": "true", "outer": "true", "touched": "true"}


def find(ids: Sequence[int]) -> int:
    """Record a conflict for each overlap of these assets with another organisation's; returns how many opened.

    Assets in conflict that were only claimed become disputed. Many assets at once are compared with all others once.
    """
    with tenancy.acting(FINDER), connection.cursor() as cursor:
        if len(ids) > MANY:
            cursor.execute(_PAIRS.format_map(_ALL) + _ADD)
        else:
            arguments = {"ids": list(ids), "outer": [*ids, *_enclosing(ids)]}
            cursor.execute(_PAIRS.format_map(_SOME) + _ADD, arguments)
        found: int = cursor.rowcount
        cursor.execute(_DISPUTE)
        return found


def undecided(asset: int) -> bool:
    """Tell whether a conflict over this asset waits for a decision.

    What the rule let rest waits for the side that has shown nothing, and is no obstacle to the side that was proven.
    """
    with tenancy.acting(FINDER):
        return (
            AssetConflict.objects.filter(decision__in=["", RuleDecision.SECOND_PROVEN], first=asset).exists()
            or AssetConflict.objects.filter(decision__in=["", RuleDecision.FIRST_PROVEN], second=asset).exists()
        )


def forget(asset: int) -> None:
    """Drop every conflict of an asset that is about to be removed; the audit log keeps what was decided."""
    settle(asset)
    with tenancy.acting(FINDER):
        AssetConflict.objects.filter(first=asset).delete()
        AssetConflict.objects.filter(second=asset).delete()


def settle(asset: int) -> None:
    """Drop the open conflicts of an asset that left: nothing is left to decide, and the others may be claimed again."""
    with tenancy.acting(FINDER):
        waiting = AssetConflict.objects.filter(Q(decision="") | Q(decision__in=list(RuleDecision)))
        others = [*waiting.filter(first=asset).values_list("second", flat=True)]
        others += waiting.filter(second=asset).values_list("first", flat=True)
        waiting.filter(first=asset).delete()
        waiting.filter(second=asset).delete()
        for other in others:
            if not undecided(other):
                Asset.objects.filter(id=other, status=AssetStatus.DISPUTED).update(status=AssetStatus.CLAIMED)


def _enclosing(ids: Sequence[int]) -> list[int]:
    """Return the assets of anybody whose space encloses one of these."""
    wanted: dict[str, set[str]] = {AssetKind.PREFIX: set(), AssetKind.DOMAIN: set()}
    for kind, value in Asset.objects.filter(id__in=ids, kind__in=wanted).values_list("kind", "value"):
        wanted[kind].update(enclosing(kind, value))
    found: list[int] = []
    for kind, values in wanted.items():
        found += Asset.objects.filter(kind=kind, value__in=values).values_list("id", flat=True)
    return found
