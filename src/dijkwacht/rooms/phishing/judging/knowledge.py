"""The tables of the room: protected brands, hosts that many share, the sentences."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from publicsuffixlist import PublicSuffixList

HERE: Final = Path(__file__).parent
HOSTS: Final = 1 << 14  # that are remembered: mails of a day go to few


@dataclass(frozen=True, slots=True)
class Brand:
    """A name that criminals use, and the registrable domains that are its own."""

    slug: str
    names: tuple[str, ...]
    domains: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a piece of evidence or a verdict says, in both languages; `family` is empty for a verdict."""

    family: str
    nl: str
    en: str


@cache
def brands() -> tuple[Brand, ...]:
    """Give the protected brands."""
    rows = tomllib.loads((HERE / "brands.toml").read_text())["brand"]
    return tuple(Brand(row["slug"], tuple(row["names"]), frozenset(row["domains"])) for row in rows)


def brand_name(slug: str) -> str:
    """Give what a brand calls itself; "" for none."""
    return next((brand.names[0] for brand in brands() if brand.slug == slug), "")


@cache
def brand_words() -> frozenset[str]:
    """Give the words that brands are called by, in lower case: they say nothing of a person."""
    texts = [text for brand in brands() for text in (brand.slug, *brand.names, *brand.domains)]
    return frozenset(word for text in texts for word in re.findall(r"[^\W\d_]{3,}", text.lower()))


@cache
def shared_hosts() -> frozenset[str]:
    """Give the hosts that have pages of many."""
    table = tomllib.loads((HERE / "shared-hosts.toml").read_text())
    return frozenset(host for hosts in table.values() for host in hosts)


@cache
def sentences() -> dict[str, Sentence]:
    """Give the sentences by the code of what they say."""
    table = tomllib.loads((HERE / "sentences.toml").read_text())
    return {code: Sentence(**row) for code, row in table.items()}


def sentence(code: str, language: str, **found: object) -> str:
    """Say something in "nl" or "en"."""
    text: str = getattr(sentences()[code], language)
    return text.format(**found)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=HOSTS)
def registrable(host: str) -> str:
    """Give the registrable domain of a host, private section included, or "" for an address or a suffix itself."""
    name = host.rstrip(".")
    if name.startswith("[") or name.rpartition(".")[2].isdigit():
        return ""
    return str(_suffixes().privatesuffix(name) or "")


def is_private(domain: str) -> bool:
    """Whether a registrable domain stands under a suffix of the list's private section, such as a hosting platform."""
    public = _public_suffixes().privatesuffix(domain) or ""
    return bool(domain) and public != domain


@cache
def _public_suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)


@lru_cache(maxsize=HOSTS)
def owner_of(host: str) -> Brand | None:
    """Give the protected brand that a host belongs to; not where it has pages of many, which anybody can make."""
    domain = "" if is_shared(host) else registrable(host)
    return next((brand for brand in brands() if domain in brand.domains), None) if domain else None


def is_shared(host: str) -> bool:
    """Whether a host has pages of many people."""
    labels = host.rstrip(".").split(".")
    return any(".".join(labels[start:]) in shared_hosts() for start in range(len(labels) - 1))


@cache
def guarded_names(kind: str) -> frozenset[str]:
    """Give the names of "government" or "top" that no machine warns for."""
    return frozenset(tomllib.loads((HERE / "guarded.toml").read_text())[kind])


@cache
def _registries() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)


def is_suffix(host: str) -> bool:
    """Whether a host is a suffix of the list itself, such as a country's."""
    return _suffixes().publicsuffix(host, accept_unknown=False) == host


def is_platform(host: str) -> bool:
    """Whether a host is a name that a platform gives out to its users: its suffix is in the private section."""
    domain = registrable(host)
    return bool(domain) and domain != str(_registries().privatesuffix(domain) or "")
