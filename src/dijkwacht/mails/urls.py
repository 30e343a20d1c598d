"""URLs as a browser understands them, without what says who received them.

Source: the WHATWG URL Standard, by ada (can_ada). Nothing here guesses a host from a text by itself.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlencode

import can_ada

LONGEST: Final = 8_192  # characters of a URL; what is longer is cut off by the mail programs that we know
TRACKING: Final = re.compile(
    r"(?:utm_\w+|mc_[ce]id|gclid|fbclid|msclkid|_hs\w+|mkt_tok|vero_id|oly_\w+_id)\Z", re.IGNORECASE
)
TRACKED: Final = re.compile(r"[?&](?:utm_|mc_|gclid|fbclid|msclkid|_hs|mkt_tok|vero_id|oly_)")  # of lower case
ADDRESS: Final = re.compile(r"[^\s@/?#&=;,<>\"']{1,64}@[^\s@/?#&=;,<>\"']{1,250}\.[a-z]{2,}", re.IGNORECASE)
DEFANGED: Final = re.compile(r"\[(?:\.|dot)\]|\((?:\.|dot)\)|\{(?:\.|dot)\}", re.IGNORECASE)
PARTS: Final = re.compile(r"[/?#&=]")
FRAGMENT: Final = re.compile(r"([/?#&]|=(?![=&/]|\Z))")  # what stands at the end of base64 parts nothing
WITHIN: Final = re.compile(r"([.;,:|])")
HEXADECIMAL: Final = re.compile(r"(?:[0-9A-Fa-f]{2})+")
LETTERS: Final = re.compile(r"[^\W\d_]")
FEWEST_LETTERS: Final = 4  # of a local part: a shorter one is a word of too many paths
BASE64: Final = re.compile(
    r"[A-Za-z0-9+/_ -]{8,}={0,2}"
)  # a@b.nl, the shortest address, makes eight; a form's + is a space
# What an @ leaves in base64, by where among three bytes it stands, and in hexadecimal: a cheap look before decoding.
HIDDEN: Final = re.compile(r"Q[A-P]|[EUk0][A-D]|[BFJNRVZdhlptx159]A|40")
STANDARD: Final = str.maketrans("-_ ", "+/+")
ENCODED: Final = re.compile(r"[A-Za-z0-9+_-]{8,}={0,2}")
EVERYBODYS: Final = frozenset({"", "info", "mail", "contact", "office", "admin", "support", "service", "sales", "help"})
OPAQUE: Final = re.compile(
    r"(?<=[/=#])(?:(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{12,}={0,2}|[0-9a-f]{8}-[0-9a-f-]{27}|\d{6,})(?=[/?#&]|\Z)"
)
WRAPPED_DEPTH: Final = 5

# Services that put their own address before a link: the end of the host, the start of the path, the parameter.
WRAPPERS: Final = (
    ("safelinks.protection.outlook.com", "/", "url"),
    ("www.google.com", "/url", "q"),
    ("www.google.com", "/url", "url"),
    ("l.facebook.com", "/l.php", "u"),
    ("linkprotect.cudasvc.com", "/url", "a"),
    ("secure-web.cisco.com", "/", "url"),
    ("urldefense.proofpoint.com", "/v1/url", "u"),
)
WRAPPER: Final = re.compile(
    r"https?://(?:[\w-]+\.)*(?:safelinks\.protection\.outlook\.com|www\.google\.com|l\.facebook\.com|cudasvc\.com"
    r"|secure-web\.cisco\.com|urldefense\.(?:proofpoint\.)?com)/"
)
PROOFPOINT_2: Final = "/v2/url"
PROOFPOINT_3: Final = re.compile(r"/v3/__(?P<url>.+?)__;(?P<coded>[A-Za-z0-9_=-]*)")


class Url(NamedTuple):
    """One URL. `canonical` is what a browser asks; `clean` and `key` as in the README. `host` is in A-labels."""

    canonical: str
    host: str
    clean: str
    key: str


def canonical(text: str) -> str:
    """Give a URL as a browser understands it, or "" when it is no http(s) URL. `hxxp` and `[.]` are put right."""
    return _parsed(text)[0]


def _parsed(text: str) -> tuple[str, str]:
    """Give the canonical URL and its host, both "" when it is no http(s) URL."""
    cut = text.strip()[:LONGEST]
    if "[" in cut or "(" in cut:
        cut = _refanged(cut)
    if cut[:4].lower() == "hxxp":
        cut = f"http{cut[4:]}"
    try:
        parsed = can_ada.parse(cut)
    except ValueError:
        return "", ""
    host = str(parsed.hostname)
    if parsed.protocol not in {"http:", "https:"} or not host:
        return "", ""
    if parsed.has_credentials():
        parsed.username = parsed.password = ""
    return str(parsed.href), host


def _refanged(text: str) -> str:
    """Put right what somebody wrote so that nobody follows it; dots of the host only."""
    scheme, mark, rest = text.replace("[://]", "://").replace("[:]", ":").partition("://")
    end = next((at for at, sign in enumerate(rest) if sign in "/\\?#"), len(rest))
    return f"{scheme}{mark}{DEFANGED.sub('.', rest[:end])}{rest[end:]}" if mark else DEFANGED.sub(".", text)


def host_of(url: str) -> str:
    """Give the host of a canonical URL: A-labels, an IPv4 address, or an IPv6 address in brackets."""
    return str(can_ada.parse(url).hostname)


def read_url(text: str, reporter: Iterable[str] = (), received: Iterable[str] = ()) -> Url | None:
    """Read a URL; None when a browser would not ask for it. `reporter`, `received`: as in `without_reporter`."""
    return read_urls([text], reporter, received)[0]


def read_urls(texts: Iterable[str], reporter: Iterable[str] = (), received: Iterable[str] = ()) -> list[Url | None]:
    """Read the URLs of one mail, each as `read_url` does. Whether one tells who received it is asked of all at once."""
    reporter, received = tuple(reporter), tuple(received)
    read = [_unwrapped(*_parsed(text)) for text in texts]
    clean = [whole for whole, _ in read]
    if _may_tell("\n".join(clean), _spellings(reporter, received)[1]):
        clean = [without_reporter(whole, reporter, received) if whole else "" for whole in clean]
    return [
        Url(whole, host, plain, masked(plain)) if whole else None
        for (whole, host), plain in zip(read, clean, strict=True)
    ]


def unwrapped(url: str) -> str:
    """Take off what a mail filter or a search engine put before a canonical URL; what is inside, canonical."""
    return _unwrapped(url, "")[0]


def _unwrapped(url: str, host: str) -> tuple[str, str]:
    """Unwrap a canonical URL of a host; give what is inside and the host of that."""
    for _ in range(WRAPPED_DEPTH):
        inner = _parsed(_inner(url)) if WRAPPER.match(url) else ("", "")
        if not inner[0]:
            break
        url, host = inner
    return url, host


def _inner(url: str) -> str:
    parsed = can_ada.parse(url)
    host, path, query = parsed.hostname, parsed.pathname, dict(parse_qsl(parsed.search.lstrip("?")))
    if host == "urldefense.com" and (match := PROOFPOINT_3.match(path + parsed.search + parsed.hash)):
        return _proofpoint_3(match["url"], match["coded"])
    if host == "urldefense.proofpoint.com" and path == PROOFPOINT_2:
        return unquote(query.get("u", "").replace("-", "%").replace("_", "/"))
    for end, start, name in WRAPPERS:
        if (host == end or host.endswith(f".{end}")) and path.startswith(start) and name in query:
            return query[name]
    return ""


def _proofpoint_3(url: str, coded: str) -> str:
    """Put back the characters that version 3 took out: one `*` each, a run as `**` and a letter for its length."""
    try:
        taken = base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode(errors="replace")
    except (binascii.Error, ValueError):
        return url
    runs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    at = 0

    def back(match: re.Match[str]) -> str:
        nonlocal at
        length = runs.index(match[1]) + 2 if match[1] else 1
        at += length
        return taken[at - length : at]

    return re.sub(r"\*(?:\*([A-Za-z0-9_-]))?", back, url)


def without_reporter(url: str, reporter: Iterable[str] = (), received: Iterable[str] = ()) -> str:
    """Take a mail address, also one in base64 or hexadecimal, and tracking parameters out of a canonical URL.

    Each address becomes empty, so that the page may still be found. `reporter` and `received` name addresses that are
    taken out also where they stand in capitals. The local part of one of `reporter` goes too where it is a whole part
    of the path, a name or a value; of `received`, which whoever wrote the mail may choose, it does not.
    """
    known = _spellings(tuple(reporter), tuple(received))
    if not (
        _may_tell(url, known[1])
        and (TRACKED.search(url.lower()) or any(_tells(part, known) for part in PARTS.split(url)))
    ):
        return url
    parsed = can_ada.parse(url)
    parsed.pathname = "/".join(_emptied(part, known) for part in parsed.pathname.split("/"))
    if parsed.search:
        pairs = parse_qsl(parsed.search[1:], keep_blank_values=True)
        kept = [(_emptied(name, known), _emptied(value, known)) for name, value in pairs]
        kept = [(name, value) for name, value in kept if not TRACKING.match(name)]
        parsed.search = urlencode(kept) if kept != pairs else parsed.search
    if parsed.hash:
        parsed.hash = "".join(_emptied(part, known) for part in FRAGMENT.split(parsed.hash[1:]))
    return str(parsed.href)


@lru_cache(maxsize=256)
def _spellings(reporter: tuple[str, ...], received: tuple[str, ...]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Give addresses as they may stand in a URL, and local parts of reporters but for those that are everybody's."""
    folded = {address.strip().lower() for address in (*reporter, *received) if address.strip()}
    local = {address.strip().lower().partition("@")[0] for address in reporter}
    long = {one for one in local if len(LETTERS.findall(one)) >= FEWEST_LETTERS}
    return tuple(sorted(folded, key=len, reverse=True)), frozenset(long - EVERYBODYS)


def _may_tell(url: str, local: frozenset[str]) -> bool:
    """Whether a URL, or one of several lines, is worth a closer look: never no where the look would say yes."""
    start = url.find("/", len("https://"))
    plain = _plain(url[start:]) if "%" in url else url[start:]
    lower = plain.lower()
    if "@" in plain or TRACKED.search(lower) or any(one in lower for one in local):
        return True
    # In base64 an @ leaves a capital; in hexadecimal it is 40, and the dot that every address has 2e.
    coded = lower != plain or ("40" in lower and "2e" in lower)
    return coded and any(_decoded_address(one) for one in ENCODED.findall(plain))


def _plain(part: str) -> str:
    """Give a part as it reads: a URL within a URL is coded twice."""
    return unquote(unquote(part))


def _tells(part: str, known: tuple[tuple[str, ...], frozenset[str]]) -> bool:
    """Whether a part of a URL says who received it."""
    read, (addresses, local) = _plain(part), known
    plain = read.lower()
    if plain in local or ("@" in plain and ADDRESS.search(plain) is not None):
        return True
    return any(one in plain for one in addresses) or any(map(_decoded_address, [read, *WITHIN.split(read)]))


def _emptied(part: str, known: tuple[tuple[str, ...], frozenset[str]]) -> str:
    if not _tells(part, known):
        return part
    plain, (addresses, local) = _plain(part), known
    if plain.lower() in local or _decoded_address(plain):
        return ""
    for one in addresses:
        plain = re.sub(re.escape(one), "", plain, flags=re.IGNORECASE)
    plain = "".join("" if _decoded_address(one) else one for one in WITHIN.split(plain))
    return quote(ADDRESS.sub("", plain), safe="!$&'()*+,;=:@~-._")


def _decoded_address(text: str) -> bool:
    """Whether a text is base64, or hexadecimal, of something with a mail address in it."""
    if not (HIDDEN.search(text) and BASE64.fullmatch(text)):
        return False
    if HEXADECIMAL.fullmatch(text) and _has_address(bytes.fromhex(text)):
        return True
    try:
        return _has_address(binascii.a2b_base64(text.translate(STANDARD) + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError):
        return False


def _has_address(plain: bytes) -> bool:
    return b"@" in plain and plain.isascii() and ADDRESS.search(plain.decode("ascii")) is not None


def masked(url: str) -> str:
    """Give the key of a clean URL: values and parts of the path that look like a number of this one mail are `*`."""
    start = url.find("/", len("https://"))
    return url[:start] + OPAQUE.sub("*", url[start:]) if start > 0 else url
