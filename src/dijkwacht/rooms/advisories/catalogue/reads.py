"""Products, their aliases and the questions that wait; the only way to their rows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from dijkwacht.kernel.actor import Actor, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.rooms.advisories.catalogue.errors import NotAllowed, NotFound
from dijkwacht.rooms.advisories.catalogue.models import Alias, Product, Question
from dijkwacht.rooms.advisories.catalogue.naming import fold
from dijkwacht.rooms.advisories.catalogue.rules import Name

if TYPE_CHECKING:
    import polars as pl

READER = system("advisories:catalogue")  # what sources call products is public; a pick list is for everybody
MOST = 25
# Names alone decide nothing that spelling does not decide already: only what leads to a product otherwise matters.
_ALIASES = """
select a.product_id::text, a.kind, a.vendor, a.value, a.same, a.origin <> 'source'
from advisories_alias a
where a.origin <> 'source' or a.kind <> 'name' or exists (
    select 1 from advisories_alias b where b.product_id = a.product_id and (b.origin <> 'source' or b.kind <> 'name'))
"""


def require(actor: Actor) -> None:
    """Raise NotAllowed for whoever may not judge products."""
    if not allows(actor, "advisories:products"):
        raise NotAllowed


def search(query: str, most: int = MOST) -> list[Name]:
    """Products whose names hold every word of the query, the shortest first. For everybody: no organisation shows."""
    words = fold(query).replace("_", " ").split()
    if not words:
        return []
    rows = Product.objects.all()
    for word in words[:8]:
        rows = rows.filter(Q(key__contains=word) | Q(maker__contains=word))
    with tenancy.acting(READER):
        found = rows.extra(select={"size": "length(key)"}).order_by("size", "key")[:most]
        return [Name(row.vendor, row.name) for row in found]


def aliases() -> "pl.DataFrame":
    """What is known of names, as `matching.rules` takes it (ALIASES). Read as the centre."""
    import polars as pl

    from dijkwacht.rooms.advisories.matching.rules import ALIASES

    with tenancy.acting(READER), connection.cursor() as cursor:
        cursor.execute(_ALIASES)
        return pl.DataFrame(cursor.fetchall(), schema=ALIASES, orient="row")


def questions(actor: Actor, *, state: str = "waiting") -> QuerySet[Question]:
    """Pairs of names in a state, the likeliest first. Raises NotAllowed."""
    require(actor)
    return Question.objects.filter(state=state).select_related("product")


def access_question(actor: Actor, question: UUID) -> Question:
    """Give a question. Raises NotAllowed, NotFound."""
    require(actor)
    found = Question.objects.filter(id=question).select_related("product").first()
    if found is None:
        raise NotFound
    return found


def products(actor: Actor, query: str = "") -> QuerySet[Product]:
    """Products with the number of their aliases, those with every word of the query. Raises NotAllowed."""
    require(actor)
    rows = Product.objects.annotate(known=Count("aliases")).order_by("maker", "key", "id")
    for word in fold(query).replace("_", " ").split()[:8]:
        rows = rows.filter(Q(key__contains=word) | Q(maker__contains=word))
    return rows


def access_product(actor: Actor, product: UUID) -> Product:
    """Give a product. Raises NotAllowed, NotFound."""
    require(actor)
    found = Product.objects.filter(id=product).first()
    if found is None:
        raise NotFound
    return found


def aliases_of(actor: Actor, product: UUID) -> QuerySet[Alias]:
    """What a product is called and not called. Raises NotAllowed."""
    require(actor)
    return Alias.objects.filter(product=product)


def called(products: Sequence[UUID]) -> list[tuple[str, str]]:
    """Vendor and name of every name that a person or a file gave these products, or said that they do not have."""
    rows = Alias.objects.filter(product__in=products, kind="name").exclude(origin="source")
    return list(rows.values_list("vendor", "value"))


def judged(actor: Actor) -> QuerySet[Alias]:
    """Every alias that a person or a file brought, with its product. Raises NotAllowed."""
    require(actor)
    return (
        Alias.objects.exclude(origin="source")
        .select_related("product")
        .order_by("product__maker", "product__key", "key")
    )
