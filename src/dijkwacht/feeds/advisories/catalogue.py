"""The sources that an installation knows: a TOML file each, ours and its own in the overlay."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

import msgspec

SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
Kind = Literal["csaf", "cve", "kev", "epss", "news", "mail", "list"]


class Title(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The name of a source for people."""

    nl: str
    en: str


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One source. `url`: where it is fetched, empty for one that only comes as files or mail; `every`: minutes.

    `namespace`: the publisher that each of its CSAF documents must name; empty for an aggregator, which speaks of many.
    `provider`: the provider-metadata.json whose keys sign its documents, where `url` is a list of documents itself.
    """

    slug: str
    kind: Kind
    title: Title
    publisher: str
    homepage: str
    licence: str
    url: str = ""
    every: int = 60
    namespace: str = ""
    provider: str = ""
    demo: bool = False


class SourceTableError(ValueError):
    """A source's file is wrong; the message names the file and the field."""


@cache
def catalogue(overlay: Path | None = None) -> Mapping[str, Source]:
    """Every source by slug; one of the overlay takes the place of ours. Raises SourceTableError."""
    ours = [path for path in files(__package__).joinpath("sources").iterdir() if path.name.endswith(".toml")]
    theirs = sorted(overlay.glob("*.toml")) if overlay and overlay.is_dir() else []
    texts = [
        (path.name, path.read_text(encoding="utf-8")) for path in [*sorted(ours, key=lambda one: one.name), *theirs]
    ]
    return MappingProxyType(dict(_read(texts)))


def _read(texts: Iterable[tuple[str, str]]) -> Iterable[tuple[str, Source]]:
    for name, text in texts:
        try:
            source = msgspec.convert(tomllib.loads(text), Source)
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise SourceTableError(f"source {name}: {error}") from error
        if not SLUG.match(source.slug) or name != f"{source.slug}.toml":
            raise SourceTableError(f"source {name}: its slug {source.slug!r} must be the name of the file")
        addresses = [one for one in (source.url, source.provider) if one]
        if source.every < 1 or not all(one.startswith("https://") for one in addresses):
            raise SourceTableError(f"source {name}: url and provider must be https, every at least a minute")
        yield source.slug, source
