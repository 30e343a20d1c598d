"""Why a line of an inventory met a statement: kept as data, from which a page or a letter makes words."""

from enum import StrEnum
from typing import Final

import msgspec


class How(StrEnum):
    """Which name met which."""

    ALIAS = "alias"  # an analyst said that they are one product
    LINKED = "linked"  # a source gave both to one product
    PURL = "purl"
    CPE = "cpe"
    NAME = "name"  # vendor and product, in one spelling
    MODEL = "model"  # an order number
    PRODUCT = "product"  # the product alone; one of both names no vendor
    WORDS = "words"  # the same words in another order
    SPELLING = "spelling"  # nearly the same letters
    PART = "part"  # one name is a part of the other
    OTHER_VENDOR = "other_vendor"  # the same product under another vendor


# How much each is worth, 0 to 1. Measured where a label exists; else a judgement, stated in `docs/why/versions.md`.
CONFIDENCE: Final = {
    How.ALIAS: 1.0,
    How.LINKED: 0.9,
    How.PURL: 0.99,
    How.CPE: 0.97,
    How.NAME: 0.97,
    How.MODEL: 0.95,
    How.WORDS: 0.9,
    How.PRODUCT: 0.7,
    How.SPELLING: 0.7,
    How.PART: 0.5,
    How.OTHER_VENDOR: 0.4,
}
SURE: Final = 0.9  # from here on nobody needs to look


class Evidence(msgspec.Struct, frozen=True):
    """`ours` is what the organisation calls it, `theirs` what the source does. `rule`: a `versions.answers.Rule`.

    `text` and `notation`: the versions as the source wrote them; `status`: of the source; `asked`: our version.
    `our_name`, `their_name`: vendor ("" for none) and product. `met`: the CPE, purl or order number by which they met.
    `also`: name, versions and notation of what else the item says of it with the same outcome: affected.
    """

    how: str
    ours: str
    theirs: str
    rule: str
    text: str
    notation: str
    status: str
    asked: str
    plain: bool = True
    our_name: tuple[str, str] = ("", "")
    their_name: tuple[str, str] = ("", "")
    met: str = ""
    also: tuple[tuple[str, str, str], ...] = ()


MOST_ALSO: Final = 20
TEXT_LONGEST: Final = 300  # characters of the source's text that go with a match; the item holds all


def pack(evidence: Evidence) -> str:
    return msgspec.json.encode(evidence).decode()


def unpack(text: str) -> Evidence:
    """Raises msgspec.ValidationError where the text is none of ours."""
    return msgspec.json.decode(text, type=Evidence)
