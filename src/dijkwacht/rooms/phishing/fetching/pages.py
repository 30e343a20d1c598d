"""What stands on a page: pure, from its bytes to a few facts. Runs in a process that may be killed (`reading`)."""

import hashlib
import re
from collections.abc import Iterator
from typing import Final

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from dijkwacht.mails.decoding import text_of
from dijkwacht.mails.finding import REFRESH
from dijkwacht.mails.urls import host_of, without_reporter
from dijkwacht.rooms.phishing.judging.knowledge import brands

from .references import resolved
from .words import FIELDS, GONE, LANGUAGES, PARKED

LARGEST_TEXT: Final = 4 << 20  # characters
MOST_NODES: Final = 4_000  # of which the structure is taken
MOST_LISTED: Final = 40
BLANK_LETTERS: Final = 30  # a page that shows fewer, and no picture or field, shows nothing
LOCATION: Final = re.compile(
    r"(?:\blocation(?:\.href)?\s*=|\blocation\.(?:replace|assign)\s*\(|\bwindow\.open\s*\()\s*[\"']([^\"']{1,2000})[\"']"
)
MAIL: Final = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,250}\.[A-Za-z]{2,}")
DIGITS: Final = re.compile(r"\d(?:[ .-]?\d){5,}")
MOST_BRANDS: Final = 3  # a page that names more is about paying, or about brands


class Page(msgspec.Struct, frozen=True):
    """What a page holds. `asks`: kinds of words.FIELDS. `brands`: slugs that its title and headings name.

    Not its pictures, which on a shop's page are of those by whom one may pay.
    """

    title: str = ""
    language: str = ""
    asks: list[str] = []
    form_hosts: list[str] = []
    brands: list[str] = []
    resources: list[str] = []  # paths on its own host, without values
    structure: str = ""  # SHA-256 of the nesting of its elements
    fields: str = ""  # SHA-256 of the names of the fields of its forms, where there are three or more
    icons: list[str] = []  # URLs, the declared first
    refresh: str = ""  # where it goes by itself
    scripted: list[str] = []  # where its scripts say that they go: seen, not followed
    blank: bool = False
    says: str = ""  # gone or parked, by its words
    inner: list[str] = []  # frames

    @property
    def kit(self) -> str:
        """Give what pages of one kit have in common: the paths of what they load, else their structure."""
        own = [path for path in self.resources if path.count("/") > 1]
        marked = "\n".join(sorted(own)) if len(own) > 2 else self.structure  # noqa: PLR2004 - one or two are on many
        return hashlib.sha256(marked.encode()).hexdigest()[:32] if marked and not self.blank else ""


def read_page(body: bytes, charset: str, url: str) -> Page:
    """Read a page that came from `url`."""
    source = text_of(body, charset)[:LARGEST_TEXT]
    tree = LexborHTMLParser(source)
    base = resolved(url, _attribute(tree.css_first("base[href]"), "href")) or url
    scripts = " ".join(node.text() for node in tree.css("script, [onclick]"))[:LARGEST_TEXT]
    refresh = next((found for node in tree.css("meta[http-equiv][content]") if (found := _refreshed(node))), "")
    structure, resources = _structure(tree), _resources(tree, base, host_of(url))
    headings = " ".join(" ".join(node.text().split())[:200] for node in tree.css("h1")[:500])
    title, shown = scrubbed(tree.css_first("title")), headings[:20_000]
    asks, form_hosts = sorted(set(_asked(tree))), _form_hosts(tree, base)
    pictures = tree.css_first("img, svg, canvas, video, iframe, input, embed, object") is not None
    icons = [_clean(base, _attribute(node, "href")) for node in tree.css("link[rel~='icon'][href]")]
    frames = [_clean(base, _attribute(node, "src")) for node in tree.css("iframe[src]")]
    declared = _attribute(tree.css_first("html[lang]"), "lang")[:2].lower()
    tree.strip_tags(["script", "style", "noscript", "template"])
    text = " ".join((tree.body.text(separator=" ") if tree.body else "").split())
    return Page(
        title=title,
        language=_language(text) or (declared if declared.isalpha() else ""),
        asks=asks,
        form_hosts=form_hosts,
        brands=_brands(f"{title} {shown}"),
        resources=resources,
        structure=structure,
        fields=_fields(tree),
        icons=[one for one in icons if one][:3],
        refresh=_clean(base, refresh) if refresh else "",
        scripted=[*dict.fromkeys(one for found in LOCATION.findall(scripts) if (one := _clean(base, found)))][:5],
        blank=len(text) < BLANK_LETTERS and not pictures,
        says=_says(f"{title} {text[:3000]}".lower()),
        inner=[one for one in frames if one][:5],
    )


def scrubbed(node: LexborNode | None) -> str:
    """Give the text of a title without mail addresses and numbers of people."""
    text = " ".join((node.text() if node is not None else "").split())[:300]
    return DIGITS.sub("…", MAIL.sub("…", text))


def _attribute(node: LexborNode | None, name: str) -> str:
    return (node.attributes.get(name) or "").strip() if node is not None else ""


def _refreshed(node: LexborNode) -> str:
    if _attribute(node, "http-equiv").lower() != "refresh":
        return ""
    match = REFRESH.search(_attribute(node, "content"))
    return match[1].strip() if match else ""


def _clean(base: str, text: str) -> str:
    url = resolved(base, text)
    return without_reporter(url)[:2048] if url else ""


def _asked(tree: LexborHTMLParser) -> Iterator[str]:
    """Give what fields ask for: by type, by HTML's autocomplete, by name and what stands beside."""
    for node in tree.css("input, select, textarea")[:500]:
        kind, complete = _attribute(node, "type").lower(), _attribute(node, "autocomplete").lower()
        if kind in {"hidden", "submit", "button", "image", "search", "checkbox", "radio"}:
            continue
        if kind == "password":
            yield "password"
        told = [_attribute(node, name) for name in ("name", "id", "placeholder", "aria-label")]
        beside = tree.css_first(f'label[for="{told[1]}"]') if re.fullmatch(r"[\w-]{1,80}", told[1]) else None
        words = " ".join([*told, beside.text()[:200] if beside is not None else ""])
        for asked, (tokens, pattern) in FIELDS.items():
            if complete in tokens or pattern.search(words):
                yield asked


def _form_hosts(tree: LexborHTMLParser, base: str) -> list[str]:
    targets = [_attribute(node, "action") for node in tree.css("form")]
    targets += [_attribute(node, "formaction") for node in tree.css("[formaction]")]
    urls = [_clean(base, target) for target in targets]
    return [*dict.fromkeys(host_of(url) for url in urls if url)][:5]


def _brands(text: str) -> list[str]:
    """Give the slugs of the brands that a text names, where it is not a list of many."""
    found = [
        brand.slug
        for brand in brands()
        if re.search(rf"(?<!\w)(?:{'|'.join(map(re.escape, brand.names))})(?!\w)", text, re.IGNORECASE)
    ]
    return found if len(found) <= MOST_BRANDS else []


def _resources(tree: LexborHTMLParser, base: str, host: str) -> list[str]:
    found: set[str] = set()
    for node in tree.css("script[src], link[href], img[src]")[:500]:
        url = _clean(base, _attribute(node, "src") or _attribute(node, "href"))
        if url and host_of(url) == host:
            path = url.partition("://")[2].partition("/")[2].partition("?")[0].partition("#")[0]
            found.add("/" + re.sub(r"\d+|[0-9a-f]{8,}", "#", path)[:120])
    return sorted(found)[:MOST_LISTED]


def _structure(tree: LexborHTMLParser) -> str:
    """Hash how the elements of the body nest; texts and values play no part."""
    if tree.body is None:
        return ""
    names: list[str] = []
    for node in tree.body.traverse(include_text=False):
        names.append(node.tag or "")
        if len(names) >= MOST_NODES:
            break
    return hashlib.sha256(" ".join(names).encode()).hexdigest() if len(names) > 5 else ""  # noqa: PLR2004 - many are so


def _fields(tree: LexborHTMLParser) -> str:
    """Hash the names of the fields that a form sends, without numbers; two are on every page to sign in."""
    names = {re.sub(r"\d+", "#", _attribute(node, "name"))[:80] for node in tree.css("input, select, textarea")[:500]}
    named = sorted(names - {""})
    return hashlib.sha256("\n".join(named).encode()).hexdigest() if len(named) > 2 else ""  # noqa: PLR2004


def _language(text: str) -> str:
    """Give the language by its most common words, where enough of them stand there."""
    words = re.findall(r"[a-zà-ÿ]+", text[:20_000].lower())
    counts = {language: sum(word in known for word in words) for language, known in LANGUAGES.items()}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] > 4 else ""  # noqa: PLR2004 - fewer may be chance


def _says(text: str) -> str:
    if any(words in text for words in PARKED):
        return "parked"
    return "gone" if any(words in text for words in GONE) else ""
