"""When two campaigns are of one wave. Pure. Kinship groups what people look at; it is never evidence."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from dijkwacht.mails.urls import host_of
from dijkwacht.rooms.phishing.fetching.looking import Look
from dijkwacht.rooms.phishing.fetching.words import SECRETS
from dijkwacht.rooms.phishing.judging.knowledge import is_platform, is_shared, owner_of, registrable

WEIGHTS: Final = {
    "mail": 2,
    "kit": 2,
    "structure": 1,
    "fields": 1,
    "icon": 1,
    "path": 1,
    "address": 1,
    "certificate": 1,
}
ENOUGH: Final = 2
SAME_TEXT: Final = 0.8  # likeness of two mails with other links
WORN: Final = 100  # campaigns that carry a mark from which it says nothing
MOSTLY: Final = 0.8  # of them that are of one wave, from which it is that wave's own mark
PECULIAR: Final = 12  # letters of a path that is not on many sites
MOST: Final = 20  # marks of one look or mail
LETTERS: Final = re.compile(r"[^\W\d_]")
NUMBERS: Final = re.compile(r"\d+|\*")


class Mark(NamedTuple):
    """What a campaign shares with others of its wave. `value`: a hash, 32 digits."""

    kind: str
    value: str


def marks_of_links(links: Iterable[Mapping[str, Any]]) -> list[Mark]:
    """Give the marks of the links of a stored analysis: their paths, without host and tokens, where they are peculiar.

    Not of what a mail loads, nor of a protected brand or of a host that many share.
    """
    keys = [
        one["link"]["key"]
        for one in links
        if one["link"]["where"] != "resource" and owner_of(host := one["link"]["host"]) is None and not is_shared(host)
    ]
    paths = {NUMBERS.sub("#", key.partition("://")[2].partition("/")[2].partition("?")[0]) for key in keys}
    return [_mark("path", path) for path in sorted(paths) if len(LETTERS.findall(path)) >= PECULIAR][:MOST]


def marks_of_page(look: Look) -> list[Mark]:
    """Give the marks of a page that asks for a secret and stands on the domain that the mail names, else none."""
    first, last = host_of(look.url), look.host
    own = (registrable(first) or first) == (registrable(last) or last)
    if look.state != "page" or not own or owner_of(last) is not None or not SECRETS.intersection(look.page.asks):
        return []
    found = [("kit", look.kit), ("structure", look.page.structure), ("fields", look.page.fields)]
    found.append(("icon", look.icon.look if look.icon else ""))
    if not (is_shared(last) or is_platform(last)):
        found.append(("address", next((hop.address for hop in reversed(look.hops) if hop.address), "")))
        found.append(("certificate", look.certificate.sha256 if look.certificate else ""))
    return [_mark(kind, value) for kind, value in found if value]


def weight(kinds: Iterable[str]) -> int:
    """Give the weight of the kinds of marks that two campaigns share; a kit holds its structure already."""
    shared = set(kinds)
    return sum(WEIGHTS[kind] for kind in (shared - {"structure"} if "kit" in shared else shared))


def is_worn(waves: Sequence[Any]) -> bool:
    """Whether so many carry a mark that it says nothing. `waves`: of each, None for one that is alone.

    Not where nearly all are of one wave: then it is the mark of that wave, however large.
    """
    if len(waves) < WORN:
        return False
    return max(Counter(one for one in waves if one is not None).values(), default=0) < MOSTLY * len(waves)


def nearest(shared: Mapping[Any, Iterable[str]]) -> Any:
    """Give who of those with shared marks (kinds by whom) is kin with the most weight, or None. The first of equals."""
    kin = [(weight(kinds), who) for who, kinds in shared.items()]
    return max((one for one in kin if one[0] >= ENOUGH), key=lambda one: one[0], default=(0, None))[1]


def _mark(kind: str, value: str) -> Mark:
    return Mark(kind, hashlib.sha256(f"{kind}\0{value}".encode()).hexdigest()[:32])
