"""What changes the catalogue: what sources say, what analysts answer, what a file brings."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.database.inserting import insert
from dijkwacht.rooms.advisories import events
from dijkwacht.rooms.advisories.catalogue import rules
from dijkwacht.rooms.advisories.catalogue.errors import (
    AnsweredAlready,
    BadAliases,
    NoAnswer,
    NotAllowed,
    NotFound,
    NothingToGoBy,
)
from dijkwacht.rooms.advisories.catalogue.models import Alias, Product, Question, Taken
from dijkwacht.rooms.advisories.catalogue.naming import product_key, vendor_key
from dijkwacht.rooms.advisories.catalogue.reads import access_product, access_question
from dijkwacht.rooms.advisories.matching.rules import alias_key

if TYPE_CHECKING:
    import polars as pl

LOCK: Final = 7_302_016  # PostgreSQL advisory lock: one builder of the catalogue at a time
AT_ONCE: Final = 20_000  # statements of sources in one transaction
MOST_QUESTIONS: Final = 5_000  # that one run may add; the likeliest come first


def _require(actor: Actor) -> None:
    if not allows(actor, "advisories:products"):
        raise NotAllowed


@dataclass(frozen=True, slots=True)
class Called:
    """A product as a source calls it, with what it says to recognise it by."""

    vendor: str
    product: str
    cpe: str = ""
    purl: str = ""
    models: tuple[str, ...] = ()

    def aliases(self) -> Iterable[tuple[str, str, str]]:
        """Kind, vendor and value of each."""
        yield "name", self.vendor, self.product
        yield from (("cpe", "", one) for one in (self.cpe,) if one)
        yield from (("purl", "", one) for one in (self.purl,) if one)
        yield from (("model", "", one) for one in self.models)


@transaction.atomic
def take(*, actor: Actor, called: Iterable[Called], up_to: int) -> int:
    """Add what sources call products; gives how many products are new. `up_to`: the last statement looked at."""
    _require(actor)
    wanted = {(vendor_key(one.vendor), key): one for one in called if (key := product_key(one.vendor, one.product))}
    fresh = [
        Product(vendor=one.vendor[:200], name=one.product[:300], maker=maker[:200], key=key[:300])
        for (maker, key), one in wanted.items()
    ]
    added = insert(fresh, skip_known=True) if fresh else set()
    known = _known([key[:300] for _, key in wanted])
    rows = {
        (product, key): Alias(
            product_id=product, kind=kind, vendor=vendor[:200], value=value[:500], key=key, origin="source"
        )
        for (maker, name), one in wanted.items()
        if (product := known.get((maker[:200], name[:300])))
        for kind, vendor, value in one.aliases()
        if (key := alias_key(kind, vendor, value)[:900])
    }
    if rows:
        insert([*rows.values()], skip_known=True)
    Taken.objects.update_or_create(id=1, defaults={"statement": up_to})
    if added:
        record(
            actor=actor, action="advisories:products:take", target=("catalogue", "sources"), detail={"new": len(added)}
        )
    return len(added)


def _known(keys: list[str]) -> dict[tuple[str, str], UUID]:
    rows = Product.objects.filter(key__in=keys).values_list("maker", "key", "id")
    return {(maker, key): product for maker, key, product in rows}


@transaction.atomic
def ask(*, actor: Actor, found: "pl.DataFrame") -> int:
    """Let an analyst judge the names of matches (`matching.rules.RESULT`) that are not sure; gives how many are new.

    Nothing of who runs the product is kept: a question is two names, and an item in which the source uses its own.
    """
    from dijkwacht.rooms.advisories.matching.evidence import unpack

    _require(actor)
    unsure = found.filter(~found["sure"]).sort("confidence", descending=True)
    rows: dict[tuple[str, str], Question] = {}
    for source, item, text, confidence in unsure.select("source", "item", "evidence", "confidence").iter_rows():
        said = unpack(text)
        ours, theirs = said.our_name, said.their_name
        keys = alias_key("name", *ours)[:600], alias_key("name", *theirs)[:600]
        if all(keys) and keys not in rows and len(rows) < MOST_QUESTIONS:
            rows[keys] = Question(
                our_vendor=ours[0][:200], our_product=ours[1][:300], their_vendor=theirs[0][:200],
                their_product=theirs[1][:300], our_key=keys[0], their_key=keys[1], how=said.how,
                confidence=confidence, source=source[:60], item=item[:500],
            )  # fmt: skip
    added = insert([*rows.values()], skip_known=True) if rows else set()
    if added:
        record(
            actor=actor, action="advisories:products:ask", target=("catalogue", "questions"), detail={"new": len(added)}
        )
    return len(added)


@transaction.atomic
def judge(*, actor: Actor, question: UUID, answer: str, product: UUID | None = None) -> Question:
    """Say whether two names are one product: "yes", "no", or "other" with the product that ours is.

    The answer is an alias from now on, and counts for the next match. Raises NotAllowed, NotFound, AnsweredAlready,
    NoAnswer.
    """
    _require(actor)
    access_question(actor, question)
    row = Question.objects.select_for_update().get(id=question)
    if row.state != "waiting":
        raise AnsweredAlready
    if answer not in {"yes", "no", "other"} or (answer == "other") != (product is not None):
        raise NoAnswer
    theirs = _product(row.their_vendor, row.their_product)
    _say(actor, theirs, "name", row.their_vendor, row.their_product, same=True)
    _say(actor, theirs, "name", row.our_vendor, row.our_product, same=answer == "yes")
    if product is not None:
        other = access_product(actor, product)
        if other.id == theirs.id:
            raise NoAnswer
        _say(actor, other, "name", row.our_vendor, row.our_product, same=True)
        theirs = other
    row.state, row.answered_at, row.answered_by = answer, timezone.now(), actor.id
    row.product = theirs
    row.save(update_fields=["state", "answered_at", "answered_by", "product"])
    record(
        actor=actor,
        action="advisories:products:judge",
        target=("question", row.id),
        detail={"answer": answer, "product": str(theirs.id)},
    )
    events.aliases_changed.send(Alias, products=[theirs.id])
    return row


def _product(vendor: str, name: str) -> Product:
    maker, key = vendor_key(vendor)[:200], product_key(vendor, name)[:300]
    row, _new = Product.objects.get_or_create(maker=maker, key=key, defaults={"vendor": vendor, "name": name})
    return row


def _say(
    actor: Actor, product: Product, kind: str, vendor: str, value: str, *, same: bool, origin: str = "analyst"
) -> Alias:
    """Make it so, whatever was said of this name and product before."""
    key = alias_key(kind, vendor, value)[:900]
    if not key:
        raise NothingToGoBy(value=value[:80])
    values = {
        "kind": kind,
        "vendor": vendor,
        "value": value,
        "same": same,
        "origin": origin,
        "by": actor.id,
        "at": timezone.now(),
    }
    row, _new = Alias.objects.update_or_create(product=product, key=key, defaults=values)
    return row


@transaction.atomic
def say(*, actor: Actor, product: UUID, kind: str, vendor: str, value: str, same: bool) -> Alias:
    """Say what a product is, or is not, called. Raises NotAllowed, NotFound, NothingToGoBy."""
    _require(actor)
    found = access_product(actor, product)
    if kind not in rules.KINDS:
        raise NothingToGoBy(value=kind[:80])
    row = _say(actor, found, kind, vendor, value, same=same)
    record(
        actor=actor,
        action="advisories:products:say",
        target=("product", found.id),
        detail={"kind": kind, "value": value[:200], "same": same},
    )
    events.aliases_changed.send(Alias, products=[found.id])
    return row


@transaction.atomic
def forget(*, actor: Actor, product: UUID, alias: UUID) -> None:
    """Take back what was said of a name of a product; questions that it answered wait again.

    What a source says is not taken back: say that it is not so. Raises NotAllowed, NotFound.
    """
    _require(actor)
    row = Alias.objects.filter(id=alias, product=product).exclude(origin="source").first()
    if row is None:
        raise NotFound
    Question.objects.filter(product=product, our_key=row.key[:600]).exclude(state="waiting").update(
        state="waiting", answered_at=None, answered_by="", product=None
    )
    record(
        actor=actor,
        action="advisories:products:forget",
        target=("product", product),
        detail={"kind": row.kind, "value": row.value[:200], "same": row.same},
    )
    row.delete()
    events.aliases_changed.send(Alias, products=[product])


@transaction.atomic
def import_aliases(*, actor: Actor, raw: bytes) -> int:
    """Take a file of aliases (`rules.HEADER`), all or nothing; gives how many lines. Raises NotAllowed, BadAliases."""
    _require(actor)
    try:
        lines = rules.read_aliases(raw)
    except rules.AliasFileError as error:
        where = f"line {error.line}" + (f", column {error.column}" if error.column else "")
        raise BadAliases(where=where, problem=error.problem) from error
    products = {one.product: _product(*one.product) for one in lines}
    for one in lines:
        _say(actor, products[one.product], one.kind, one.vendor, one.value, same=one.same, origin="import")
    record(actor=actor, action="advisories:products:import", target=("catalogue", "file"), detail={"lines": len(lines)})
    if products:
        events.aliases_changed.send(Alias, products=[row.id for row in products.values()])
    return len(lines)
