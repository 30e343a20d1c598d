"""Markdown of measures to HTML: no HTML of the writer, no images, links that go somewhere known. No Django."""

from functools import lru_cache
from typing import Any, Final

TAGS: Final = {"p", "ul", "ol", "li", "strong", "em", "code", "pre", "h3", "h4", "blockquote", "a", "br", "hr", "table"}
TABLES: Final = {"thead", "tbody", "tr", "th", "td"}


@lru_cache(maxsize=1)
def _parser() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable(["image", "html_inline"])


@lru_cache(maxsize=2048)
def html(text: str, language: str) -> str:
    """Return Markdown as safe HTML. What is HTML in it, is shown as text; `measure:<slug>` leads to that measure."""
    import nh3

    made = str(_parser().render(text.replace("](measure:", f"](/knowledge/{language}/measures/")))
    return nh3.clean(
        made,
        tags=TAGS | TABLES,
        attributes={"a": {"href"}},
        url_schemes={"https", "http", "mailto"},
        link_rel="noopener noreferrer",
    )


def plain(text: str) -> str:
    """Return what Markdown says, without its marks: for search and for mail."""
    found = []
    for token in _parser().parse(text):
        if token.type == "inline":
            found.append("".join(child.content if child.type != "softbreak" else " " for child in token.children or []))
        elif token.type in {"fence", "code_block"}:
            found.append(token.content.strip())
    return "\n".join(one for one in found if one)
