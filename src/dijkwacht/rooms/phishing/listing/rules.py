"""What may stand on the list, in which form, and what of it a format may hold. Pure."""

import ipaddress
import re
from collections.abc import Collection
from hashlib import sha256
from typing import Final
from urllib.parse import unquote_to_bytes, urlsplit

import can_ada

from dijkwacht.mails.urls import canonical as canonical_url
from dijkwacht.platform.network import is_public
from dijkwacht.rooms.phishing.judging.knowledge import (
    Brand,
    brands,
    guarded_names,
    is_shared,
    is_suffix,
    owner_of,
    registrable,
    shared_hosts,
)
from dijkwacht.rooms.phishing.listing import errors

KINDS: Final = ("url", "host", "name", "domain")  # as listing.models.KINDS, which this module does not import
WITH_ALL_BELOW: Final = frozenset({"name", "domain"})
LONGEST_NAME: Final = 253  # characters of a host, RFC 1035 without the last dot
LONGEST_URL: Final = 2048  # as the column
LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\Z")
NOT_IN_HOSTS: Final = re.compile(r"[\s/\\:@?#%\x00-\x20\x7f]")
# Names that a network gives out inside (RFC 6761, 6762, 8375, 9476 and what equipment makes up).
INSIDE: Final = (
    *("localhost", "local", "internal", "lan", "home", "corp", "intranet", "private"),
    *("home.arpa", "arpa", "alt"),
)
SERIALS: Final = 1 << 32
VISIBLE: Final = frozenset(map(chr, range(0x21, 0x7F))) - {"#", "%"}
LEASE_ENDED: Final = "the lease ended"  # why an entry went that nobody renewed: nobody said that it was wrong


def canonical(kind: str, name: str, own: Collection[str] = (), *, visited: bool = False) -> str:
    """Give the name as the list holds it: a URL as a browser asks it without fragment, else a host in A-labels.

    `own`: hosts of this installation. `visited`: the host is known to be of many, or of a government.
    Raises a class of listing.errors for what may not stand on the list.
    """
    if kind not in KINDS:
        raise errors.UnknownKind(kind=kind[:20])
    found, host = _url(name) if kind == "url" else (_host(name),) * 2
    _allowed(kind, host, own)
    if kind == "url" and expression(kind, found) == f"{host}/" and (visited or _of_many(host)):
        raise errors.SharedByMany(name=host)  # its hash is that of the whole host
    return found


def written(kind: str, name: str) -> str:
    """Give the name as the list would write it, also of what may not stand on it. Raises MalformedName."""
    return _url(name)[0] if kind == "url" else _host(name)


def _malformed(name: str) -> errors.MalformedName:
    return errors.MalformedName(name=repr(name[:100]))


def _url(name: str) -> tuple[str, str]:
    """Give a URL in canonical form, and its host. Userinfo, fragment and the last dot of the host go."""
    text = name.strip()
    if len(text) > LONGEST_URL or not (found := canonical_url(text)):
        raise _malformed(name)
    parsed = can_ada.parse(found)
    host = _checked(str(parsed.hostname), name)
    parsed.hostname, parsed.hash = host, ""
    found = str(parsed.href)
    if len(found) > LONGEST_URL or not found.isascii() or not found.isprintable() or " " in found:
        raise _malformed(name)
    return found, host


def _host(name: str) -> str:
    """Give a host in lower case and A-labels, without the last dot."""
    text = name.strip(" ")
    text = f"[{text}]" if ":" in text and text[0] != "[" and address(text) is not None else text
    bare = text[1:-1].replace(":", "") if text.startswith("[") and text.endswith("]") else text
    if not text or len(text) > 4 * LONGEST_NAME or NOT_IN_HOSTS.search(bare):
        raise _malformed(name)
    try:
        host = str(can_ada.parse(f"http://{text}/").hostname)
    except ValueError as error:
        raise _malformed(name) from error
    return _checked(host, name)


def _checked(host: str, name: str) -> str:
    """Give a host without its last dot when each label is one; an address as it is."""
    if address(host) is not None:
        return host
    found = host.removesuffix(".")
    if len(found) > LONGEST_NAME or not all(LABEL.match(label) for label in found.split(".")):
        raise _malformed(name)
    return found


def address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Give the address that a canonical host is, or None for a name."""
    try:
        return ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def _allowed(kind: str, host: str, own: Collection[str]) -> None:
    """Refuse what is never warned for, whatever the evidence: somebody may have forged all of that."""
    found = address(host)
    if found is not None:
        _allowed_address(kind, host, own)
        return
    if "." not in host and is_suffix(host):
        raise errors.PublicSuffix(name=host)
    if "." not in host or any(host == one or host.endswith(f".{one}") for one in INSIDE):
        raise errors.InsideName(name=host)
    if any(_holds(host, one) or (kind in WITH_ALL_BELOW and _holds(one, host)) for one in own):
        raise errors.OwnName(name=host)
    if (brand := _protected(kind, host)) is not None:
        raise errors.ProtectedName(name=host, brand=brand.names[0])
    if kind != "url":
        _dedicated(kind, host)


def _allowed_address(kind: str, host: str, own: Collection[str]) -> None:
    found = address(host)
    if found is None or not is_public(found):
        raise errors.InsideName(name=host)
    if host in own:
        raise errors.OwnName(name=host)
    if kind in WITH_ALL_BELOW:
        raise errors.TooWide(name=host)


def _protected(kind: str, host: str) -> Brand | None:
    if (brand := owner_of(host)) is not None:
        return brand
    if kind not in WITH_ALL_BELOW:
        return None
    return next((brand for brand in brands() if any(_holds(domain, host) for domain in brand.domains)), None)


def _dedicated(kind: str, host: str) -> None:
    """Refuse a host that is not one party's alone. Raises PublicSuffix, SharedByMany, TooWide."""
    domain = registrable(host)
    if not domain:
        raise errors.PublicSuffix(name=host)
    if is_shared(host) or (kind in WITH_ALL_BELOW and any(_holds(one, host) for one in shared_hosts())):
        raise errors.SharedByMany(name=host)
    if kind == "domain" and domain != host:
        raise errors.TooWide(name=host)


def _of_many(host: str) -> bool:
    domain = registrable(host)
    guarded = guarded_names("top") | guarded_names("government")
    return is_shared(host) or (not domain and address(host) is None) or any(_holds(host, one) for one in guarded)


def _holds(host: str, above: str) -> bool:
    """Whether `host` is `above` or below it."""
    return host == above or host.endswith(f".{above}")


def in_dns(kind: str, name: str) -> bool:
    """Whether a resolver can warn for an entry: never for one URL of a host, nor for an address."""
    return kind != "url" and address(name) is None


def expression(kind: str, name: str) -> str:
    """Give what is hashed of an entry: "host/", or host, path and query of a URL, as Safe Browsing writes them.

    Source: Safe Browsing v5, "URLs and hashing": escapes are undone until none is left, the path is made straight, and
    what is no visible ASCII, # and % are escaped again.
    """
    if kind != "url":
        return f"{name}/"
    parts = urlsplit(name)
    query = f"?{_escaped(_unescaped(parts.query))}" if parts.query else ""
    return f"{parts.hostname or ''}{_escaped(_straight(_unescaped(parts.path)))}{query}"


def _unescaped(text: str) -> bytes:
    found, before = text.encode(), b""
    while found != before:  # each round is shorter
        found, before = unquote_to_bytes(found), found
    return found


def _straight(path: bytes) -> bytes:
    """Give a path without runs of slashes and without steps to itself or up."""
    steps: list[bytes] = []
    for step in path.split(b"/"):
        if step == b"..":
            del steps[-1:]
        elif step not in {b"", b"."}:
            steps.append(step)
    ends = b"/" if steps and path.rpartition(b"/")[2] in {b"", b".", b".."} else b""
    return b"/" + b"/".join(steps) + ends


def _escaped(raw: bytes) -> str:
    return "".join(chr(one) if chr(one) in VISIBLE else f"%{one:02X}" for one in raw)


def digest(kind: str, name: str) -> bytes:
    """Give the SHA-256 of an entry's expression: 32 bytes, of which the first four are the prefix."""
    return sha256(expression(kind, name).encode()).digest()


def newer(one: int, other: int) -> bool:
    """Whether the serial of a zone is newer than another, as RFC 1982 counts round 2^32."""
    return 0 < (one - other) % SERIALS < SERIALS // 2
