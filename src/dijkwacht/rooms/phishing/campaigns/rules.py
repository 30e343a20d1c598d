"""When two mails are of one attack. Pure.

A campaign is known by its *sites*: the registrable domains of what its links accuse, or the whole link on a host that
many share. A mail with another set of sites is another campaign, however alike it is: else a copy of a newsletter with
one evil link more would make the newsletter's readers hear "phishing", and a good link added would hide the evil one.
Links of protected brands, of our own portal, and what a page loads by itself tell nothing, so that a bank's own link
neither joins two campaigns nor parts one.
"""

import hashlib
from collections.abc import Collection, Sequence
from typing import Final

import msgspec

from dijkwacht.mails.reading import Link, Mail
from dijkwacht.mails.sketch import likeness
from dijkwacht.rooms.phishing.judging.evidence import pretended
from dijkwacht.rooms.phishing.judging.knowledge import is_shared, owner_of, registrable

ALIKE: Final = 0.55  # of two texts that lead to the same sites
ALIKE_WITHOUT_LINKS: Final = 0.8
SHARED_KEYS: Final = 0.5  # of two sets of links that lead to the same sites
MOST_MARKS: Final = 60
BAND: Final = 4  # bins of a sketch that make one mark
CORROBORATING: Final = (2, 3, 5, 10, 20, 50, 100)  # distinct verified reporters at which a verdict is weighed again


class Traits(msgspec.Struct, frozen=True):
    """By what a mail is recognised. `marks` are looked up; `keys` and `sketch` are compared."""

    exact: str  # equal for mails that are the same but for whom they went to
    sites: str
    keys: list[str]
    sketch: list[int]
    marks: list[str]
    hosts: list[str]


def accused(mail: Mail, own: Collection[str] = ()) -> list[Link]:
    """Give the links of a mail that may be what it is about. `own`: hosts of our own portal."""
    hidden = pretended(mail)
    return [
        link
        for link in mail.links
        if link.where != "resource"
        and link.host not in own
        and owner_of(link.host) is None
        and not (link.where == "text" and link.host in hidden)
    ]


def site_of(link: Link) -> str:
    """Give what of a link belongs to one holder: the registrable domain, or the whole link where many share a host."""
    return link.key if is_shared(link.host) else registrable(link.host) or link.host


def traits_of(mail: Mail, own: Collection[str] = ()) -> Traits:
    """Give by what a mail is recognised."""
    links = accused(mail, own)
    keys = sorted({link.key for link in links})
    sites = _digest("sites", sorted({site_of(link) for link in links}))
    files = sorted(mail.images) if mail.words < 12 and not links else []  # noqa: PLR2004 - a mail that is a picture
    exact = _digest("exact", [*keys, mail.text_key, *files] if keys or mail.text_key or files else [mail.subject])
    return Traits(
        exact=exact,
        sites=sites,
        keys=[_digest("key", [key])[:16] for key in keys][:MOST_MARKS],
        sketch=mail.sketch,
        marks=_marks(keys, mail.sketch),
        hosts=sorted({link.host for link in links}),
    )


def _marks(keys: Sequence[str], sketch: Sequence[int]) -> list[str]:
    """Give what two alike mails have at least one of: their links, or a band of their sketch."""
    bands = [
        _digest("band", [str(start), *map(str, sketch[start : start + BAND])])[:16]
        for start in range(0, len(sketch), BAND)
    ]
    return [*bands, *(_digest("key", [key])[:16] for key in keys)][:MOST_MARKS]


def same(one: Traits, keys: Sequence[str], sketch: Sequence[int]) -> bool:
    """Whether a mail is of a campaign with these keys and this sketch, that leads to the same sites."""
    mine, theirs = set(one.keys), set(keys)
    alike = likeness(one.sketch, sketch)
    if not mine and not theirs:
        return alike >= ALIKE_WITHOUT_LINKS
    shared = len(mine & theirs) / len(mine | theirs)
    return shared >= SHARED_KEYS or alike >= ALIKE


def crossed(before: int, after: int) -> bool:
    """Whether so many distinct verified reporters more are worth weighing a verdict again."""
    return any(before < step <= after for step in CORROBORATING)


def _digest(what: str, parts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join([what, *parts]).encode()).hexdigest()
