"""What came in, read anew from its bytes: after an update that reads documents better than before.

Items, versions and their moments stay; what they say (products, versions, platforms, names) is written again, and the
matters are gathered again from that. Safe to repeat and to break off: each part is a transaction of its own.
"""

import zlib
from typing import Final
from uuid import UUID

from dijkwacht.feeds.advisories.catalogue import Source
from dijkwacht.feeds.advisories.model import Item
from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.advisories.sourcing import gathering, models, storing
from dijkwacht.rooms.advisories.sourcing.changed import tell
from dijkwacht.rooms.advisories.sourcing.errors import NoSource, NotAllowed
from dijkwacht.rooms.advisories.sourcing.known import sources
from dijkwacht.rooms.advisories.sourcing.reading import File, read

AT_ONCE: Final = 500  # items of one transaction
KINDS: Final = ("csaf", "cve", "list")  # of which an item is a document of its own


def reread(*, actor: Actor, source: str = "") -> tuple[int, int]:
    """Read every current document of one source, or of all, anew; give how many, and how many could not be read.

    One that cannot be read any more stays as it was. Raises NotAllowed, NoSource.
    """
    if not allows(actor, "advisories:write"):
        raise NotAllowed
    known = {slug: one for slug, one in sources().items() if one.kind in KINDS}
    if source and source not in known:
        raise NoSource(source=source, known=", ".join(known))
    done = failed = 0
    for slug, one in known.items():
        if source in ("", slug):
            some, wrong = _of_source(actor, one)
            done, failed = done + some, failed + wrong
    return done, failed


def _of_source(actor: Actor, source: Source) -> tuple[int, int]:
    done, failed, after = 0, 0, UUID(int=0)
    while True:
        with tenancy.acting(actor):
            storing.lock()
            rows = models.Item.objects.filter(source=source.slug, kind__in=KINDS, id__gt=after).order_by("id")
            current = {ident: version for ident, version in rows.values_list("id", "version_id")[:AT_ONCE] if version}
            if not current:
                return done, failed
            items = _items(source, current)
            stored = storing.rewrite(items, current)
            tell(gathering.gather(stored).changed)
            detail = {"source": source.slug, "read": len(items), "failed": len(current) - len(items)}
            record(actor=actor, action="advisories:items:reread", target=("source", source.slug), detail=detail)
        done, failed, after = done + len(items), failed + len(current) - len(items), max(current)


def _items(source: Source, current: dict[UUID, UUID]) -> dict[UUID, Item]:
    """What each item says now; one whose bytes are gone or give another item is left out."""
    found: dict[UUID, Item] = {}
    keys = dict(models.Item.objects.filter(id__in=current).values_list("id", "key"))
    for row in models.ItemVersion.objects.filter(id__in=current.values(), erased_at=None):
        parsed = read(File(keys[row.item_id], zlib.decompress(row.raw)), source, despite=True)
        if len(parsed.items) == 1 and parsed.items[0].key[:500] == keys[row.item_id]:
            found[row.item_id] = parsed.items[0]
    return found
