"""What an advisory needs, who may approve it, and what its number is. Pure: no Django."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from dijkwacht.rooms.advisories.writing.content import CVE, CWE, Content

EDITABLE: Final = ("draft", "published")  # a published one is opened again by the first change
NOT_IN_A_URL: Final = re.compile(r"[^!#$%&'()*+,./0-9:;=?@A-Z\[\]_a-z~-]")
TO_FILL_IN: Final = "?"  # the versions of a line that a draft took from a list without versions
PREFIX: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,15}")


def number(prefix: str, year: int, count: int) -> str:
    """Give an advisory's number, such as DW-2026-0001. Raises ValueError for a prefix that no file name can hold."""
    if not PREFIX.fullmatch(prefix):
        raise ValueError(f"DIJKWACHT_ADVISORY_PREFIX is {prefix!r}: letters, digits and hyphens, at most 16")
    return f"{prefix}-{year}-{count:04d}"


def missing(content: Content) -> Iterator[tuple[str, str]]:
    """Yield the field and the code of what must be there before it can be offered for approval."""
    for name in ("title", "summary", "what"):
        for language in ("nl", "en"):
            if not getattr(getattr(content, name), language).strip():
                yield f"{name}_{language}", "empty"
    if not content.label and not (content.likelihood and content.impact):
        yield "likelihood", "assess"
    yield from _of_courses(content)
    yield from _of_vulnerabilities(content)
    for at, link in enumerate(content.references):
        if not is_web(link.url):
            yield f"references-{at}", "not-a-link"
    if not content.vulnerabilities and not content.references:
        yield "references", "no-reference"  # an informational advisory refers to something: CSAF 2.0 test 6.1.27.2


def _of_courses(content: Content) -> Iterator[tuple[str, str]]:
    if not content.courses:
        yield "courses", "no-course"
    for at, one in enumerate(content.courses):
        if not (one.text.nl.strip() and one.text.en.strip()):
            yield f"courses-{at}", "two-languages"
        if one.url and not is_web(one.url):
            yield f"courses-{at}", "not-a-link"


def _of_vulnerabilities(content: Content) -> Iterator[tuple[str, str]]:
    names = [one.name for one in content.vulnerabilities]
    for at, one in enumerate(content.vulnerabilities):
        if not one.name.strip():
            yield f"vulnerabilities-{at}", "empty"
        elif names.count(one.name) > 1:
            yield f"vulnerabilities-{at}", "twice"
        elif one.name.upper().startswith("CVE-") and not CVE.fullmatch(one.name):
            yield f"vulnerabilities-{at}", "not-a-cve"
        if one.weakness and not CWE.fullmatch(one.weakness):
            yield f"vulnerabilities-{at}", "not-a-cwe"
        if any(not line.product.strip() for line in one.lines):
            yield f"vulnerabilities-{at}", "no-product"
        if any(line.version.strip() == TO_FILL_IN for line in one.lines):
            yield f"vulnerabilities-{at}", "to-fill-in"


def is_web(url: str) -> bool:
    """Tell whether it is an http or https address (RFC 3986) with a host, without a user in it."""
    if NOT_IN_A_URL.search(url):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def may_approve(actor: str, wrote: str, offered: str, assessed: str = "") -> bool:
    """Four eyes: neither who changed it last, nor who offered it, nor who assessed its matter last may approve it."""
    return actor not in {wrote, offered, assessed}
