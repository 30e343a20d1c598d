"""Courses of action: what the receiver of a notice can do, as Markdown files that anyone may edit.

The files stand in `courses/`: `kinds/<kind>.<language>.md`, `rsit/<class>.<type>.<language>.md` and
`default.<language>.md`. An installation may lay a folder of the same shape over ours; a file there replaces ours.
"""

import os
import re
import stat
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import structlog
from markdown_it import MarkdownIt
from markdown_it.token import Token

SHIPPED: Final = Path(__file__).with_suffix("")
FALLBACK_LANGUAGE: Final = "en"
HEADINGS: Final = {
    "nl": ("Wat is er aan de hand", "Wat u nu doet", "Hoe u controleert dat het over is"),
    "en": ("What is going on", "What to do now", "How to check it is solved"),
}
MAX_LINES: Final = 59
MAX_BYTES: Final = 32_768
MAIL_COLUMNS: Final = 72

_SLUG: Final = re.compile(r"(?=.{1,80}\Z)[a-z0-9]+(?:-[a-z0-9]+)*")
_LANGUAGE: Final = re.compile(r"[a-z]{2}")
_HTML: Final = re.compile(r"<(?!https:)[a-zA-Z/!?]")
_ADDRESS: Final = re.compile(r"\b([a-zA-Z][a-zA-Z0-9+.-]*)://")
_SAFE_LINK: Final = re.compile(r"https://|mailto:|tel:")
_NO_BREAK: Final = "\u00a0"
_log = structlog.get_logger(__name__)


def _markdown() -> MarkdownIt:
    """CommonMark as strangers may write it: no HTML, no images (they would track the reader), no odd links."""
    markdown = MarkdownIt("commonmark", {"html": False}).disable("image")
    markdown.validateLink = lambda url: _SAFE_LINK.match(url) is not None  # type: ignore[method-assign]
    return markdown


_MARKDOWN: Final = _markdown()


class CourseError(Exception):
    """A course of action cannot be read: the message names the file and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Course:
    """One course of action. `html` and `text` hold the body without the title; sections are `<h3>` in `html`."""

    title: str
    markdown: str
    html: str
    text: str
    source_path: Path


def course(kind: str, rsit_class: str, rsit_type: str, language: str, overlay: Path | None = None) -> Course:
    """The most specific course of action: for the kind, else for the RSIT type, else the default.

    `kind` is a slug such as "scan-rdp"; `rsit_class` and `rsit_type` are RSIT's own values, such as "vulnerable" and
    "weak-crypto"; `language` is an ISO 639-1 code, and English is used where nothing is written in it. A name that
    cannot be a file name of ours is treated as unknown. A file of the overlay that cannot be used is logged and ours
    is taken, because a typing error must not hold up a warning. Raises CourseError if even ours cannot be read.
    """
    for name in _names(kind, rsit_class, rsit_type, language):
        if overlay is not None and (own := _from_overlay(overlay / name)) is not None:
            return own
        path = SHIPPED / name
        if (changed := _changed(path)) is not None:
            return _load(path, changed)
    raise CourseError(f"{SHIPPED.name}/default.{FALLBACK_LANGUAGE}.md: is missing")


def kinds(folder: Path = SHIPPED) -> frozenset[str]:
    """The kinds that have a course of action of their own in `folder`."""
    return frozenset(path.name.split(".")[0] for path in folder.glob("kinds/*.md"))


def faults(folder: Path) -> list[str]:
    """What is wrong with the files of a folder of courses, one sentence per fault, each naming the file.

    For the check at start-up of an installation's own folder and for our own tests.
    """
    return [
        f"{path.relative_to(folder).as_posix()}: {fault}"
        for path in sorted(folder.rglob("*.md"))
        for fault in _faults_of(path)
    ]


def _changed(path: Path) -> int | None:
    """When a file was last changed, or None where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - one call of the system and no more: each notice asks for each of its kinds
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_mtime_ns if stat.S_ISREG(found.st_mode) else None


@lru_cache(maxsize=1024)
def _names(kind: str, rsit_class: str, rsit_type: str, language: str) -> tuple[str, ...]:
    return tuple(_names_in_order(kind, rsit_class, rsit_type, language))


def _names_in_order(kind: str, rsit_class: str, rsit_type: str, language: str) -> Iterator[str]:
    wanted = language if _LANGUAGE.fullmatch(language) else FALLBACK_LANGUAGE
    for code in dict.fromkeys((wanted, FALLBACK_LANGUAGE)):
        if _SLUG.fullmatch(kind):
            yield f"kinds/{kind}.{code}.md"
        if _SLUG.fullmatch(rsit_class) and _SLUG.fullmatch(rsit_type):
            yield f"rsit/{rsit_class}.{rsit_type}.{code}.md"
        yield f"default.{code}.md"


def _from_overlay(path: Path) -> Course | None:
    try:
        changed = _changed(path)
        return None if changed is None else _load(path, changed)
    except (CourseError, OSError) as error:
        _log.warning("course_of_action_unusable", path=str(path), reason=str(error))
        return None


@lru_cache(maxsize=1024)
def _load(path: Path, _changed: int) -> Course:
    """Cached by path and moment of change, so that an edited file counts at once."""
    markdown = _read(path)
    title, _, body = markdown.partition("\n")
    if not title.startswith("# ") or not body.strip():
        raise CourseError(f"{path.name}: the first line must be '# title' and text must follow")
    return Course(title[2:].strip(), markdown, _html(body), _text(body), path)


def _read(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise CourseError(f"{path.name}: is larger than {MAX_BYTES} bytes")
    try:
        return content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise CourseError(f"{path.name}: is not UTF-8 at byte {error.start}") from error


def _faults_of(path: Path) -> Iterator[str]:
    try:
        markdown = _load(path, path.stat().st_mtime_ns).markdown
    except CourseError as error:
        yield str(error).partition(": ")[2]
        return
    if markdown.count("\n") > MAX_LINES:
        yield f"has more than {MAX_LINES} lines"
    for text in _prose(_MARKDOWN.parse(markdown)):
        if _HTML.search(text):
            yield "contains HTML, which would be shown as text"
        yield from (
            f"has an address that is not https: {scheme}" for scheme in _ADDRESS.findall(text) if scheme != "https"
        )
    yield from _structure_faults(markdown, path.name.split(".")[-2])


def _prose(tokens: Iterable[Token]) -> Iterator[str]:
    """The text and link targets outside commands: a command may name any address."""
    for token in tokens:
        for child in token.children or ():
            if child.type in {"text", "link_open"}:
                yield child.content or str(child.attrGet("href") or "")


def _structure_faults(markdown: str, language: str) -> Iterator[str]:
    tokens = _MARKDOWN.parse(markdown)
    headings = tuple(tokens[n + 1].content for n, t in enumerate(tokens) if t.type == "heading_open" and t.tag == "h2")
    if headings != HEADINGS.get(language, headings) or len(headings) != len(HEADINGS[FALLBACK_LANGUAGE]):
        yield "must have these headings: " + "; ".join(HEADINGS.get(language, HEADINGS[FALLBACK_LANGUAGE]))
    if not any(t.type == "ordered_list_open" for t in tokens):
        yield "must have numbered steps"


def rendered(markdown: str) -> tuple[str, str]:
    """Somebody's own Markdown, such as a campaign's, as plain text and as HTML that holds nothing active."""
    return _text(markdown), _html(markdown)


def _html(body: str) -> str:
    """HTML with every heading one level lower, because the page or mail shows the title as its own `<h2>`."""
    tokens = _MARKDOWN.parse(body)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
    return str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def _text(body: str) -> str:
    """Plain text for mail: headings in capitals, numbered steps, commands unbroken, links written out."""
    blocks: list[str] = []
    markers: list[str] = []
    steps: list[int] = []
    for token in _MARKDOWN.parse(body):
        if token.type in {"ordered_list_open", "bullet_list_open"}:
            steps.append(int(token.attrGet("start") or 1) if token.type.startswith("ordered") else 0)
        elif token.type in {"ordered_list_close", "bullet_list_close"}:
            steps.pop()
        elif token.type == "list_item_open":
            markers.append(f"{steps[-1]}. " if steps[-1] else "- ")
            steps[-1] += bool(steps[-1])
        elif token.type == "heading_open":
            markers.append("#")
        elif token.type in {"fence", "code_block"}:
            blocks.append(textwrap.indent(token.content.rstrip("\n"), "    "))
        elif token.type == "inline":
            blocks.append(_block(_inline_text(token.children or ()), markers.pop() if markers else "", len(steps)))
    return "\n\n".join(blocks) + "\n"


def _block(text: str, marker: str, depth: int) -> str:
    if marker == "#":
        return text.upper()
    indent = "   " * max(depth - 1, 0)
    rest = "   " * depth
    lines = textwrap.wrap(
        text,
        MAIL_COLUMNS,
        initial_indent=indent + marker if marker else rest,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines).replace(_NO_BREAK, " ")


def _inline_text(tokens: Iterable[Token]) -> str:
    parts: list[str] = []
    targets: list[str] = []
    for token in tokens:
        if token.type == "code_inline":
            parts.append(token.content.replace(" ", _NO_BREAK))
        elif token.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        elif token.type == "link_open":
            targets.append(str(token.attrGet("href")))
        elif token.type == "link_close":
            parts.append(f" ({targets.pop()})")
        else:
            parts.append(token.content)
    return "".join(parts)
