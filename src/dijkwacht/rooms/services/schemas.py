"""What the API of services takes and gives."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from dijkwacht.rooms.services import rules
from dijkwacht.rooms.services.reads import Offer


class Words(Schema):
    """A text in two languages."""

    nl: str
    en: str


class ConsentOut(Words):
    """The text that one says yes to."""

    version: int


class ConsentIn(Schema):
    """A yes, to the text of a version as it was read."""

    model_config = ConfigDict(extra="forbid")
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    language: Literal["nl", "en"] = "nl"


class SubscriptionOut(Schema):
    """A yes: to what, to which text, since when, and whether it was taken back."""

    id: UUID
    organisation: UUID = Field(alias="organisation_id")
    product: str
    consent_version: int
    consent_sha256: str
    language: str
    given_at: datetime
    withdrawn_at: datetime | None


class ServiceOut(Schema):
    """A product as it stands for one organisation; `why` is for whom it is meant and which facts decided."""

    product: str
    name: Words
    text: Words
    fits: bool
    why: Words
    facts: list[str]
    needs: list[str]
    lacking: list[str]
    kept: str
    state: str = Field(description="on, off, or again: the text changed since, so it is asked again.")
    delivered: bool
    starts: Words
    article: str
    basis: Words
    consent: ConsentOut | None
    subscription: SubscriptionOut | None


def service(offer: Offer) -> dict[str, object]:
    """Return an offer as ServiceOut has it."""
    found = offer.product
    return {
        "product": found.slug,
        "name": found.name,
        "text": found.text,
        "fits": offer.fits,
        "why": found.rule,
        "facts": sorted(rules.facts_asked(found)),
        "needs": list(found.needs),
        "lacking": list(offer.lacking),
        "kept": found.kept,
        "state": offer.state,
        "delivered": found.delivered,
        "starts": found.starts,
        "article": found.article,
        "basis": found.basis,
        "consent": found.consent,
        "subscription": offer.subscription,
    }
