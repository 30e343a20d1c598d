"""RPSL text, as RIPE and others publish their database, to frames: a chunk at a time, columns and not rows.

RFC 2622 section 2: an object is lines "attribute: value" up to an empty line; a line that begins with a space, a tab or
"+" goes on with the one before; "#" begins a comment, and "%" a line that is none of the database's.
"""

import ipaddress
import socket
from collections.abc import Iterator
from typing import BinaryIO, Final

import polars as pl

from dijkwacht.rooms.proof.whois.frames import HOLDERS, NETWORKS, ROUTES, Frames

CHUNK: Final = 1 << 24  # bytes read at a time
LONGEST_OBJECT: Final = 1 << 26  # bytes without an empty line that are not RPSL any more
WANTED: Final = [
    "inetnum",
    "inet6num",
    "aut-num",
    "route",
    "route6",
    "organisation",
    "role",
    "org-name",
    "org",
    "netname",
    "as-name",
    "descr",
    "country",
    "mnt-by",
    "abuse-c",
    "abuse-mailbox",
    "e-mail",
    "nic-hdl",
    "status",
    "origin",
]
CLASSES: Final = ("inetnum", "inet6num", "aut-num", "route", "route6", "organisation", "role")
FOUR: Final = 4


class NotRpsl(ValueError):
    """The bytes are not RPSL: no empty line in LONGEST_OBJECT bytes."""


def chunks(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the file in pieces that end between two objects. Raises NotRpsl."""
    rest = b""
    while block := stream.read(CHUNK):
        rest += block.replace(b"\r\n", b"\n")
        whole, blank, tail = rest.rpartition(b"\n\n")
        if blank:
            yield whole
            rest = tail
        elif len(rest) > LONGEST_OBJECT:
            raise NotRpsl
    if rest.strip():
        yield rest


def parse(chunk: bytes) -> Frames:
    """Return the networks, routes and holders of a piece, how many objects it had, and how many were not understood."""
    lines = pl.DataFrame({"line": chunk.decode("latin-1").split("\n")})
    begun = lines.with_columns(object=pl.col("line").str.strip_chars().eq("").cum_sum())
    said = begun.filter(pl.col("line").str.contains(r"^[^%#\s]|^[\s+]+[^\s]"))
    attributes = _attributes(said)
    first = attributes.group_by("object", maintain_order=True).agg(
        kind=pl.col("attribute").first(), key=pl.col("value").first()
    )
    wide = _wide(attributes.join(first.filter(pl.col("kind").is_in(CLASSES)), on="object", how="semi"))
    found = first.filter(pl.col("kind").is_in(CLASSES)).join(wide, on="object", how="left").drop("object")
    return _sorted_out(found, said["object"].n_unique())


def _attributes(said: pl.DataFrame) -> pl.DataFrame:
    """Return (object, attribute, value); a line that goes on counts for the attribute before it."""
    parts = pl.col("line").str.splitn(":", 2)
    goes_on = pl.col("line").str.contains(r"^[\s+]")
    named = said.select(
        "object",
        attribute=pl.when(goes_on).then(None).otherwise(parts.struct.field("field_0").str.to_lowercase()),
        value=pl.when(goes_on).then(pl.col("line").str.slice(1)).otherwise(parts.struct.field("field_1")),
    )
    # An object of another class then begins with another attribute, which is no class, and so is left out below.
    kept = named.with_columns(pl.col("attribute").forward_fill()).filter(pl.col("attribute").is_in(WANTED))
    return kept.with_columns(pl.col("value").fill_null("").str.replace(r"#.*$", "").str.strip_chars())


def _wide(attributes: pl.DataFrame) -> pl.DataFrame:
    """Return one row an object, one column a wanted attribute; repeated values on lines of their own."""
    kept = attributes.filter(pl.col("value") != "")
    joined = kept.group_by("object", "attribute", maintain_order=True).agg(pl.col("value").str.join("\n"))
    found = joined.pivot(on="attribute", index="object", values="value", aggregate_function="first")
    missing = [pl.lit(None, dtype=pl.String).alias(name) for name in WANTED if name not in found.columns]
    return found.with_columns(missing)


def _sorted_out(found: pl.DataFrame, objects: int) -> Frames:
    four = _spans_four(found.filter(pl.col("kind") == "inetnum"))
    six = _spans_python(found.filter(pl.col("kind") == "inet6num"))
    asns = _asns(found.filter(pl.col("kind") == "aut-num"))
    routed = _spans_python(found.filter(pl.col("kind").is_in(["route", "route6"])))
    whole = pl.concat([four, six, asns], how="diagonal_relaxed")
    networks = whole.select(
        "kind", "key", "family", "first_hi", "first_lo", "last_hi", "last_lo", "descr", "org", "country", "status",
        name=pl.coalesce("netname", "as-name"),
        mails=pl.concat_str(["abuse-mailbox", "e-mail"], separator="\n", ignore_nulls=True),
        abuse_c=pl.col("abuse-c"),
    )  # fmt: skip
    routes = routed.select(
        "kind", "key", "family", "first_hi", "first_lo", "last_hi", "last_lo",
        origin=pl.col("origin").str.to_uppercase().str.extract(r"^AS(\d{1,10})$").cast(pl.UInt64, strict=False),
    )  # fmt: skip
    holders = found.filter(pl.col("kind").is_in(["organisation", "role"])).select(
        "kind",
        "country",
        "descr",
        key=pl.when(pl.col("kind") == "role").then(pl.col("nic-hdl")).otherwise(pl.col("key")).str.to_uppercase(),
        name=pl.coalesce("org-name", "key"),
        mails=pl.concat_str(["abuse-mailbox", "e-mail"], separator="\n", ignore_nulls=True),
        abuse_c=pl.col("abuse-c"),
    )
    good = [_understood(networks, NETWORKS), _understood(routes, ROUTES), _understood(holders, HOLDERS)]
    aside = found.height - sum(frame.height for frame in good)
    return Frames(good[0], good[1], good[2], objects=objects, set_aside=aside)


def _understood(frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    needed = [name for name in ("first_lo", "last_lo", "key", "origin") if name in schema]
    return frame.drop_nulls(needed).select(schema.names()).cast(schema)


def _spans_four(found: pl.DataFrame) -> pl.DataFrame:
    """Numbers of "192.0.2.0 - 192.0.2.255"; what is no range has none."""
    ends = pl.col("key").str.replace_all(" ", "").str.split_exact("-", 1)
    return _numbered(
        found.with_columns(
            first_lo=_four(ends.struct.field("field_0")), last_lo=_four(ends.struct.field("field_1"))
        ).with_columns(pl.lit(0, pl.UInt64).alias("first_hi"), pl.lit(0, pl.UInt64).alias("last_hi"), family=pl.lit(4))
    )


def _four(text: pl.Expr) -> pl.Expr:
    """The number of a dotted address, or null."""
    parts = text.str.split_exact(".", FOUR)
    bytes_ = [
        parts.struct.field(f"field_{place}").cast(pl.UInt8, strict=False).cast(pl.UInt64) for place in range(FOUR)
    ]
    number = bytes_[0] * 2**24 + bytes_[1] * 2**16 + bytes_[2] * 2**8 + bytes_[3]
    return pl.when(parts.struct.field(f"field_{FOUR}").is_null()).then(number)


def _numbered(found: pl.DataFrame) -> pl.DataFrame:
    """Without the numbers where the end lies before the start."""
    right = (pl.col("first_hi") < pl.col("last_hi")) | (
        (pl.col("first_hi") == pl.col("last_hi")) & (pl.col("first_lo") <= pl.col("last_lo"))
    )
    return found.with_columns(first_lo=pl.when(right).then("first_lo"))


def _spans_python(found: pl.DataFrame) -> pl.DataFrame:
    """Numbers of prefixes, by the C library: there are few, and an IPv6 address has many forms."""
    spans = [span(text) for text in found["key"].to_list()]
    columns = ("family", "first_hi", "first_lo", "last_hi", "last_lo")
    return found.with_columns(
        pl.Series(name, [one[place] if one else None for one in spans], dtype=pl.Int32 if place == 0 else pl.UInt64)
        for place, name in enumerate(columns)
    )


def span(prefix: str) -> tuple[int, int, int, int, int] | None:
    """Return (family, first high, first low, last high, last low) of a prefix, halves of 64 bits; None when none."""
    address, _, length = prefix.partition("/")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    bits = 128 if family == socket.AF_INET6 else 32
    try:
        number = int.from_bytes(socket.inet_pton(family, address.strip()))
        host = bits - int(length.strip())
    except (OSError, ValueError):
        return None
    if not 0 <= host <= bits:
        return None
    first = number >> host << host
    last = first | ((1 << host) - 1)
    low = (1 << 64) - 1
    return (6 if bits > 32 else 4, first >> 64, first & low, last >> 64, last & low)  # noqa: PLR2004


def span_of(value: str) -> tuple[int, int, int, int, int]:
    """Return the span of an asset's own value, which is a right prefix."""
    found = span(str(ipaddress.ip_network(value)))
    if found is None:
        raise ValueError(value)
    return found


def _asns(found: pl.DataFrame) -> pl.DataFrame:
    number = pl.col("key").str.to_uppercase().str.extract(r"^AS(\d{1,10})$").cast(pl.UInt64, strict=False)
    zero = pl.lit(0, pl.UInt64)
    return found.with_columns(family=pl.lit(0), first_hi=zero, last_hi=zero, first_lo=number, last_lo=number)
