"""How far a warning for a link would reach: never further than it must."""

from typing import Literal

import msgspec

from dijkwacht.mails.reading import Link

from .knowledge import is_shared, owner_of, registrable


class Scope(msgspec.Struct, frozen=True):
    """What a warning would be for. `why` is own, resource, shared, suffix, address or dedicated."""

    kind: Literal["none", "url", "host"]
    name: str
    why: str


def propose(link: Link) -> Scope:
    """Propose the narrowest scope for a link: nothing of a protected brand, one URL of a shared host, else its host."""
    if owner_of(link.host) is not None:
        return Scope("none", "", "own")
    if link.where == "resource":
        return Scope("none", "", "resource")
    if is_shared(link.host):
        return Scope("url", link.clean, "shared")
    if link.host.startswith("[") or link.host.rpartition(".")[2].isdigit():
        return Scope("host", link.host, "address")
    if not registrable(link.host):  # a public suffix itself: everybody under it would be hit
        return Scope("url", link.clean, "suffix")
    return Scope("host", link.host, "dedicated")
