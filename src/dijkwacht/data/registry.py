"""Reads the registry's values: which rows can be attributed to, and why the others cannot."""

import re
import socket
import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import idna
import numpy as np
import numpy.typing as npt
import polars as pl
from publicsuffixlist import PublicSuffixList

from .schema import REFUSED, REGISTRY

MAPPED: Final = b"\x00" * 10 + b"\xff\xff"
LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)\Z")
ASN: Final = re.compile(r"(?:AS)?([0-9]{1,10})\Z", re.IGNORECASE)
RESERVED_ASNS: Final = {0: "RFC 7607", 65535: "RFC 7300", 4294967295: "RFC 7300"}

Words = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.uint32]


class RefusedValueError(ValueError):
    """A registry value that cannot be attributed to: a reason code, and a sentence about this value."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Prefixes:
    """Prefixes as 128-bit numbers; IPv4 lies at ::ffff:0:0/96."""

    rows: Rows
    high: Words
    low: Words
    length: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Checked:
    """The registry rows that are understood, by kind, and the rows that were refused."""

    prefixes: Prefixes
    domain_rows: Rows
    domains: pl.Series
    asn_rows: Rows
    asns: Rows
    folded: list[str]  # per registry row the value in its one spelling; empty where refused
    refused: pl.DataFrame


def read_prefix(value: str) -> tuple[int, int, int]:
    """Give a prefix as (high 64 bits, low 64 bits, length of 128); IPv4 and IPv4-mapped alike at ::ffff:0:0/96.

    A bare address is a prefix of its full length. Raises RefusedValueError.
    """
    address, slash, bits = value.partition("/")
    try:
        if ":" in address:
            packed, width = socket.inet_pton(socket.AF_INET6, address), 128
        else:
            packed, width = MAPPED + socket.inet_pton(socket.AF_INET, address), 32
    except (OSError, ValueError):
        raise RefusedValueError("not-a-prefix", f"{value!r} is not an IPv4 or IPv6 prefix") from None
    length = _prefix_length(value, bits, width) if slash else width
    if length == 0:
        raise RefusedValueError("covers-everything", f"{value!r} covers every address")
    length += 128 - width
    high, low = struct.unpack(">QQ", packed)
    if ((high << 64) | low) & ((1 << (128 - length)) - 1):
        raise RefusedValueError("host-bits", f"{value!r} has bits set beyond its length")
    return high, low, length


def _prefix_length(value: str, bits: str, width: int) -> int:
    if not (bits.isascii() and bits.isdigit() and len(bits) <= 3 and int(bits) <= width):  # noqa: PLR2004 - three digits hold 128
        raise RefusedValueError("not-a-prefix", f"{value!r} has no length from 0 to {width}")
    return int(bits)


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def read_domain(value: str) -> str:
    """Give a domain as A-labels in lower case without trailing dot. Raises RefusedValueError.

    A public suffix (https://publicsuffix.org, private section included) is refused: it would match strangers.
    """
    name = value.removesuffix(".").lower()
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode("ascii").lower()
        except (idna.IDNAError, UnicodeError):
            raise RefusedValueError("not-a-domain", f"{value!r} is not a domain name under IDNA 2008") from None
    labels = name.split(".")
    if len(name) > 253 or not all(map(LABEL.match, labels)) or labels[-1].isdigit():  # noqa: PLR2004 - RFC 1035
        raise RefusedValueError("not-a-domain", f"{value!r} is not a domain name")
    if len(labels) == 1 or _suffixes().publicsuffix(name) == name:
        raise RefusedValueError("public-suffix", f"{value!r} is a public suffix: names under it belong to others")
    return name


def read_asn(value: str) -> int:
    """Give an autonomous system number, written as 64500 or AS64500. Raises RefusedValueError."""
    match = ASN.match(value)
    if match is None or int(match[1]) >= 1 << 32:
        raise RefusedValueError("not-an-asn", f"{value!r} is not an autonomous system number")
    number = int(match[1])
    if number in RESERVED_ASNS:
        raise RefusedValueError("reserved-asn", f"{value!r} is reserved ({RESERVED_ASNS[number]})")
    return number


class _Check:
    """Collects the rows of each kind while the registry is read once."""

    def __init__(self) -> None:
        self.prefixes: list[tuple[int, int, int, int]] = []
        self.domains: list[tuple[int, str]] = []
        self.asns: list[tuple[int, int]] = []
        self.refused: list[tuple[int, str, str]] = []
        self.folded: list[str] = []
        self._seen: dict[tuple[str, str, str, bool], str] = {}

    def row(self, row: int, organisation: str | None, kind: str | None, value: str | None, fallback: bool) -> None:
        try:
            self.folded.append(self._read(row, organisation or "", kind or "", (value or "").strip(), fallback))
        except RefusedValueError as refusal:
            self.folded.append("")
            self.refused.append((row, refusal.reason, str(refusal)))

    def _read(self, row: int, organisation: str, kind: str, value: str, fallback: bool) -> str:
        if not organisation or not value:
            raise RefusedValueError("empty", "organisation or value is empty")
        if kind == "prefix":
            high, low, length = read_prefix(value)
            folded = f"{high:x}:{low:x}/{length}"
            self._refuse_twice(value, (organisation, kind, folded, fallback))
            self.prefixes.append((row, high, low, length))
        elif kind == "domain":
            folded = read_domain(value)
            self._refuse_twice(value, (organisation, kind, folded, fallback))
            self.domains.append((row, folded))
        elif kind == "asn":
            folded = str(read_asn(value))
            self._refuse_twice(value, (organisation, kind, folded, fallback))
            self.asns.append((row, int(folded)))
        else:
            raise RefusedValueError("unknown-kind", f"kind {kind!r} is not prefix, asn or domain")
        return folded

    def _refuse_twice(self, value: str, what: tuple[str, str, str, bool]) -> None:
        if what in self._seen:
            raise RefusedValueError("twice", f"{value!r} stands above already, as {self._seen[what]!r}")
        self._seen[what] = value


def check_registry(registry: pl.DataFrame) -> Checked:
    """Read every value of a REGISTRY frame; nothing is dropped silently: what is not understood is in `refused`.

    Raises polars.exceptions.ColumnNotFoundError when a column of REGISTRY is missing.
    """
    check = _Check()
    columns = [registry.get_column(name).to_list() for name in REGISTRY.names()]
    for row, (organisation, kind, value, fallback) in enumerate(zip(*columns, strict=True)):
        check.row(row, organisation, kind, value, bool(fallback))
    rows, high, low, length = zip(*check.prefixes, strict=True) if check.prefixes else ((), (), (), ())
    domain_rows, domains = zip(*check.domains, strict=True) if check.domains else ((), ())
    asn_rows, asns = zip(*check.asns, strict=True) if check.asns else ((), ())
    return Checked(
        Prefixes(
            np.array(rows, np.uint32), np.array(high, np.uint64), np.array(low, np.uint64), np.array(length, np.uint8)
        ),
        np.array(domain_rows, np.uint32),
        pl.Series("domain", domains, pl.String),
        np.array(asn_rows, np.uint32),
        np.array(asns, np.uint32),
        check.folded,
        pl.DataFrame(check.refused, REFUSED, orient="row"),
    )
