"""Host names from names, URLs and e-mail addresses: A-labels, lower case, no trailing dot; null where there is none."""

import hashlib
import hmac
import re
from typing import Final

import idna
import polars as pl

from dijkwacht.feeds.model import HostForm

from .texts import plain_names, text_bytes

# Labels as names are used in the DNS: letters, digits, hyphen, and the underscore that real names carry.
LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
HOST: Final = re.compile(rf"(?=.{{3,253}}\Z)(?:{LABEL}\.)+(?!\d+\Z){LABEL}\Z")
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
    plain = plain_names(*text_bytes(text)) | text.is_null().to_numpy()
    if plain.all():
        return text
    kept, rest = text.set(pl.Series(~plain), None), text.set(pl.Series(plain), None)
    distinct = rest.drop_nulls().unique()
    names = pl.Series([canonical(value) for value in distinct], dtype=pl.String)
    return kept.zip_with(kept.is_not_null(), rest.replace_strict(distinct, names, default=None))


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
