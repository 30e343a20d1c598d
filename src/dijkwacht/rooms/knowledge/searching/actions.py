"""Keep the documents of the search as the rooms have them now."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from django.db import connection, transaction

from dijkwacht.kernel.actor import Actor, Kind
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.knowledge.errors import NotAllowed
from dijkwacht.rooms.knowledge.searching import sources
from dijkwacht.rooms.knowledge.searching.models import Document
from dijkwacht.rooms.knowledge.searching.sources import Found

AT_ONCE: Final = 1000
LOCK: Final = 7_302_560


@transaction.atomic
def keep_up(*, actor: Actor, room: str, documents: Iterable[Found]) -> dict[str, int]:
    """Let the documents of a room be found as they are now: add, replace, forget. Raises NotAllowed."""
    if actor.kind is not Kind.SYSTEM:
        raise NotAllowed
    with connection.cursor() as cursor:  # two at once would add the same
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, room])
    known = {
        (key, language): (pk, digest)
        for pk, key, language, digest in Document.objects.filter(room=room).values_list(
            "id", "key", "language", "sha256"
        )
    }
    seen, new = set(), []
    for one in documents:
        seen.add((one.key, one.language))
        row = _row(room, one)
        if known.get((one.key, one.language), (0, ""))[1] != row.sha256:
            new.append(row)
    gone = [pk for name, (pk, _) in known.items() if name not in seen]
    gone += [known[row.key, row.language][0] for row in new if (row.key, row.language) in known]
    Document.objects.filter(id__in=gone).delete()
    Document.objects.bulk_create(new, batch_size=AT_ONCE)
    done = {"added": len(new), "removed": len(known.keys() - seen), "all": len(seen)}
    if new or gone:
        record(actor=actor, action="knowledge:search:keep-up", target=("room", room), detail=done)
    return done


@transaction.atomic
def keep_all_up(*, actor: Actor) -> dict[str, dict[str, int]]:
    """As `keep_up`, for every room that registered. Raises NotAllowed but for our jobs."""
    return {room: keep_up(actor=actor, room=room, documents=give()) for room, give in sources.every().items()}


def _row(room: str, one: Found) -> Document:
    texts = (one.title, one.summary, one.keywords, one.body, one.url, one.audience, one.published_at.isoformat())
    return Document(
        room=room,
        key=one.key[:120],
        language=one.language,
        title=one.title[:300],
        summary=one.summary[:500],
        keywords=one.keywords,
        body=one.body,
        url=one.url,
        audience=one.audience,
        published_at=one.published_at,
        sha256=sha256("\0".join(texts).encode()).hexdigest(),
    )
