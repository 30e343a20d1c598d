"""How far a warning for a link would reach: never further than it must."""

from collections.abc import Set as AbstractSet
from typing import Final, Literal

import msgspec

from dijkwacht.mails.reading import Link

from .knowledge import is_private, is_shared, owner_of, registrable

SPREAD: Final = 3  # hosts of one campaign under one name from which the name itself is the criminal's


class Scope(msgspec.Struct, frozen=True):
    """What a warning would be for.

    `why` is own, resource, shared, suffix, address, dedicated, top, leads, spread, domain, or chosen by a person.
    """

    kind: Literal["none", "url", "host", "name", "domain"]
    name: str
    why: str


def propose(link: Link) -> Scope:
    """Propose the narrowest scope for a link: nothing of a protected brand, one URL of a shared host, else its host."""
    if owner_of(link.host) is None and link.where == "resource":
        return Scope("none", "", "resource")
    return of_place(link.host, link.clean)


def of_place(host: str, url: str) -> Scope:
    """Propose the narrowest scope for a page at a URL."""
    if owner_of(host) is not None:
        return Scope("none", "", "own")
    if is_shared(host):
        return Scope("url", url, "shared")
    if host.startswith("[") or host.rpartition(".")[2].isdigit():
        return Scope("host", host, "address")
    if not registrable(host):  # a public suffix itself: everybody under it would be hit
        return Scope("url", url, "suffix")
    return Scope("host", host.rstrip("."), "dedicated")


def elsewhere(host: str, other: str) -> bool:
    """Whether two hosts are of different parties, as far as their registrable domains say."""
    return (registrable(host) or host) != (registrable(other) or other)


def narrow(scope: Scope, url: str, guard: str) -> Scope:
    """Make a host that many visit, or that is a government's, one URL: what stands beside it is not the criminal's."""
    if scope.kind == "host" and guard in {"top", "government"}:
        return Scope("url", url, "top")
    return scope


def widen(scope: Scope, host: str, hosts: AbstractSet[str], others: int) -> Scope:
    """Take the name above a host where a campaign uses many hosts below it and nobody else is known there.

    A name under a private suffix belongs to one customer. A registrable domain is proposed to people only: the caller
    never lets a machine warn for it.
    """
    above = registrable(host)
    if scope.kind != "host" or not above or others:
        return scope
    if sum(1 for one in hosts if registrable(one) == above) < SPREAD:
        return scope
    return Scope("name", above, "spread") if is_private(above) else Scope("domain", above, "domain")
