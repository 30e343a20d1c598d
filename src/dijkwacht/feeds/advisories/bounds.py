"""What strangers' bytes may cost: counted and bounded before anything is built from them."""

import re
import zlib
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

LARGEST: Final = 64 << 20  # bytes of one file
DEEPEST: Final = 60  # levels of a JSON document; the schemas need about 35
LONGEST: Final = 20_000  # characters of a text that is kept
TITLE: Final = 300
GROWTH: Final = 200  # a packed file that unpacks to more than so many times its size is none of ours
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_STRINGS: Final = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_NESTING: Final = re.compile(rb"[\[\]{}]")
CVE: Final = re.compile(r"CVE-(?:19|20)\d{2}-\d{4,19}")
CVE_ONLY: Final = re.compile(r"CVE-(?:19|20)\d{2}-\d{4,19}\Z")
_UNSAFE: Final = re.compile(r"[\x00-\x20<>\"'`\\\x7f]")


class Unreadable(ValueError):
    """The bytes cannot be used. Its text says what is wrong and what to do."""


def deep(raw: bytes) -> int:
    """Count how deep JSON nests, without building it; strings do not count."""
    level = most = 0
    for found in _NESTING.finditer(_STRINGS.sub(b"", raw)):
        level += 1 if found[0] in b"[{" else -1
        most = max(most, level)
    return most


def read_json(raw: bytes, largest: int = LARGEST) -> Any:
    """Read JSON in UTF-8. Raises Unreadable: too large, too deep, not JSON, and where."""
    if len(raw) > largest:
        raise Unreadable(f"it has {len(raw):,} bytes, at most {largest:,} are read; ask the source to split it")
    # Only what could be too deep is looked at closer: counting brackets costs a tenth of the strings.
    if raw.count(b"[") + raw.count(b"{") > DEEPEST and deep(raw) > DEEPEST:
        raise Unreadable(f"it nests deeper than {DEEPEST} levels; no format that we know does")
    try:
        return msgspec.json.decode(raw.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(f"it is not JSON in UTF-8: {error}; fetch it again") from error


def unpacked(raw: bytes, largest: int = LARGEST) -> bytes:
    """Unpack gzip within bounds; what is not packed stays. Raises Unreadable."""
    if not raw.startswith(b"\x1f\x8b"):
        return raw
    most = min(largest, max(len(raw), 1 << 14) * GROWTH)
    unpack = zlib.decompressobj(31)
    try:
        found = unpack.decompress(raw, most)
    except zlib.error as error:
        raise Unreadable(f"its gzip is broken: {error}; fetch it again") from error
    if unpack.unconsumed_tail or not unpack.eof:
        raise Unreadable(f"unpacked it has more than {most:,} bytes, or it is cut off; fetch it again")
    return found


def clean(value: Any, limit: int = LONGEST) -> str:
    """Give a text without control characters, overrides of direction and half surrogates, at most so long."""
    if not isinstance(value, str):
        return ""
    text = _CONTROL.sub("", value[: limit * 2]).strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"


def one_line(value: Any, limit: int = TITLE) -> str:
    """Give a text on one line."""
    return clean(" ".join(clean(value, limit * 4).split()), limit)


def web_address(value: Any) -> str:
    """Give a URL of http or https, or nothing: a link of any other kind is never shown as one."""
    if not isinstance(value, str) or len(value) > 2048 or _UNSAFE.search(value):  # noqa: PLR2004 - as browsers
        return ""
    try:
        parts = urlsplit(value)
    except ValueError:
        return ""
    return value if parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc else ""


def moment(value: Any) -> datetime | None:
    """Read a date with time (ISO 8601); without a zone it is UTC. None for what is no moment of 1980 to 2200."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value[:40].strip())
    except ValueError:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found.astimezone(UTC) if 1980 <= found.year <= 2200 else None  # noqa: PLR2004 - years


def day(value: Any) -> date | None:
    """Read a day (ISO 8601)."""
    found = moment(value)
    return found.date() if found else None


def cves(text: str, most: int = 500) -> list[str]:
    """Give the CVE ids in a text, each once, in order."""
    return list(dict.fromkeys(CVE.findall(text.upper())))[:most]


def listed(value: Any) -> list[Any]:
    """Give a list, or an empty one: a stranger's document may hold anything where a list belongs."""
    return value if isinstance(value, list) else []


def table(value: Any) -> dict[str, Any]:
    """Give an object, or an empty one."""
    return value if isinstance(value, dict) else {}
