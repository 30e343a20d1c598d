"""Host names from names, URLs and e-mail addresses: A-labels, lower case, no trailing dot; null where there is none."""

import hashlib
import hmac
import re
from typing import Final

import idna
import numpy as np
import polars as pl
from numpy.typing import NDArray

from dijkwacht.data.values import text_bytes
from dijkwacht.feeds.model import HostForm

# Labels as names are used in the DNS: letters, digits, hyphen, and the underscore that real names carry.
HOST: Final = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?\Z"
)
PLAIN: Final = np.isin(np.arange(256), np.frombuffer(b"abcdefghijklmnopqrstuvwxyz0123456789-_.", np.uint8))
LETTER: Final = np.isin(np.arange(256), np.arange(ord("a"), ord("z") + 1))
DOT, HYPHEN = ord("."), ord("-")
LONGEST_HOST: Final = 253  # RFC 1035
IN_URL: Final = r"^\s*(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?://)?(?:[^/?#@\\]*@)?(\[[0-9A-Fa-f:.]+\]|[^/?#:@\\\s]+)"
IN_EMAIL: Final = r"^[^@\s]{1,128}@([^@\s]+)$"
LONGEST: Final = 1_000  # characters of a name that are looked at: four for each of a name's, since IDNA shortens


def host_text(text: pl.Series, form: HostForm) -> pl.Series:
    """The part of each value that names the host, not yet judged."""
    if form == "url":
        return text.str.extract(IN_URL, 1).str.strip_chars("[]")
    return text.str.extract(IN_EMAIL, 1) if form == "email" else text


def hosts(text: pl.Series) -> pl.Series:
    """The names in the form of the column `host`; null for what is not a host name (also an address, or one label)."""
    kept = text.set(pl.Series(_odd(text)), None)
    rest = pl.select(pl.when(kept.is_null() & text.is_not_null()).then(text)).to_series()
    if rest.null_count() == len(rest):
        return kept
    distinct = rest.drop_nulls().unique()
    names = pl.Series([canonical(value) for value in distinct], dtype=pl.String)
    return kept.zip_with(kept.is_not_null(), rest.replace_strict(distinct, names, default=None))


def _odd(text: pl.Series) -> NDArray[np.bool_]:
    """Which names are not plainly in canonical form already: looked at on their bytes, the others one by one."""
    offsets, data = text_bytes(text)
    odd = ~text.str.contains(".", literal=True).fill_null(value=True).to_numpy()
    starts, ends = offsets[:-1], offsets[1:]
    there = ends > starts
    edge = np.zeros(len(text), bool)
    edge[there] = ~LETTER[data[ends[there] - 1]] | (data[starts[there]] == DOT) | (data[starts[there]] == HYPHEN)
    strange = ~PLAIN[data]
    strange[1:] |= (data[1:] == DOT) & (data[:-1] == DOT)
    if strange.any():
        odd[np.searchsorted(ends, np.flatnonzero(strange), side="right")] = True
    return odd | edge | (ends - starts > LONGEST_HOST)


def canonical(name: str) -> str | None:
    """One name in the form of the column `host`, or None when it is no host name (RFC 5890, UTS 46)."""
    name = name.strip().removesuffix(".").lower()
    if not name.isascii() and len(name) <= LONGEST:
        try:
            name = idna.encode(name, uts46=True).decode()
        except (idna.IDNAError, UnicodeError):
            return None
    return name if HOST.match(name) else None


def account_hashes(text: pl.Series, secret: bytes) -> pl.Series:
    """Accounts as keyed hashes (HMAC-SHA256, 32 hexadecimal digits), case folded: equal accounts stay equal."""
    distinct = text.drop_nulls().unique()
    digests = [hmac.new(secret, value.strip().lower().encode(), hashlib.sha256).hexdigest()[:32] for value in distinct]
    return text.replace_strict(distinct, pl.Series(digests, dtype=pl.String), default=None, return_dtype=pl.String)
