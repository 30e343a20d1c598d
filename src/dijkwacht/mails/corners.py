"""Links in corners of a page: where some mail program or browser shows or follows them, and the others do not look.

Outlook reads what stands in conditional comments and makes shapes of VML clickable; mail programs that do not know
`template` show what is in it; a browser shows `srcdoc`, frames, and links of SVG that an animation sets.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from selectolax.lexbor import LexborNode

COMMENT: Final = "-comment"
CONDITIONAL: Final = re.compile(r"<!--\s*\[if[^\]>]{0,200}\]>")
TEMPLATE: Final = re.compile(r"<(/?)template\b", re.IGNORECASE)
IN_STYLE: Final = re.compile(r"(?:url\(\s*|@import\s+)['\"]?([^'\")\s;]{1,8192})", re.IGNORECASE)
HANDLER: Final = re.compile(r"\bon[a-z]{2,20}")
MOST_SOURCES: Final = 50  # of one srcset
# Elements of which nothing leads anywhere: most of a mail, which is passed over by their name alone.
PLAIN: Final = frozenset(
    {
        "html", "head", "body", "title", "table", "tbody", "thead", "tfoot", "tr", "td", "th", "p", "div",
        "span", "br", "hr", "b", "i", "u", "em", "strong", "font", "center", "small", "big", "ul", "ol", "li",
        "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "code", "label", "sup", "sub", "s",
        "strike", "section", "header", "footer", "main", "nav", "article", "col", "colgroup", "caption",
        "option", "select", "textarea", "-text",
    }
)  # fmt: skip
# element -> attributes, what they are
PLACES: Final = {
    "frame": (("src",), "frame"),
    "video": (("src", "poster"), "resource"),
    "audio": (("src",), "resource"),
    "source": (("src",), "resource"),
    "track": (("src",), "resource"),
    "image": (("href", "xlink:href"), "resource"),
    "use": (("href", "xlink:href"), "resource"),
    "feimage": (("href", "xlink:href"), "resource"),
    "input": (("src",), "resource"),
    "form": (("action-xhr",), "form"),
}


class Corner(NamedTuple):
    """A reference as it stands, and what it is; `page`: it is a page by itself, in HTML."""

    value: str
    where: str
    page: bool = False


def of_element(node: LexborNode, tag: str) -> Iterator[Corner]:
    """Give what an element leads to besides what every reader of mail knows."""
    if tag == COMMENT:
        if match := CONDITIONAL.match(source := node.html or ""):
            yield Corner(source[match.end() :].removesuffix("-->").removesuffix("<![endif]"), "", page=True)
        return
    attributes = node.attributes
    if tag == "style":
        yield from (Corner(found, "resource") for found in IN_STYLE.findall(node.text()))
    names, where = PLACES.get(tag, ((), ""))
    yield from (Corner(value, where) for name in names if (value := attributes.get(name)))
    if tag in {"img", "source"} and (sources := attributes.get("srcset")):
        yield from (Corner(one, "resource") for one in _sources(sources))
    if tag == "iframe" and (inner := attributes.get("srcdoc")):
        yield Corner(inner, "", page=True)
    if tag in {"animate", "set"} and (
        attributes.get("attributeName") or attributes.get("attributename") or ""
    ).endswith("href"):
        values = [attributes.get("to") or "", *(attributes.get("values") or "").split(";")]
        yield from (Corner(value, "link") for value in values if value)
    if ":" in tag:  # VML, as Outlook shows it
        yield from (Corner(value, "link") for value in [attributes.get("href")] if value)
        yield from (Corner(value, "resource") for value in [attributes.get("src")] if value)


def _sources(srcset: str) -> Iterator[str]:
    """Give the URLs of a srcset (HTML 4.8.4.2.1): the first word of each part."""
    for part in srcset.split(", ")[:MOST_SOURCES]:
        if words := part.split(maxsplit=1):
            yield words[0].rstrip(",")


def handlers(node: LexborNode) -> Iterator[str]:
    """Give the scripts of an element that a browser runs when something happens to it."""
    for name, value in node.attributes.items():
        if value and HANDLER.fullmatch(name):
            yield value
