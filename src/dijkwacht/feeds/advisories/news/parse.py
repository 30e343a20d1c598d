"""RSS 0.9 to 2.0 and Atom, by feedparser. An entry's HTML becomes plain text, its link only http or https."""

import re
import time
from calendar import timegm
from datetime import UTC, datetime
from hashlib import sha256
from html import unescape
from typing import Any, Final

import msgspec

from dijkwacht.feeds.advisories.bounds import Unreadable, clean, cves, one_line, unpacked, web_address
from dijkwacht.feeds.advisories.model import Aside, Item, Link, Named, Parsed, Text

LARGEST: Final = 8 << 20
MOST: Final = 500  # entries of one file; the newest of a feed
MOST_NAMED: Final = 20  # CVE ids of one entry: an overview of a month is no advisory about one matter
_ENTITY: Final = re.compile(rb"<!(?:ENTITY|DOCTYPE[^>]*\[)", re.IGNORECASE)
_BREAKS: Final = re.compile(r"<(?:br|/p|/div|/li|/h\d)\b[^>]*>", re.IGNORECASE)


def parse(raw: bytes, place: str) -> Parsed:
    """Give an item for each entry. Set aside: entities of its own, no entries, unreadable XML."""
    try:
        entries, title, language = _entries(unpacked(raw, LARGEST))
    except Unreadable as error:
        return Parsed(aside=[Aside(place=place, findings=[str(error)], raw=raw, kind="news")])
    found = Parsed()
    for number, entry in enumerate(entries[:MOST], 1):
        made = _item(entry, title, language)
        if made is None:
            why = "it has neither a title nor text: there is nothing to show"
            found.aside.append(Aside(place=f"{place}, entry {number}", findings=[why], raw=_kept(entry), kind="news"))
        else:
            found.items.append(made)
    return found


def _entries(raw: bytes) -> tuple[list[Any], str, str]:
    import feedparser

    if len(raw) > LARGEST:
        raise Unreadable(f"it has more than {LARGEST:,} bytes")
    if _ENTITY.search(raw):
        raise Unreadable("it declares XML entities of its own, which no feed needs and which can do harm")
    read = feedparser.parse(raw, sanitize_html=False, resolve_relative_uris=False)
    if not read.entries:
        why = str(read.get("bozo_exception", "it is no RSS or Atom, or it is empty"))
        raise Unreadable(f"no entry was found: {one_line(why, 200)}; look at the address of the feed")
    return read.entries, one_line(read.feed.get("title")), one_line(read.feed.get("language"), 20) or "en"


def plain(html: Any) -> str:
    """Give the text of HTML: no element is left, none of a script's words either."""
    import nh3

    broken = _BREAKS.sub("\n", clean(html, 200_000))
    return clean(unescape(nh3.clean(broken, tags=set(), clean_content_tags={"script", "style"})))


def _item(entry: Any, feed: str, language: str) -> Item | None:
    content = next((one.get("value", "") for one in entry.get("content") or []), "")
    title, text = one_line(plain(entry.get("title", ""))), plain(content or entry.get("summary", ""))
    link = web_address(entry.get("link"))
    if not title and not text:
        return None
    raw = _kept(entry)
    key = one_line(entry.get("id"), 300) or link or sha256(raw).hexdigest()
    names = cves(f"{title} {text}")
    if len(names) > MOST_NAMED:
        names = cves(title)
    return Item(
        key=key,
        kind="news",
        title=title or one_line(text, 120),
        language=one_line(entry.get("language"), 20) or language,
        url=link,
        publisher=one_line(entry.get("author"), 100) or feed,
        published=_at(entry.get("published_parsed")),
        updated=_at(dict.get(entry, "updated_parsed")) or _at(entry.get("published_parsed")),
        bundles=False,  # a newspaper names together what does not belong together
        summary=[Text(text, language)] if text else [],
        vulnerabilities=[Named(name=name, title=title, rank=7) for name in names],
        references=[Link(link, title)] if link else [],
        raw=raw,
    )


def _at(parsed: time.struct_time | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError):
        return None


def _kept(entry: Any) -> bytes:
    """Keep an entry as it was read: the bytes of a feed are those of all its entries."""
    return msgspec.json.encode({key: _plain_value(value) for key, value in sorted(entry.items())})


def _plain_value(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain_value(one) for key, one in value.items()}
    if isinstance(value, time.struct_time):
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", value)
    if isinstance(value, list | tuple):
        return [_plain_value(one) for one in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
