"""What a writer posts, as content; and content as what the form shows. Lists are lines with | between the columns.

Pure: no Django. What cannot be read is a problem with its field and line; nothing of it is lost or guessed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import msgspec

from dijkwacht.rooms.advisories.statements import Notation, Status
from dijkwacht.rooms.advisories.writing.content import (
    TLPS,
    Content,
    Course,
    Line,
    Link,
    Scored,
    Text,
    Vulnerability,
)
from dijkwacht.rooms.advisories.writing.rules import is_web

TEXTS: Final = ("title", "summary", "what", "affected")
CHOICES: Final = {
    "likelihood": ("", "low", "medium", "high"),
    "impact": ("", "low", "medium", "high"),
    "label": ("", "normal", "urgent"),
    "tlp": TLPS,
}
KINDS: Final = ("vendor_fix", "mitigation", "workaround", "no_fix_planned", "none_available")
LONGEST: Final = 20_000  # characters of a text
MOST: Final = 200  # vulnerabilities, courses
CELL: Final = re.compile(r"(?<!\\)\|")
UNPRINTED: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
COLUMNS: Final = ("vendor", "product", "version", "status", "notation", "cpe", "purl", "models")


@dataclass
class Read:
    """What was read, and what could not be: field to code and, of a list, the line."""

    content: Content = field(default_factory=Content)
    problems: list[tuple[str, str, int]] = field(default_factory=list)

    def wrong(self, name: str, code: str, line: int = 0) -> None:
        """Note what cannot be read."""
        self.problems.append((name, code, line))


def _clean(text: str, most: int = LONGEST) -> str:
    return UNPRINTED.sub("", text.replace("\r\n", "\n"))[:most].strip()


def read(posted: Mapping[str, str]) -> Read:
    """Read a posted form; fields that are not there are empty."""
    found = Read()
    given = {name: _clean(str(posted.get(name, ""))) for name in posted}
    texts: dict[str, Any] = {
        name: Text(nl=given.get(f"{name}_nl", ""), en=given.get(f"{name}_en", "")) for name in TEXTS
    }
    chosen: dict[str, Any] = {}
    for name, known in CHOICES.items():
        value = given.get(name, known[0])
        if value not in known:
            found.wrong(name, "not-a-choice")
        chosen[name] = value if value in known else known[0]
    found.content = Content(
        **texts,
        **chosen,
        since=_day(found, "since", given.get("since", "")),
        vulnerabilities=tuple(_vulnerabilities(found, given)),
        courses=tuple(_courses(found, given)),
        references=tuple(_links(found, given.get("references", ""))),
        thanks=tuple(dict.fromkeys(filter(None, map(str.strip, given.get("thanks", "").splitlines())))),
    )
    return found


def _day(found: Read, name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        found.wrong(name, "not-a-day")
        return None


def rows(given: Mapping[str, str], name: str) -> list[int]:
    """Give the numbers of the rows of a repeated part that the form holds."""
    pattern = re.compile(rf"{name}-(\d{{1,4}})-")
    return sorted({int(one[1]) for key in given if (one := pattern.match(key))})[:MOST]


def _vulnerabilities(found: Read, given: Mapping[str, str]) -> Iterator[Vulnerability]:
    for at in rows(given, "vulnerability"):
        key = f"vulnerability-{at}"
        one = {
            name: given.get(f"{key}-{name}", "") for name in ("name", "title", "weakness", "since", "vectors", "lines")
        }
        text = Text(nl=given.get(f"{key}-nl", ""), en=given.get(f"{key}-en", ""))
        if not any(one.values()) and text == Text():
            continue
        yield Vulnerability(
            one["name"].upper() if one["name"].lower().startswith("cve-") else one["name"],
            one["title"][:300],
            text,
            one["weakness"].upper(),
            tuple(_scores(found, f"{key}-vectors", one["vectors"])),
            tuple(_lines(found, f"{key}-lines", one["lines"])),
            _day(found, f"{key}-since", one["since"]),
        )


def _scores(found: Read, name: str, text: str) -> Iterator[Scored]:
    from dijkwacht.rooms.advisories.publishing.cvss import as_json

    for number, line in _numbered(text):
        vector, *rest = [*_cells(line), ""]
        made = as_json(Scored(vector, "", 0.0))
        if made is None:
            found.wrong(name, "not-a-vector", number)
        else:
            yield Scored(made["vectorString"], made["version"], made["baseScore"], rest[0])


def _lines(found: Read, name: str, text: str) -> Iterator[Line]:
    for number, line in _numbered(text):
        cells = _cells(line)
        held = dict(zip(COLUMNS, cells, strict=False))
        status, notation = held.get("status") or "affected", held.get("notation") or "text"
        if len(cells) < 2 or len(cells) > len(COLUMNS) or not held["product"]:  # noqa: PLR2004 - vendor and product
            found.wrong(name, "not-a-line", number)
        elif status not in set(Status):
            found.wrong(name, "not-a-status", number)
        elif notation not in set(Notation):
            found.wrong(name, "not-a-notation", number)
        else:
            models = tuple(filter(None, (one.strip() for one in held.get("models", "").split(","))))
            yield Line(
                held["vendor"],
                held["product"],
                held.get("version", ""),
                Notation(notation),
                Status(status),
                held.get("cpe", ""),
                held.get("purl", ""),
                models,
            )


def _courses(found: Read, given: Mapping[str, str]) -> Iterator[Course]:
    for at in rows(given, "course"):
        key = f"course-{at}"
        text = Text(nl=given.get(f"{key}-nl", ""), en=given.get(f"{key}-en", ""))
        kind, url = given.get(f"{key}-kind", "mitigation"), given.get(f"{key}-url", "")
        if text == Text() and not url:
            continue
        if kind not in KINDS:
            found.wrong(f"{key}-kind", "not-a-choice")
            kind = "mitigation"
        if url and not is_web(url):
            found.wrong(f"{key}-url", "not-a-link")
            url = ""
        yield Course(text, kind, url)  # type: ignore[arg-type]


def _links(found: Read, text: str) -> Iterator[Link]:
    for number, line in _numbered(text):
        url, *rest = [*_cells(line), ""]
        if is_web(url):
            yield Link(url, rest[0][:300])
        else:
            found.wrong("references", "not-a-link", number)


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    yield from ((at, line) for at, line in enumerate(text.splitlines(), 1) if line.strip())


def _cells(line: str) -> list[str]:
    return [one.strip().replace("\\|", "|") for one in CELL.split(line)]


def _row(cells: list[str]) -> str:
    while cells and not cells[-1]:
        cells.pop()
    return " | ".join(" ".join(one.split()).replace("|", "\\|") for one in cells)


def shown(content: Content) -> dict[str, str]:
    """Give content as the form shows it; reading that gives the same content."""
    found: dict[str, str] = {}
    for name in TEXTS:
        found |= {f"{name}_nl": getattr(content, name).nl, f"{name}_en": getattr(content, name).en}
    found |= {name: getattr(content, name) for name in CHOICES}
    found["since"] = content.since.isoformat() if content.since else ""
    found["references"] = "\n".join(_row([one.url, one.title]) for one in content.references)
    found["thanks"] = "\n".join(content.thanks)
    for at, vulnerability in enumerate(content.vulnerabilities):
        found |= {f"vulnerability-{at}-{name}": text for name, text in _of_vulnerability(vulnerability).items()}
    for at, course in enumerate(content.courses):
        told = {"nl": course.text.nl, "en": course.text.en, "kind": course.kind, "url": course.url}
        found |= {f"course-{at}-{name}": text for name, text in told.items()}
    return found


def _of_vulnerability(one: Vulnerability) -> dict[str, str]:
    return {
        "name": one.name,
        "title": one.title,
        "nl": one.description.nl,
        "en": one.description.en,
        "weakness": one.weakness,
        "since": one.exploited_since.isoformat() if one.exploited_since else "",
        "vectors": "\n".join(_row([score.vector, score.source]) for score in one.scores),
        "lines": "\n".join(_row(_of_line(line)) for line in one.lines),
    }


def _of_line(line: Line) -> list[str]:
    notation = "" if line.notation is Notation.TEXT else line.notation.value
    status = (
        ""
        if line.status is Status.AFFECTED and not (notation or line.cpe or line.purl or line.models)
        else line.status.value
    )
    return [line.vendor, line.product, line.version, status, notation, line.cpe, line.purl, ", ".join(line.models)]


def with_course(content: Content, course: Course) -> Content:
    """Give the content with a course of action more."""
    return msgspec.structs.replace(content, courses=(*content.courses, course))
