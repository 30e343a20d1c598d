"""A version in words for people: one shape that the page, the PDF, the mail and the API are made of."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import msgspec
from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from dijkwacht.rooms.advisories.publishing import ranges
from dijkwacht.rooms.advisories.publishing.cvss import as_json
from dijkwacht.rooms.advisories.writing.content import Content, Release, Vulnerability

LEVELS: Final = {
    "low": gettext_noop("low"),
    "medium": gettext_noop("medium"),
    "high": gettext_noop("high"),
    "": gettext_noop("not assessed"),
}
LABELS: Final = {"urgent": gettext_noop("urgent"), "normal": gettext_noop("normal")}
STATUSES: Final = {
    "affected": gettext_noop("affected"),
    "not_affected": gettext_noop("not affected"),
    "fixed": gettext_noop("fixed"),
    "under_investigation": gettext_noop("under investigation"),
}
MOST_LINES: Final = 500  # products of a vulnerability on a page; all stand in the CSAF document


@dataclass(frozen=True, slots=True)
class Problem:
    """One vulnerability in words. `products`: vendor, product, versions, status."""

    name: str
    title: str
    text: str
    scores: list[str]
    exploited: str
    products: list[tuple[str, str, str, str]]
    more: int  # products that are not shown


@dataclass(frozen=True, slots=True)
class Shown:
    """A version in one language."""

    language: str
    number: str
    title: str
    facts: list[tuple[str, str]]
    summary: str
    what: str
    affected: str
    courses: list[tuple[str, str]]  # text, link
    problems: list[Problem]
    references: list[tuple[str, str]]  # title, link
    thanks: list[str]
    history: list[tuple[str, str, str]]  # version, moment, summary
    withdrawn: str  # why, when it was
    page: str


def show(release: Release, language: str) -> Shown:
    """Give a version in Dutch or English, every text plain: nothing in it is markup."""
    content = release.content
    with translation.override(language):
        history = [(str(one.number), moment(one.at), one.summary.in_(language)) for one in reversed(release.history)]
        return Shown(
            language,
            release.number,
            content.title.in_(language),
            _facts(release),
            content.summary.in_(language),
            content.what.in_(language),
            content.affected.in_(language),
            [(one.text.in_(language), one.url) for one in content.courses],
            [_problem(one, language) for one in content.vulnerabilities],
            [(one.title or one.url, one.url) for one in content.references],
            list(content.thanks),
            history,
            release.history[-1].summary.in_(language) if release.withdrawn else "",
            release.page,
        )


def moment(at: datetime) -> str:
    """Give a moment in the language that is active."""
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def day(on: date) -> str:
    """Give a day in the language that is active."""
    return date_format(on, "DATE_FORMAT")


def assessed(content: Content) -> list[tuple[str, str]]:
    """Give the judgement as the setting says: both levels with the label, or the label's public name alone."""
    from dijkwacht.rooms.advisories.assessing import reads as assessing

    judged = bool(content.likelihood or content.impact)
    if settings.ASSESSMENT_SHOWN == "label":
        label = content.label or ("urgent" if content.urgent else "normal" if judged else "")
        language = "nl" if translation.get_language() == "nl" else "en"
        row = msgspec.structs.replace(content, label=label)
        return [(_("Urgency"), assessing.shown(row)[language])] if label else []
    found = [(_("Urgency"), _(LABELS[content.label]))] if content.label else []
    if judged:
        found.append((_("Likelihood"), _(LEVELS[content.likelihood])))
        found.append((_("Impact if it happens"), _(LEVELS[content.impact])))
    return found


def _facts(release: Release) -> list[tuple[str, str]]:
    content = release.content
    found = [
        (_("Number"), release.number),
        (_("Version"), str(release.version)),
        (_("Published"), moment(release.initial)),
    ]
    if release.version > 1:
        found.append((_("Changed"), moment(release.current)))
    found += [(_("Published by"), settings.CENTRE_NAME), (_("May be shared"), f"TLP:{content.tlp}"), *assessed(content)]
    if content.since:
        found.append((_("Since"), day(content.since)))
    return found


def _problem(one: Vulnerability, language: str) -> Problem:
    products = [
        (
            line.vendor,
            line.product,
            ranges.shown(line.version, line.notation, line.status) or _("no version named"),
            _(STATUSES[line.status]),
        )
        for line in one.lines[:MOST_LINES]
    ]
    scores = [made for score in one.scores if (made := _score(score))]
    since = _("exploited since %(day)s") % {"day": day(one.exploited_since)} if one.exploited_since else ""
    return Problem(
        one.name,
        one.title,
        one.description.in_(language),
        scores,
        since,
        products,
        max(0, len(one.lines) - MOST_LINES),
    )


def _score(score: Any) -> str:
    made = as_json(score)
    if made is None:
        return ""
    source = f" ({score.source})" if score.source else ""
    return f"CVSS {made['version']}: {made['baseScore']:.1f}, {made['vectorString']}{source}"
