"""What a warning would hit besides the one page: pure, on figures that are handed in."""

from typing import Final, Literal

import msgspec

from .knowledge import guarded_names, is_shared, owner_of, registrable
from .scope import Scope

TOP: Final = 100_000  # places of the top list up to which a host is much visited
OTHERS: Final = 3  # other hosts known under the registrable domain from which a name is not the criminal's alone
Guard = Literal["", "own", "brand", "government", "top"]


class Place(msgspec.Struct, frozen=True):
    """A host, and what is known of it. Rank 0: on no top list. `others`: hosts beside it that are not the mail's."""

    host: str
    guard: Guard = ""
    rank: int = 0
    domain_rank: int = 0
    others: int = 0
    likes: str = ""  # slug of the brand that its name holds or looks like


def guard(host: str, own: frozenset[str], rank: int = 0, domain_rank: int = 0) -> Guard:
    """Say what protects a host from being warned for by a machine. `own`: the hosts of this portal."""
    name = host.rstrip(".").lower()
    if any(name == one or name.endswith(f".{one}") for one in own):
        return "own"
    if owner_of(name) is not None:
        return "brand"
    if any(name == one or name.endswith(f".{one}") for one in guarded_names("government")):
        return "government"
    if 0 < rank <= TOP or 0 < domain_rank <= TOP or registrable(name) in guarded_names("top"):
        return "top"
    return ""


def two_people(place: Place) -> bool:
    """Whether a person's warning for this host takes two: it may be of a bank or a government, or is much visited."""
    return place.guard in {"government", "top"} or place.likes in guarded_names("two")


def refuses(place: Place, scope: Scope) -> str:
    """Say why no machine may warn for this scope, as a code of sentences.toml, or "" when it may."""
    if place.guard:
        return f"route-guard-{place.guard}"
    if scope.kind == "none":
        return "route-no-scope"
    if scope.kind == "domain":
        return "route-domain"
    return "route-others" if scope.kind != "url" and place.others > OTHERS else ""


def radius(place: Place, scope: Scope) -> dict[str, int | str]:
    """Give the blast radius as it is stored with the entry."""
    shared = is_shared(place.host)
    return {
        "why": scope.why,
        "rank": place.rank,
        "domain_rank": place.domain_rank,
        "others": 0 if scope.kind == "url" else place.others,
        "shared": int(shared),
        "guard": place.guard,
    }
