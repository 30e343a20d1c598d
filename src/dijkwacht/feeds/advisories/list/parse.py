"""What a table of product status says. One page of a list is one item, with a statement per product and CVE.

Three traps of such a list, met in the real one (`docs/why/versions.md`):
- "Version" belongs to the status of its row: with *Fix* it is the version that has the fix by the rules of the list,
  and often, against them, the versions that were vulnerable ("< 1.2.1", "All", "13-15"). So only releases that are
  named one by one count as fixed; anything else stays with the remedy, and no version follows from it.
- *Vulnerable* names "vulnerable version(s) if these are known to us": what is not named is unknown.
- "All" as a product is everything of a supplier; beside other rows of that supplier it says nothing of any of them.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from dijkwacht.data.statements import Notation, ProductStatement, Status
from dijkwacht.feeds.advisories.bounds import Unreadable, one_line
from dijkwacht.feeds.advisories.list.tables import Page, Row, first_of, read
from dijkwacht.feeds.advisories.model import Aside, Item, Named, Parsed, Text

HOME: Final = "https://github.com/NCSC-NL/log4shell/tree/main/software"
TITLE: Final = "List of software (un)affected by the log4shell CVEs"
WORDS: Final = {
    "vulnerable": Status.AFFECTED,
    "workaround": Status.AFFECTED,
    "fix/workaround": Status.AFFECTED,
    "fix": Status.FIXED,
    "not vuln": Status.NOT_AFFECTED,
    "investigation": Status.UNDER_INVESTIGATION,
    "x": None,  # the list's own check allows it, and nothing says what it means
    "": None,
}
EVERYTHING: Final = frozenset(("all", "all products"))
# A release by its full number, and nothing else: "2.0.1", "v8.6.2". "7" or "12.1" are series that were patched.
_RELEASE: Final = re.compile(r"v?\d{1,6}(?:\.\d{1,6}){2,5}\Z", re.IGNORECASE)


def parse(raw: bytes, place: str) -> Parsed:
    """Give the page as an item; a row that cannot be read is set aside, the others come in."""
    try:
        page = read(raw)
    except Unreadable as error:
        return Parsed(aside=[Aside(place=place, findings=[f"{error}"], raw=raw, kind="list")])
    found = Parsed()
    good: list[Row] = []
    for row in page.rows:
        wrong = row.wrong or _unknown_words(row)
        if wrong:
            found.aside.append(Aside(place=f"{place}, line {row.line}", findings=[wrong], raw=row.raw, kind="list"))
        else:
            good.append(row)
    if good:
        found.items.append(_item(page, good, raw))
    return found


def _unknown_words(row: Row) -> str:
    for name, state in row.states.items():
        if state.lower() not in WORDS:
            known = ", ".join(word for word in WORDS if len(word) > 1)
            return f"column Status {name} says {one_line(state, 60)!r}; it may say {known}, or nothing"
    return ""


def _item(page: Page, rows: list[Row], raw: bytes) -> Item:
    title = page.title or TITLE
    part = page.heading or (f"{rows[0].supplier} {rows[0].product}" if len(page.rows) == 1 else "")
    statements = list(dict.fromkeys(_statements(rows)))
    return Item(
        key=f"log4shell:{part.lower() or 'all'}",
        kind="list",
        title=one_line(f"{title}: {part}" if part else title),
        url=HOME,
        publisher="NCSC",
        summary=[Text(f"{len(rows)} products with their status for {', '.join(first_of(rows))}.")],
        vulnerabilities=[Named(name=name, title=title) for name in first_of(rows)],
        statements=statements,
        raw=raw,
    )


def _statements(rows: list[Row]) -> Iterator[ProductStatement]:
    beside = Counter(row.supplier.lower() for row in rows)
    for row in rows:
        whole = row.product.lower() in EVERYTHING
        product = row.supplier if whole else row.product
        # What is said of all products is said of none in particular where the list goes into them.
        version = "" if whole and beside[row.supplier.lower()] > 1 else row.version
        for name, said in _said(row, version):
            status, versions = said
            remedy = "" if status is Status.NOT_AFFECTED else _remedy(row, row.states[name])
            yield ProductStatement(name, row.supplier, product, versions, Notation.TEXT, status, remedy=remedy)


def _said(row: Row, version: str) -> Iterator[tuple[str, tuple[Status, str]]]:
    """What a row says of each vulnerability: a status and the versions that it holds for; "" is of no version."""
    states = {name: WORDS[state.lower()] for name, state in row.states.items()}
    blank = not any(states.values())
    fixes = Status.FIXED in states.values()
    for name, status in states.items():
        if blank:  # listed, and without a status: the list does not know
            yield name, (Status.UNDER_INVESTIGATION, "")
        elif status is Status.AFFECTED:
            yield name, (status, "" if fixes else version)
            yield name, (status, "")  # what is not named is not said
        elif status is Status.FIXED:
            if _releases(version):
                yield name, (status, version)
            yield name, (Status.AFFECTED, "")
        elif status is Status.NOT_AFFECTED:
            yield name, (status, version if not fixes or _releases(version) else "")
        elif status is not None:
            yield name, (status, version)


def _releases(version: str) -> bool:
    """Tell whether these are releases one by one, each of a series of its own: two of one are what was patched."""
    named = [one.strip() for one in version.split(",")]
    series = {one.lower().removeprefix("v").rpartition(".")[0] for one in named}
    return all(_RELEASE.match(one) for one in named) and len(series) == len(named)


def _remedy(row: Row, state: str) -> str:
    """What the row says to do, in its words: the status, the version where it is a fix, the notes, the address."""
    said = "" if state.lower() == "x" else state
    fix = f"{said}: {row.version}" if said.lower().startswith("fix") and row.version else said
    return one_line(" ".join((*([f"{fix}."] if fix else []), row.notes, *row.links[:3])), 1_500)
