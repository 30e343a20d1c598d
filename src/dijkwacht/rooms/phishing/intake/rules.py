"""What may come in, and what of who handed it in is known before anything is parsed. Pure."""

import hashlib
import hmac
import ipaddress
import re
from email.utils import parseaddr
from typing import Final

LARGEST: Final = 25 << 20  # bytes of a mail, told to whoever sends by SIZE (RFC 1870)
HEADER_BYTES: Final = 512 << 10
MOST_RECIPIENTS: Final = 10  # of one mail: we have one address, perhaps some spellings of it
SEEN_HEADER: Final = 64 << 10  # bytes of a header that are looked at outside the reading process
END: Final = re.compile(rb"\r?\n\r?\n")
FOLD: Final = re.compile(rb"\r?\n[ \t]+")
TOO_LARGE: Final = "552 5.3.4 The mail is larger than {limit} bytes"
HEADER_TOO_LARGE: Final = "552 5.3.4 The header of the mail is larger than {limit} bytes"


def ours(recipient: str, addresses: frozenset[str]) -> bool:
    """Whether a recipient is one of our report addresses; what stands behind a plus does not matter (RFC 5233)."""
    local, at, domain = recipient.strip().lower().rpartition("@")
    return bool(at) and f"{local.partition('+')[0]}@{domain.rstrip('.')}" in addresses


def header_of(raw: bytes) -> bytes:
    """Give the header of a mail, as far as it is looked at, with folded lines in one."""
    end = END.search(raw, 0, SEEN_HEADER)
    return FOLD.sub(b" ", raw[: end.start() if end else SEEN_HEADER])


def values_of(header: bytes, name: str) -> list[str]:
    """Give the values of a field, in the order in which they stand."""
    pattern = re.compile(rb"^" + name.encode() + rb"[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
    return [value.decode("utf-8", "replace").strip() for value in pattern.findall(header)]


def header_too_large(raw: bytes) -> bool:
    """Whether the header goes on beyond its bound."""
    return len(raw) > HEADER_BYTES and END.search(raw, 0, HEADER_BYTES) is None


def address_in(value: str) -> str:
    """Give the mail address of a From field, in lower case, or "" where it names none or more than one."""
    if value.count("@") > 4 or len(value) > 1000:  # noqa: PLR2004 - a name may hold an address, not a list of them
        return ""
    address = parseaddr(value)[1].strip().lower()
    return address if re.fullmatch(r"[^\s@<>]{1,64}@[^\s@<>]{1,253}", address) else ""


def normalised(address: str) -> str:
    """Give an address as one person has it: lower case, without what stands behind a plus."""
    local, _, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain.rstrip('.')}"


def network_of(address: str) -> str:
    """Give the /24 or /48 that an address lies in; "" for what is no address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))  # noqa: PLR2004


def pseudonym(key: bytes, what: str, value: str) -> str:
    """Give what stands for a value: the same for the same one, and nothing without the key of this installation."""
    return hmac.digest(key, f"{what}\0{value}".encode(), hashlib.sha256)[:16].hex() if value else ""
