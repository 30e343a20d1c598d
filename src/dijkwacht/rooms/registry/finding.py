"""Find organisations by a name with typing errors, a number, a domain or an address; best first.

The centre's names are searched in an index of its own (migration 0006_search). Everybody else reads few organisations:
those are compared one by one, so that neither the answer nor its time depends on what stands outside their reach.
"""

from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_address, ip_network
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from dijkwacht.kernel.actor import Actor
from dijkwacht.kernel.identifiers import NORMALISERS, InvalidIdentifier
from dijkwacht.rooms.registry.models import Asset, Organisation
from dijkwacht.rooms.registry.reach import visible
from dijkwacht.rooms.registry.space import enclosing
from dijkwacht.rooms.registry.vocabulary import AssetKind

MOST: Final = 500  # organisations found; who gets these should say more
ALIKE: Final = 0.5  # of 1: how much of what was said a name must have in it
_INSIDE: Final = """
select id from registry_asset where network > %(space)s::cidr
   and network <= set_masklen(broadcast(%(space)s::inet), case family(%(space)s::inet) when 4 then 32 else 128 end)
 order by network limit %(most)s
"""
_BELOW: Final = "select id from registry_asset where reversed > %s and reversed < %s order by reversed limit %s"


def found(actor: Actor, words: str) -> list[UUID]:
    """Return at most MOST organisations that `words` may mean: by number and asset first, then names by likeness."""
    said = words.strip()
    hits = dict.fromkeys(_by_identifier(actor, said))
    hits.update(dict.fromkeys(_by_asset(actor, said)))
    if not _is_space(said):
        hits.update(dict.fromkeys(_by_name(actor, said)))
    return list(hits)[:MOST]


def _by_identifier(actor: Actor, said: str) -> Iterator[UUID]:
    """Yield who has this number or identifier; each column has an index of its own, so each is asked by itself."""
    rows = visible(actor, Organisation.objects.order_by(), "id")
    with suppress(ValueError):
        yield from rows.filter(id=UUID(said)).values_list("id", flat=True)
    for name, normalise in NORMALISERS.items():
        try:
            number = normalise(said)
        except InvalidIdentifier:
            continue
        yield from rows.filter(**{name: number}).values_list("id", flat=True)[:MOST]


def _by_asset(actor: Actor, said: str) -> Iterator[UUID]:
    """Yield who holds this address, network, AS number or domain, a part of it, or what it is a part of."""
    rows = visible(actor, Asset.objects.order_by(), "organisation_id")
    for wanted in _assets(said.lower()):
        yield from rows.filter(wanted).values_list("organisation_id", flat=True)[:MOST]


def _assets(said: str) -> Iterator[Q]:
    number = said.removeprefix("as")
    if number.isascii() and number.isdigit():
        yield Q(kind=AssetKind.ASN, value=number)
    if _is_space(said):
        space = ip_network(said, strict=False)
        yield Q(kind=AssetKind.PREFIX, value__in=[str(space), *enclosing(AssetKind.PREFIX, str(space))])
        if "/" in said:
            yield Q(id__in=_ids(_INSIDE, {"space": str(space), "most": MOST}))
    elif "." in said and " " not in said:
        name = said.strip(".")
        yield Q(kind=AssetKind.DOMAIN, value__in=[name, *enclosing(AssetKind.DOMAIN, name)])
        start = name[::-1]
        yield Q(id__in=_ids(_BELOW, [f"{start}.", f"{start}/", MOST]))


def _ids(statement: str, arguments: object) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)  # type: ignore[arg-type]
        return [row[0] for row in cursor.fetchall()]


def _is_space(said: str) -> bool:
    try:
        ip_network(said, strict=False) if "/" in said else ip_address(said)
    except ValueError:
        return False
    return True


def _by_name(actor: Actor, said: str) -> list[UUID]:
    if actor.is_centre:
        with connection.cursor() as cursor:
            cursor.execute("select organisation_id from registry_find(%s, %s)", [said, MOST])
            return [row[0] for row in cursor.fetchall()]
    alike = "word_similarity(registry_plain(%s), registry_plain(registry_organisation.name))"
    stems = "registry_words(registry_organisation.name) @@ plainto_tsquery('pg_catalog.dutch', registry_plain(%s))"
    rows = visible(actor, Organisation.objects.order_by(), "id").extra(  # noqa: S610 - nothing of the asker is in the text
        where=[f"({alike} >= {ALIKE} or {stems})"],
        params=[said, said],
        select={"alike": alike},
        select_params=[said],
    )
    return [row.id for row in sorted(rows.only("id", "name"), key=lambda row: (-row.alike, row.name))][:MOST]
