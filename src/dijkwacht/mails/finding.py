"""Where links stand in a text and in HTML."""

import binascii
import contextlib
import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from . import corners
from .corners import TEMPLATE
from .scanning import place_of
from .urls import canonical

LARGEST_TEXT: Final = 4 << 20  # characters of one part that are looked at
SCHEME: Final = re.compile(
    r"(?:h(?:tt|xx)ps?(?:://|\[:\]//|\[://\]|:\\\\)|www\[?\.\]?)[^\s<>\"'`{}|]{3,8192}", re.IGNORECASE
)
BARE: Final = re.compile(
    r"(?<![@\w./\u00ad\u200b-\u200d\u2060\ufeff-])(?:[\w-]{1,63}(?:\.|[\[(](?:\.|dot)[\])])){1,8}[a-z]{2,24}/"
    r"[^\s<>\"'`{}|]{0,8192}",
    re.IGNORECASE,
)
# One of them, or a slash, stands in each of what the patterns find; and which of its letters is the rarest.
MARKS: Final = (("\\", (0,)), ("ww", (0,)), ("WW", (0,)), ("wWw", (1,)), ("WwW", (0,)))
UNSEEN: Final = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
GAP: Final = re.compile(r"\s")
ENDS: Final = ".,;:!?*_~'\"\u00bb\u201d\u2019"
PAIRS: Final = {")": "(", "]": "[", "}": "{", ">": "<"}
# HTML 4.2.5.3: "url=" may be left out behind the seconds.
REFRESH: Final = re.compile(r"(?:\A\s*[\d.]+[\s;,]+(?:url\s*=\s*)?|url\s*=\s*)['\"]?\s*([^'\"]+)", re.IGNORECASE)
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
    "meta": ("content", "refresh"),
}
SURE: Final = frozenset({"a", "area", "button", "base", "link", "script"})  # of these all is known without a look
SCRIPT: Final = re.compile(r"\s*javascript\s*:", re.IGNORECASE)
DEEPEST_WITHIN: Final = 2  # pages within a page
WITH_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
SLASHES: Final = re.compile(r"[/\\]{2}")  # a browser takes either for the other
IGNORED: Final = dict.fromkeys(map(ord, "\t\r\n"))  # by a browser, wherever they stand in a URL
HIDDEN_HTTP: Final = re.compile(r"aHR0c[A-Za-z0-9+/]{8,4096}")  # "http" in base64
PASSWORD: Final = re.compile(r"type\s*=\s*[\"']?password", re.IGNORECASE)

DEEPEST: Final = 1_000  # elements of a page within each other
MOST_TAGS: Final = 50_000
TAG: Final = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
EMPTY: Final = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SHALLOW: Final = EMPTY | {"p", "li", "td", "th", "tr", "dt", "dd", "option"}  # the next of its kind ends each


class Found(NamedTuple):
    """A text that may be a URL. `where` is text, link, form, frame, refresh, script, code, picture, pdf or resource.

    A resource is what a page loads by itself, such as an image. `shown` is what the reader saw of a link.
    """

    text: str
    where: str
    shown: str = ""


def in_text(text: str, where: str = "text") -> Iterator[Found]:
    """Give what looks like a URL in a text, without the punctuation behind it; `www.` and a path need no scheme."""
    for word in _words(text[:LARGEST_TEXT]):
        if "." not in word and ":" not in word and "dot" not in word:
            continue  # a part of a path, or of a type
        matches = [*SCHEME.finditer(word), *BARE.finditer(word)]
        if not matches and not word.isascii():  # cut in two by what nobody sees
            seen = word.translate(UNSEEN)
            matches = [*SCHEME.finditer(seen), *BARE.finditer(seen)]
        for match in matches:
            found = trimmed(match[0])
            yield Found(found if _has_scheme(found) else f"http://{found}", where)


def _words(text: str) -> Iterator[str]:
    """Give the words in which a URL may stand: neither pattern goes over a space. The others are only passed over."""
    end, whole, places = 0, len(text), [-1] * len(MARKS)  # where each mark stands next: each is sought once
    slash = other = -1
    while True:
        if slash < end:  # by far the most frequent
            slash = found if (found := text.find("/", end)) >= 0 else whole
        if other < end:
            other = _next(text, end, places)
        at = min(slash, other)
        if at == whole:
            return
        start = max(end, text.rfind(" ", end, at) + 1, text.rfind("\n", end, at) + 1)
        gap = GAP.search(text, at)
        end = gap.start() if gap else whole
        yield from text[start:end].split()


def _next(text: str, start: int, places: list[int]) -> int:
    """Give where one of the marks stands first from a place on, or the length of the text; `places` as known so far."""
    for number, place in enumerate(places):
        if place < start:
            mark, rare = MARKS[number]
            found = place_of(text, mark, start, rare=rare) if len(mark) > 1 else text.find(mark, start)
            places[number] = found if found >= 0 else len(text)
    return min(places)


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


def in_html(source: str, said: list[str] | None = None, *, opened: bool = False, depth: int = 0) -> Iterator[Found]:
    """Give the links of a page: what is clicked, sent or goes by itself; then what stands in its text and scripts.

    What a reader reads, but for the texts of links, is added to `said`. `opened`: a browser shows it, as it does a file
    that is attached: all its scripts may run. A page that is `deeper` than is allowed is for `in_source`.
    """
    source = source[:LARGEST_TEXT]
    page, nodes = _opened(source)
    base = next((_base(node) for node, tag in nodes if tag == "base" and "href" in node.attributes), "")
    for node, tag in nodes:
        if tag == "script":
            yield from _in_script(node.text())
        elif tag in PLACES and (found := _of_element(node, tag, base)) is not None:
            yield from _in_script(found.text) if SCRIPT.match(found.text) else (found,)
        if tag not in SURE:
            yield from _in_corner(node, tag, base, depth)
    yield from _in_attributes(page, source, base, opened=opened)
    for node, tag in nodes:
        if tag == "a" and not {"href", "xlink:href"}.isdisjoint(node.attributes):
            node.decompose()  # its text is what the reader sees, not where it goes
    page.strip_tags(["script", "style", "head"])
    if page.body is not None:
        text = page.body.text(separator=" ")
        if said is not None:
            said.append(text[:100_000])
        yield from in_text(text)


def _opened(source: str) -> tuple[LexborHTMLParser, list[tuple[LexborNode, str]]]:
    """Parse a page; give with it the elements that may lead somewhere, in order."""
    if source.lstrip()[:4] == "<!--":  # a comment before the page is to stand within
        source = f"<html>{source}"
    page = LexborHTMLParser(source)
    nodes = _telling(page)
    if any(tag == "template" for _, tag in nodes):  # which a browser keeps to itself, and a mail program shows
        page = LexborHTMLParser(TEMPLATE.sub(r"<\1div", source))
        nodes = _telling(page)
    return page, nodes


def _telling(page: LexborHTMLParser) -> list[tuple[LexborNode, str]]:
    """Give the elements that may lead somewhere, in order."""
    if page.root is None:
        return []
    return [(node, tag) for node in page.root.traverse() if (tag := node.tag or "") not in corners.PLAIN]


def _in_corner(node: LexborNode, tag: str, base: str, depth: int) -> Iterator[Found]:
    for one in corners.of_element(node, tag):
        if not one.page:
            yield Found(_absolute(one.value.strip(), base), one.where)
        elif depth < DEEPEST_WITHIN:
            yield from in_html(one.value, depth=depth + 1)


def _in_attributes(page: LexborHTMLParser, source: str, base: str, *, opened: bool) -> Iterator[Found]:
    """Give what stands in attributes that any element may have: styles, and scripts."""
    if "(" in source and "url(" in source:
        for node in page.css("[style*='url(']"):
            for found in corners.IN_STYLE.findall(node.attributes["style"] or ""):
                yield Found(_absolute(found, base), "resource")
    clicked = (
        page.root.traverse() if opened and page.root else page.css("[onclick]") if "onclick" in source.lower() else ()
    )
    for node in clicked:
        for script in corners.handlers(node):
            yield from in_text(script, "script")


def in_source(source: str) -> Iterator[Found]:
    """Give what looks like a URL in the source of a page, which no parser reads."""
    return in_text(html.unescape(source[:LARGEST_TEXT]))


def _of_element(node: LexborNode, tag: str, base: str) -> Found | None:
    attributes = node.attributes
    if tag == "meta":
        match = REFRESH.search(attributes.get("content") or "") if "http-equiv" in attributes else None
        return Found(_absolute(match[1].strip(), base), "refresh") if match else None
    attribute, what = PLACES.get(tag, ("", ""))
    value = attributes.get(attribute, attributes.get(f"xlink:{attribute}"))  # as SVG has it
    if value is None:
        return None
    shown = " ".join(node.text().split())[:300] if what == "link" else ""
    return Found(_absolute(value.strip(), base), what, shown)


def _in_script(script: str) -> Iterator[Found]:
    """Give what looks like a URL in a script, also as base64, which hides it from who only reads."""
    yield from in_text(script.replace("\\/", "/"), "script")
    for match in HIDDEN_HTTP.finditer(script):
        with contextlib.suppress(binascii.Error):
            plain = binascii.a2b_base64(match[0] + "=" * (-len(match[0]) % 4))
            yield from in_text(plain.decode("latin-1"), "script")


def deeper(source: str) -> int:
    """Give how many elements of a page stand within each other, as far as counted, where it is too many; else 0.

    A parser goes through all open elements for each tag, so its time grows with the square of the depth. Elements that
    end by themselves do not count; of a page with very many tags nothing is asked.
    """
    source = source[:LARGEST_TEXT]
    tags = source.count("<")
    if tags <= DEEPEST:
        return 0
    if tags > MOST_TAGS:
        return tags
    depth, opened = 0, Counter[str]()
    for match in TAG.finditer(source):
        known = match[2].lower()
        if not match[1] and known not in SHALLOW:
            opened[known] += 1
            depth += 1
            if depth > DEEPEST:
                return depth
        elif match[1] and opened[known]:
            opened[known] -= 1
            depth -= 1
    return 0


def asks_password(source: str) -> bool:
    """Whether a page has a field for a password."""
    return "password" in source[:LARGEST_TEXT].lower() and PASSWORD.search(source, 0, LARGEST_TEXT) is not None


def _base(node: LexborNode) -> str:
    """Give what relative URLs of a page are relative to, without what stands behind its path; or ""."""
    found = canonical(_absolute((node.attributes.get("href") or "").strip(), ""))
    return found.partition("#")[0].partition("?")[0]


def _absolute(value: str, base: str) -> str:
    """Give a URL with scheme as it stands, and a relative one only where the page names a base.

    Dots in the path are left to who reads it as a browser does.
    """
    plain = value.translate(IGNORED) if "\n" in value or "\t" in value or "\r" in value else value
    if WITH_SCHEME.match(plain):
        return value
    if SLASHES.match(plain):
        return f"https:{plain}"
    if not base or plain.startswith(("?", "#")):
        return base + plain
    if plain.startswith(("/", "\\")):
        return base[: base.index("/", len("https://"))] + plain
    return base[: base.rindex("/") + 1] + plain
