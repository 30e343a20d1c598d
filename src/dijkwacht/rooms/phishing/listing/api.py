"""The hash-prefix API: a browser or gateway checks a URL without telling us which (in the style of Safe Browsing v5).

It holds the first four bytes of every entry's hash. What it looks at it hashes itself; only when a prefix matches does
it ask for the full hashes of that prefix, of which many URLs of the world have the same.
"""

import base64
from collections import Counter
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from dijkwacht.api.doors import public
from dijkwacht.rooms.phishing.listing import prefixes, publishing, reads, rules

router = Router(tags=["phishing"])
WHY: Final = "the list protects whoever follows it; it names nobody"
Prefix = Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]
MOST_EVENTS: Final = 20_000  # of the log in one difference; who lacks more gets the whole
MOST_PREFIXES: Final = 100  # asked at once
SECONDS: Final = 60  # until a follower should ask again


class PrefixQuery(Schema):
    version: int = Field(0, ge=0, le=2**62, description="The version that you hold; 0 for nothing.")


class PrefixesOut(Schema):
    """What to change in the set that you hold; with `whole` you begin with an empty one."""

    version: int
    whole: bool
    removed: list[str] = Field(description="Prefixes of eight hexadecimal digits to take out.")
    added: str = Field(description="Base64 of prefixes of four bytes each, in order.")
    sha256: str = Field(description="Of all prefixes of this version, four bytes each, in order: check what you hold.")
    ask_again_after: int = Field(SECONDS, description="Seconds.")


class HashOut(Schema):
    """An entry. A URL matches when the SHA-256 of host, path and query is this, or that of its host and "/"."""

    sha256: str
    kind: Literal["url", "host", "name", "domain"] = Field(description="name, domain: with every host below it.")
    lease_until: datetime = Field(description="Forget it then.")


class HashQuery(Schema):
    prefix: list[Prefix] = Field(min_length=1, max_length=MOST_PREFIXES, description="Eight hexadecimal digits each.")


@router.get("/phishing/prefixes", auth=public(WHY), response=PrefixesOut)
def list_phishing_prefixes(request: HttpRequest, response: HttpResponse, query: Query[PrefixQuery]) -> Any:  # noqa: ARG001
    """Give what changed in the set of prefixes since the version that you hold."""
    response["Cache-Control"] = f"public, max-age={SECONDS}"
    with publishing.reading():
        now = prefixes.whole()
        version, every = now.serial, [*now.every]
        found = None if query.version > version else reads.touched_since(query.version, most=MOST_EVENTS)
    whole = not query.version or found is None
    removed, added = ([], every) if whole or found is None else difference(found, set(every))
    packed = base64.b64encode(b"".join(map(bytes.fromhex, added))).decode()
    told = {"version": version, "whole": whole, "removed": removed, "added": packed, "sha256": now.digest}
    return {**told, "ask_again_after": SECONDS}


def difference(events: list[tuple[bool, str, int]], now: set[str]) -> tuple[list[str], list[str]]:
    """Give the prefixes that went and came, from (added, prefix, live entries of it now) of each event in between."""
    balance: Counter[str] = Counter()
    live: dict[str, int] = {}
    for added, prefix, count in events:
        balance[prefix] += 1 if added else -1
        live[prefix] = count
    before = {prefix for prefix, count in live.items() if count - balance[prefix] > 0}
    return sorted(before - now), sorted((live.keys() & now) - before)


@router.get("/phishing/hashes", auth=public(WHY), response=list[HashOut])
def list_phishing_hashes(request: HttpRequest, query: Query[HashQuery]) -> Any:  # noqa: ARG001
    """Give the full hashes that begin with these prefixes. Nothing of the question is kept."""
    with publishing.reading():
        return [
            {"sha256": rules.digest(row.kind, row.name).hex(), "kind": row.kind, "lease_until": row.lease_until}
            for row in reads.with_prefixes(query.prefix).order_by("prefix", "id")
        ]
