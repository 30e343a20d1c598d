"""The catalogue for programs of the centre, under /api/v1."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from pydantic import ConfigDict

from dijkwacht.api.doors import requires
from dijkwacht.api.paging import Page, PageQuery, paginate
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.advisories.catalogue import actions, reads

router = Router(tags=["advisories"])
SCOPE = "advisories:products"
Kind = Literal["name", "cpe", "purl", "model"]


class ProductQuery(PageQuery):
    """A filter of the list."""

    q: str = Field("", max_length=100, description="Words that stand in the name or the vendor.")


class ProductOut(Schema):
    """A product, in the name by which we show it."""

    id: UUID
    vendor: str
    name: str
    aliases: int = Field(alias="known", description="How many names, CPE names, purls and model numbers it has.")


class AliasIn(Schema):
    """What a product is, or is not, called."""

    model_config = ConfigDict(extra="forbid")
    kind: Kind
    vendor: Annotated[str, Field(max_length=200)] = Field("", description="Of a name.")
    value: Annotated[str, Field(min_length=1, max_length=500)]
    same: bool = Field(default=True, description="False: the product is not called so.")


class AliasOut(Schema):
    """What a product is, or is not, called, and who says so."""

    id: UUID
    kind: Kind
    vendor: str
    value: str
    same: bool
    origin: Literal["source", "analyst", "import"]
    at: datetime


class QuestionQuery(PageQuery):
    """Which pairs."""

    state: Literal["waiting", "yes", "no", "other"] = "waiting"


class QuestionOut(Schema):
    """Two names: what somebody runs, and what a source means. Who runs it is not said."""

    id: UUID
    our_vendor: str
    our_product: str
    their_vendor: str
    their_product: str
    how: str
    confidence: float
    source: str
    item: str
    state: Literal["waiting", "yes", "no", "other"]
    asked_at: datetime
    product: UUID | None = Field(alias="product_id")


class AnswerIn(Schema):
    """Whether both are one product; "other" with the product that ours is."""

    model_config = ConfigDict(extra="forbid")
    answer: Literal["yes", "no", "other"]
    product: UUID | None = None


@router.get("/advisories/products", auth=requires(SCOPE), response=Page[ProductOut])
def list_products(request: HttpRequest, query: Query[ProductQuery]) -> dict[str, Any]:
    """List the products of the catalogue."""
    return paginate(request, reads.products(actor_of(request), query.q), query, order=["maker", "key", "id"])


@router.get("/advisories/products/{catalogue_product}/aliases", auth=requires(SCOPE), response=list[AliasOut])
def list_product_aliases(request: HttpRequest, catalogue_product: UUID) -> Any:
    """List what a product is called and not called."""
    actor = actor_of(request)
    row = reads.access_product(actor, catalogue_product)
    return list(reads.aliases_of(actor, row.id))


@router.post("/advisories/products/{catalogue_product}/aliases", auth=requires(SCOPE), response=AliasOut)
def say_product_alias(request: HttpRequest, catalogue_product: UUID, body: AliasIn) -> Any:
    """Say what a product is, or is not, called. It counts from the next match on."""
    return actions.say(actor=actor_of(request), product=catalogue_product, **body.model_dump())


@router.get("/advisories/name-questions", auth=requires(SCOPE), response=Page[QuestionOut])
def list_name_questions(request: HttpRequest, query: Query[QuestionQuery]) -> dict[str, Any]:
    """List pairs of names that an analyst judges."""
    rows = reads.questions(actor_of(request), state=query.state)
    return paginate(request, rows, query, order=["asked_at", "id"])


@router.post("/advisories/name-questions/{name_question}/answer", auth=requires(SCOPE), response=QuestionOut)
def answer_name_question(request: HttpRequest, name_question: UUID, body: AnswerIn) -> Any:
    """Answer one pair. The answer is an alias from then on."""
    return actions.judge(actor=actor_of(request), question=name_question, answer=body.answer, product=body.product)
