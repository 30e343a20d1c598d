"""Reads the registry's values: which rows can be attributed to, and why the others cannot."""

import re
import socket
import struct
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final

import idna
import numpy as np
import numpy.typing as npt
import polars as pl
from publicsuffixlist import PublicSuffixList

from .registry_plain import IPV4_BITS, plain_domains, plain_prefixes
from .schema import REFUSED, REGISTRY

MAPPED: Final = b"\x00" * 10 + b"\xff\xff"
LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)\Z")
ASN: Final = re.compile(r"(?:AS)?([0-9]{1,10})\Z", re.IGNORECASE)
PREFIX: Final = ("high", "low", "length")
NO_PREFIX: Final = (0, 0, 0)
V4_MAPPED: Final = np.uint64(0xFFFF << 32)  # ::ffff:0:0
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


def read_value(organisation: str, kind: str, value: str) -> tuple[str, tuple[int, int, int]]:
    """Give a value in its one spelling, and the numbers of a prefix (as `read_prefix`). Raises RefusedValueError."""
    if not organisation or not value:
        raise RefusedValueError("empty", "organisation or value is empty")
    if kind == "prefix":
        high, low, length = numbers = read_prefix(value)
        return f"{high:x}:{low:x}/{length}", numbers
    if kind == "domain":
        return read_domain(value), NO_PREFIX
    if kind == "asn":
        return str(read_asn(value)), NO_PREFIX
    raise RefusedValueError("unknown-kind", f"kind {kind!r} is not prefix, asn or domain")


class _Read:
    """The values that were read so far, and those that were refused."""

    def __init__(self) -> None:
        self.rows: list[Rows] = []
        self.folded: list[list[str]] = []
        self.numbers: list[npt.NDArray[np.uint64]] = []  # high, low, length: 0 for what is no prefix
        self.refused: list[tuple[int, str, str]] = []

    def add(self, rows: Rows, folded: list[str], numbers: npt.NDArray[np.uint64]) -> None:
        self.rows.append(rows)
        self.folded.append(folded)
        self.numbers.append(numbers)

    def plain(self, values: pl.DataFrame) -> None:
        """Read what stands in its one spelling already."""
        prefixes = plain_prefixes(values.filter(pl.col("kind") == "prefix"))
        low = prefixes.addresses.astype(np.uint64) + V4_MAPPED
        lengths = prefixes.lengths.astype(np.uint64) + (128 - IPV4_BITS)
        texts = [f"0:{number:x}/{length}" for number, length in zip(low.tolist(), lengths.tolist(), strict=True)]
        self.add(prefixes.rows, texts, np.stack([np.zeros_like(low), low, lengths], axis=1))
        domains = plain_domains(values.filter(pl.col("kind") == "domain"))
        self.add(domains.rows, domains.values.to_list(), np.zeros((len(domains.rows), 3), np.uint64))

    def one_by_one(self, values: pl.DataFrame) -> None:
        """Read the others, each by itself."""
        rows, folded, numbers = [], [], []
        for row, organisation, kind, value in values.select("row", "organisation", "kind", "value").iter_rows():
            try:
                text, prefix = read_value(organisation, kind, value)
            except RefusedValueError as refusal:
                self.refused.append((row, refusal.reason, str(refusal)))
            else:
                rows.append(row)
                folded.append(text)
                numbers.append(prefix)
        self.add(np.array(rows, np.uint32), folded, np.array(numbers, np.uint64).reshape(-1, 3))


def check_registry(registry: pl.DataFrame) -> Checked:
    """Read every value of a REGISTRY frame; nothing is dropped silently: what is not understood is in `refused`.

    Raises polars.exceptions.ColumnNotFoundError when a column of REGISTRY is missing.
    """
    values = registry.select(REGISTRY.names()).with_row_index("row")
    values = values.with_columns(
        pl.col("organisation", "kind").fill_null(""),
        pl.col("value").fill_null("").str.strip_chars(),
        pl.col("fallback").fill_null(value=False),
    )
    read = _Read()
    read.plain(values.filter((pl.col("organisation") != "") & (pl.col("value") != "")))
    known = np.zeros(values.height, np.bool_)
    for rows in read.rows:
        known[rows] = True
    read.one_by_one(values.filter(pl.Series(~known)))
    return _sorted_out(values, read)


def _sorted_out(values: pl.DataFrame, read: _Read) -> Checked:
    """Refuse what an organisation has twice, and put each kind together, in the order of rows."""
    understood = pl.DataFrame(
        {"row": np.concatenate(read.rows), "folded": list(chain.from_iterable(read.folded))},
        schema={"row": pl.UInt32, "folded": pl.String},
    ).with_columns(pl.DataFrame(np.concatenate(read.numbers), schema=dict.fromkeys(PREFIX, pl.UInt64)))
    found = values.join(understood, on="row", how="inner", maintain_order="left")
    again = _again(found)
    for row, value, first in again.select("row", "value", "first").iter_rows():
        read.refused.append((row, "twice", f"{value!r} stands above already, as {first!r}"))
    kept = found.join(again, on="row", how="anti", maintain_order="left") if again.height else found
    prefixes, domains, asns = (kept.filter(pl.col("kind") == kind) for kind in ("prefix", "domain", "asn"))
    folded = values.select("row").join(kept.select("row", "folded"), on="row", how="left", maintain_order="left")
    return Checked(
        Prefixes(
            prefixes["row"].to_numpy(),
            prefixes["high"].to_numpy(),
            prefixes["low"].to_numpy(),
            prefixes["length"].cast(pl.UInt8).to_numpy(),
        ),
        domains["row"].to_numpy(),
        domains["folded"].rename("domain"),
        asns["row"].to_numpy(),
        asns["folded"].cast(pl.UInt32).to_numpy(),
        folded["folded"].fill_null("").to_list(),
        pl.DataFrame(sorted(read.refused), REFUSED, orient="row"),
    )


def _again(found: pl.DataFrame) -> pl.DataFrame:
    """Give the rows that repeat an asset of the same organisation, with the `first` value of it."""
    same = ("organisation", "kind", "folded", "fallback")
    likely = found.filter(found.select(same).hash_rows().is_duplicated())  # few, or none
    return likely.with_columns(first=pl.col("value").first().over(same)).filter(~pl.struct(same).is_first_distinct())
