"""Where links stand in a text and in HTML."""

import html
import re
from collections.abc import Iterator
from itertools import chain
from typing import Final, NamedTuple

from selectolax.lexbor import LexborHTMLParser

LARGEST_TEXT: Final = 4 << 20  # characters of one part that are looked at
SCHEME: Final = re.compile(r"(?:h(?:tt|xx)ps?(?:://|\[:\]//|:\\\\)|www\[?\.\]?)[^\s<>\"'`{}|]{3,8192}", re.IGNORECASE)
BARE: Final = re.compile(
    r"(?<![@\w./-])(?:[\w-]{1,63}(?:\.|\[\.\])){1,8}[a-z]{2,24}/[^\s<>\"'`{}|]{0,8192}", re.IGNORECASE
)
ENDS: Final = ".,;:!?*_~'\"\u00bb\u201d\u2019"
PAIRS: Final = {")": "(", "]": "[", "}": "{", ">": "<"}
REFRESH: Final = re.compile(r"url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)
# element -> attribute, what it is
PLACES: Final = {
    "a": ("href", "link"),
    "area": ("href", "link"),
    "form": ("action", "form"),
    "button": ("formaction", "form"),
    "input": ("formaction", "form"),
    "iframe": ("src", "frame"),
    "embed": ("src", "frame"),
    "object": ("data", "frame"),
    "img": ("src", "resource"),
    "link": ("href", "resource"),
}
SELECTOR: Final = ",".join(f"{element}[{attribute}]" for element, (attribute, _) in PLACES.items())
PASSWORD: Final = re.compile(r"type\s*=\s*[\"']?password", re.IGNORECASE)


class Found(NamedTuple):
    """A text that may be a URL. `where` is text, link, form, frame, refresh, script, code, pdf or resource.

    A resource is what a page loads by itself, such as an image. `shown` is what the reader saw of a link.
    """

    text: str
    where: str
    shown: str = ""


def in_text(text: str, where: str = "text") -> Iterator[Found]:
    """Give what looks like a URL in a text, without the punctuation behind it; `www.` and a path need no scheme."""
    for word in text[:LARGEST_TEXT].split():  # neither pattern goes over a space
        if "/" in word or "ww." in word or "WW." in word or ":" in word:
            for match in chain(SCHEME.finditer(word), BARE.finditer(word)):
                found = trimmed(match[0])
                yield Found(found if _has_scheme(found) else f"http://{found}", where)


def _has_scheme(text: str) -> bool:
    return text[:4].lower() in {"http", "hxxp"} and ":" in text[:8]


def trimmed(text: str) -> str:
    """Take off what ends a sentence, and a closing bracket that was opened before the URL."""
    end, held = len(text), {sign: text.count(sign) for pair in PAIRS.items() for sign in pair}
    while end:
        last = text[end - 1]
        if last in PAIRS and held[last] > held[PAIRS[last]]:
            held[last] -= 1
        elif last not in ENDS:
            break
        end -= 1
    return text[:end]


def in_html(source: str, said: list[str] | None = None) -> Iterator[Found]:
    """Give the links of a page: what is clicked, sent or goes by itself; then what stands in its text and scripts.

    What a reader reads, but for the texts of links, is added to `said`.
    """
    page = LexborHTMLParser(source[:LARGEST_TEXT])
    base = next((node.attributes.get("href") or "" for node in page.css("base[href]")), "")
    places = page.css(SELECTOR)
    for node in places:
        attribute, what = PLACES[node.tag or ""]
        value = (node.attributes.get(attribute) or "").strip()
        shown = " ".join(node.text().split())[:300] if what == "link" else ""
        yield Found(_absolute(value, base), what, shown)
    for node in page.css("meta[http-equiv][content]"):
        if match := REFRESH.search(node.attributes.get("content") or ""):
            yield Found(_absolute(match[1].strip(), base), "refresh")
    for node in page.css("script"):
        yield from in_text(node.text().replace("\\/", "/"), "script")
    for node in page.css("[onclick]"):
        yield from in_text(node.attributes.get("onclick") or "", "script")
    for node in places:
        if node.tag == "a":
            node.decompose()  # its text is what the reader sees, not where it goes
    page.strip_tags(["script", "style", "head"])
    if page.body is not None:
        text = page.body.text(separator=" ")
        if said is not None:
            said.append(text[:100_000])
        yield from in_text(text)


def asks_password(source: str) -> bool:
    """Whether a page has a field for a password."""
    return PASSWORD.search(source, 0, LARGEST_TEXT) is not None


def _absolute(value: str, base: str) -> str:
    """Give a URL with scheme as it stands, and a relative one only where the page names a base."""
    if value.startswith("//"):
        return f"https:{value}"
    if re.match(r"[a-z][a-z0-9+.-]*:", value, re.IGNORECASE) or not base:
        return html.unescape(value)
    return f"{base.rstrip('/')}/{value.lstrip('/')}"
