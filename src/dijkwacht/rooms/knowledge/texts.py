"""A measure as its file has it: TOML between lines of `+++`, Dutch, a line `+++ en`, English. No Django."""

import re
import tomllib
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final

LANGUAGES: Final = ("nl", "en")
SIZES: Final = ("micro", "small", "medium", "large")
KINDS: Final = ("study", "observed", "judgement")  # of evidence: research, figures of incidents, expert judgement
HEAD: Final = re.compile(r"^## ((?:micro|small|medium|large)(?: (?:micro|small|medium|large))*) *$", re.MULTILINE)
FENCE: Final = "+++"
LARGEST: Final = 60_000  # characters of a file
KNOWN: Final = {
    *("principle", "order", "title_nl", "title_en", "summary_nl", "summary_en", "owner", "published", "reviewed"),
    *("review_by", "effect", "effort", "evidence", "map", "unverified", "keywords"),
}


class Unusable(ValueError):
    """A file that cannot be read as a measure, with the line where it goes wrong."""

    def __init__(self, line: int, fault: str) -> None:
        super().__init__(fault)
        self.line, self.fault = line, fault


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of the effect, and from where. `kind`: one of KINDS; `source`: a URL, or empty for judgement."""

    kind: str
    nl: str
    en: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """One language of a measure. `steps`: Markdown by size; sizes that share their steps share the same text."""

    title: str
    summary: str
    body: str
    steps: dict[str, str]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure. `effort`: by size 1 (hours) to 4 (months); `effect`: 1 to 3. `maps`: framework → points."""

    slug: str
    principle: int
    order: int
    effect: int
    effort: dict[str, int]
    evidence: tuple[Evidence, ...]
    maps: dict[str, tuple[str, ...]]
    unverified: dict[str, tuple[str, ...]]
    keywords: tuple[str, ...]
    owner: str
    published: date
    reviewed: date
    review_by: date
    nl: Text
    en: Text
    lines: dict[str, int] = field(default_factory=dict, compare=False)  # key of the front matter → its line

    def text(self, language: str) -> Text:
        """Return the text in a language: "nl" or "en"."""
        return self.en if language == "en" else self.nl


@lru_cache(maxsize=512)
def parse(slug: str, text: str) -> Measure:
    """Read a measure. Raises Unusable, naming the line."""
    if len(text) > LARGEST:
        raise Unusable(1, f"longer than {LARGEST} characters")
    front, bodies = _split(text)
    lines = {match[1]: number for number, line in enumerate(front, 2) if (match := re.match(r"(\w+) *=", line))}
    try:
        row = tomllib.loads("\n".join(front))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        raise Unusable(1 + (int(found[1]) if found else 1), f"front matter: {error}") from error
    if unknown := row.keys() - KNOWN:
        name = min(unknown)
        raise Unusable(lines.get(name, 1), f"{name}: unknown")
    try:
        return _measure(slug, row, bodies, lines)
    except Unusable:
        raise
    except KeyError as error:
        raise Unusable(1, f"{error.args[0]}: missing") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise Unusable(1, str(error)) from error


def _split(text: str) -> tuple[list[str], dict[str, tuple[int, str]]]:
    """Return the lines of the front matter and, by language, the line where its text begins and the text."""
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0].rstrip() != FENCE:
        raise Unusable(1, "must begin with a line +++")
    ends = [at for at, line in enumerate(lines) if line.rstrip() == FENCE]
    english = [at for at, line in enumerate(lines) if line.rstrip() == f"{FENCE} en"]
    if len(ends) < 2:  # noqa: PLR2004 - the opening and the closing one
        raise Unusable(1, "the front matter is not closed with a line +++")
    if len(english) != 1 or english[0] < ends[1]:
        raise Unusable(len(lines), "has no English text: one line `+++ en` between the Dutch and the English")
    nl = "\n".join(lines[ends[1] + 1 : english[0]])
    en = "\n".join(lines[english[0] + 1 :])
    return lines[1 : ends[1]], {"nl": (ends[1] + 2, nl), "en": (english[0] + 2, en)}


def _measure(slug: str, row: dict[str, Any], bodies: dict[str, tuple[int, str]], lines: dict[str, int]) -> Measure:
    texts = {code: _text(row, code, *bodies[code]) for code in LANGUAGES}
    made = Measure(
        slug=slug,
        principle=_within(row, "principle", 5, lines),
        order=_within(row, "order", 99, lines),
        effect=_within(row, "effect", 3, lines),
        effort={size: _within(row["effort"], size, 4, lines) for size in SIZES},
        evidence=tuple(_evidence(one) for one in row["evidence"]),
        maps=_points(row.get("map", {})),
        unverified=_points(row.get("unverified", {})),
        keywords=tuple(str(one) for one in row.get("keywords", ())),
        owner=str(row["owner"]),
        published=_day(row, "published", lines),
        reviewed=_day(row, "reviewed", lines),
        review_by=_day(row, "review_by", lines),
        nl=texts["nl"],
        en=texts["en"],
        lines=lines,
    )
    if not made.evidence:
        raise Unusable(1, "evidence: say what is known, or that it is judgement")
    return made


def _within(row: dict[str, Any], name: str, most: int, lines: dict[str, int]) -> int:
    value = row[name]
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise Unusable(lines.get(name, lines.get("effort", 1)), f"{name}: must be a number from 1 to {most}")
    return value


def _day(row: dict[str, Any], name: str, lines: dict[str, int]) -> date:
    value = row[name]
    if type(value) is not date:
        raise Unusable(lines.get(name, 1), f"{name}: must be a day, as 2026-11-26")
    return value


def _evidence(row: dict[str, str]) -> Evidence:
    if row["kind"] not in KINDS:
        raise Unusable(1, f"evidence: kind must be one of {', '.join(KINDS)}")
    if row["kind"] != "judgement" and not str(row.get("source", "")).startswith("https://"):
        raise Unusable(1, "evidence: what is no judgement names its source (https://…)")
    return Evidence(row["kind"], row["nl"], row["en"], row.get("source", ""))


def _points(rows: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    return {str(name): tuple(str(one) for one in points) for name, points in rows.items()}


def _text(row: dict[str, Any], code: str, line: int, body: str) -> Text:
    title, summary = str(row[f"title_{code}"]).strip(), str(row[f"summary_{code}"]).strip()
    heads = list(HEAD.finditer(body))
    steps: dict[str, str] = {}
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        at = line + body[: head.start()].count("\n")
        written = body[head.end() : following.start() if following else len(body)].strip()
        for size in head[1].split():
            if size in steps:
                raise Unusable(at, f"the steps for {size} stand twice ({code})")
            if not written:
                raise Unusable(at, f"no steps under this heading ({code})")
            steps[size] = written
    if missing := [size for size in SIZES if size not in steps]:
        raise Unusable(line, f"no steps for {', '.join(missing)} ({code})")
    if not title or not summary:
        raise Unusable(1, f"title_{code} and summary_{code} must say something")
    return Text(title, summary, body[: heads[0].start()].strip(), steps)
