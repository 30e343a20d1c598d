"""From what people write to one normal form of a prefix, an ASN or a domain, or a reason why not. Pure: no Django."""

import ipaddress
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

import idna
from publicsuffixlist import PublicSuffixList

from dijkwacht.rooms.registry import space
from dijkwacht.rooms.registry.errors import InvalidAsset
from dijkwacht.rooms.registry.vocabulary import AssetKind

KINDS: Final = frozenset(kind.value for kind in AssetKind)
LONGEST: Final = 260  # characters; no prefix, range, ASN or domain is longer
LARGEST: Final = {4: 8, 6: 19}  # shortest prefix length anybody holds, by IP version
GLOBAL_UNICAST: Final = 0b001  # first three bits: 2000::/3, the part IANA hands out (RFC 4291)
LAST_ASN: Final = 2**32 - 1
LAST_SHORT_ASN: Final = 2**16 - 1
ASN: Final = re.compile(r"(?:AS[N ]? ?)?(?:([0-9]{1,10})|([0-9]{1,5})\.([0-9]{1,5}))", re.IGNORECASE)
NETWORK: Final = re.compile(r"[0-9A-Fa-f:.]{2,45}(?:/[0-9]{1,3})?")
LABEL: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Normal:
    """The normal form of one asset: several values for a range, and a note in both languages where it was changed."""

    kind: AssetKind
    values: tuple[str, ...]
    note_nl: str = ""
    note_en: str = ""


def normalise(kind: str, text: str, *, reserved: bool, on: date) -> Normal:
    """Return the normal form of an asset. `reserved`: accept space kept for documentation (the demo profile).

    Raises InvalidAsset with the reason in both languages. Sources: RFC 4632, RFC 4291, RFC 5396, RFC 5890, UTS 46.
    """
    if kind not in KINDS:
        raise _refused("asset", text, "soort moet prefix, asn of domain zijn", "kind must be prefix, asn or domain")
    if len(text) > LONGEST:
        raise _refused(kind, text, "de tekst is te lang", "the text is too long")
    known = AssetKind(kind)
    if known is AssetKind.PREFIX:
        return _prefixes(text.strip(), reserved=reserved, on=on)
    return _asn(text.strip(), reserved, on) if known is AssetKind.ASN else _domain(text.strip(), reserved, on)


def _refused(kind: str, text: str, reason_nl: str, reason_en: str) -> InvalidAsset:
    return InvalidAsset(field="value", kind=kind, value=text[:LONGEST], reason_nl=reason_nl, reason_en=reason_en)


def _prefixes(text: str, *, reserved: bool, on: date) -> Normal:
    first, dash, last = (part.strip() for part in text.partition("-"))
    if dash:
        networks = _range(first, last, text)
        for network in networks:
            _check_network(network, text, reserved=reserved, on=on)
        values = tuple(map(str, networks))
        if len(values) == 1:
            return Normal(AssetKind.PREFIX, values)
        listed = ", ".join(values)
        return Normal(
            AssetKind.PREFIX, values, f"het bereik is gesplitst in {listed}", f"the range was split into {listed}"
        )
    network = _network(text)
    _check_network(network, text, reserved=reserved, on=on)
    value = str(network)
    if "/" in text and network.network_address != ipaddress.ip_address(text.partition("/")[0]):
        return Normal(
            AssetKind.PREFIX, (value,), f"hostbits weggelaten: {value}", f"host bits were set and are dropped: {value}"
        )
    return Normal(AssetKind.PREFIX, (value,))


def _network(text: str) -> Network:
    if not NETWORK.fullmatch(text):
        raise _refused("prefix", text, "schrijf het als 192.0.2.0/24", "write it as 192.0.2.0/24")
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise _refused("prefix", text, "dit is geen adresblok", "this is not an address block") from None


def _range(first: str, last: str, text: str) -> list[Network]:
    """Split a range of addresses, as RIPE writes an inetnum, into the fewest prefixes."""
    try:
        start, end = ipaddress.ip_address(first), ipaddress.ip_address(last)
        return list(ipaddress.summarize_address_range(start, end))
    except (ValueError, TypeError):
        raise _refused(
            "prefix", text, "een bereik is twee adressen, laag - hoog", "a range is two addresses, low - high"
        ) from None


def _check_network(network: Network, text: str, *, reserved: bool, on: date) -> None:
    shortest = LARGEST[network.version]
    if network.prefixlen < shortest:
        raise _refused("prefix", text, f"te groot: korter dan /{shortest}", f"too large: shorter than /{shortest}")
    if network.version == 6 and int(network.network_address) >> 125 != GLOBAL_UNICAST:  # noqa: PLR2004
        raise _refused(
            "prefix", text, "buiten 2000::/3 wordt niets uitgegeven", "nothing outside 2000::/3 is handed out"
        )
    first, last = int(network.network_address), int(network.broadcast_address)
    special = space.prefixes(network.version).touching(first, last, on)
    inside = special is not None and special.first <= first and last <= special.last
    if special is not None and not (reserved and special.documentation and inside):
        raise _special("prefix", text, special)


def _special(kind: str, text: str, special: space.Special) -> InvalidAsset:
    return _refused(
        kind,
        text,
        f"ruimte zonder eigenaar ({special.name}, {special.source})",
        f"space that nobody owns ({special.name}, {special.source})",
    )


def _asn(text: str, reserved: bool, on: date) -> Normal:
    match = ASN.fullmatch(text)
    if not match:
        raise _refused("asn", text, "schrijf het als AS64496", "write it as AS64496")
    plain, high, low = match.groups()
    if plain is None and max(int(high), int(low)) > LAST_SHORT_ASN:  # asdot, RFC 5396
        raise _refused("asn", text, "elk deel is hoogstens 65535", "each part is at most 65535")
    number = int(plain) if plain is not None else int(high) * 65536 + int(low)
    if number > LAST_ASN:
        raise _refused("asn", text, "hoogstens 4294967295", "at most 4294967295")
    special = space.asns().touching(number, number, on)
    if special is not None and not (reserved and special.documentation):
        raise _special("asn", text, special)
    return Normal(AssetKind.ASN, (str(number),))


@cache
def _suffixes() -> PublicSuffixList:
    """Return the public suffix list; a top level it does not know is no suffix, so that typing errors are refused."""
    return PublicSuffixList(accept_unknown=False)


def _domain(text: str, reserved: bool, on: date) -> Normal:
    written = text.removeprefix("*.").removesuffix(".")
    name = _ascii(written, text)
    labels = name.split(".")
    if len(name) > 253 or not all(map(LABEL.fullmatch, labels)):  # noqa: PLR2004 - RFC 1035
        raise _refused("domain", text, "dit is geen domeinnaam", "this is not a domain name")
    tails = (".".join(labels[index:]) for index in range(len(labels)))
    special = next((found for tail in tails if (found := space.domains().get(tail)) and found.valid_from <= on), None)
    if special is not None and not (reserved and special.documentation):
        raise _special("domain", text, special)
    if special is None and _suffixes().publicsuffix(name) is None:
        raise _refused("domain", text, "dit topleveldomein bestaat niet", "this top-level domain does not exist")
    if len(labels) == 1 or (special is None and _suffixes().privatesuffix(name) is None):
        raise _refused(
            "domain",
            text,
            "dit is een publiek achtervoegsel dat velen delen",
            "this is a public suffix that many share",
        )
    if text.startswith("*."):
        return Normal(AssetKind.DOMAIN, (name,), f"alles onder {name} telt mee", f"everything under {name} counts")
    if not text.isascii():
        return Normal(AssetKind.DOMAIN, (name,), f"geschreven als {name}", f"written as {name}")
    return Normal(AssetKind.DOMAIN, (name,))


def _ascii(written: str, text: str) -> str:
    """Return the A-labels in lower case; plain ASCII needs no IDNA unless it claims to be an A-label already."""
    lower = written.lower()
    if lower.isascii() and "xn--" not in lower:
        return lower
    try:
        return idna.encode(written, uts46=True, transitional=False, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        raise _refused(
            "domain", text, "dit is geen geldige IDN", "this is not a valid internationalised name"
        ) from None
