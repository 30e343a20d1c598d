"""What the text and HTML of a mail show, as plain values that the templates only lay out."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from dijkwacht.rooms.notification import courses, links
from dijkwacht.rooms.notification.rendering import document, kinds, words
from dijkwacht.rooms.notification.rendering.inert import inert

if TYPE_CHECKING:
    from dijkwacht.rooms.notification.models import Finding
    from dijkwacht.rooms.notification.sending import Letter

ROWS: Final = 25  # findings in the body; the attachments have them all
MEMBERS: Final = 100  # members in the body of a relay's notice
DETAILS: Final = 6  # columns of evidence in the body
CELL: Final = 120  # characters of one value in the body


@dataclass(frozen=True)
class Line:
    """One finding as a reader sees it."""

    id: str
    member: str
    what: str
    where: str
    asset: str
    severity: str
    seen: str
    state: str
    details: str


@dataclass(frozen=True)
class Advice:
    """What a campaign says and what to do, for one kind."""

    title: str
    text: str
    html: SafeString
    campaign_text: str
    campaign_html: SafeString
    campaign_source: str


def context(letter: "Letter") -> dict[str, Any]:
    """All that the templates of a mail show, harmless by itself: each value on one line, Markdown rendered."""
    notice, language = letter.notice, words.language_of(letter.notice.language)
    phrases, total = words.PHRASES[language], len(letter.findings)
    members = Counter(finding.organisation.name for finding in letter.findings) if _for_others(letter) else Counter()
    pap, labels = document.pap(letter), words.ANSWERS[language]
    return {
        "language": language,
        "words": phrases,
        "subject": notice.subject,
        "centre": settings.CENTRE_NAME,
        "intro": phrases["intro"].format(
            whose=phrases[words.WHOSE.get(notice.route, "yours")], count=words.count(total, language)
        ),
        "tlp": notice.tlp,
        "tlp_meaning": words.TLP[language].get(notice.tlp, ""),
        "pap": pap,
        "pap_meaning": words.PAP[language].get(pap, ""),
        "for_others": bool(members),
        "members": [(inert(name, CELL), number) for name, number in members.most_common(MEMBERS)],
        "members_more": phrases["members_more"].format(n=len(members) - MEMBERS) if len(members) > MEMBERS else "",
        "lines": lines(letter, language, ROWS),
        "more": phrases["first"].format(shown=ROWS, total=total) if total > ROWS else "",
        "advice": [_advice(meaning, language) for meaning in document.meanings(letter)],
        "answers": list(zip(labels.values(), links.answers(letter.page, labels).values(), strict=True)),
        "page": letter.page,
        "why_intro": phrases["why_intro"].format(centre=settings.CENTRE_NAME),
        "why": list(dict.fromkeys(document.why(letter, language).values())),
        "unsubscribe": unsubscribe(letter),
        "footer": phrases["footer"].format(centre=settings.CENTRE_NAME, id=notice.id),
    }


def unsubscribe(letter: "Letter") -> str:
    """Where to unsubscribe from the kinds of this notice; nothing when one of them must be told."""
    return links.unsubscribe(letter.notice.id) if kinds.optional(letter.notice.severity, letter.notice.kinds) else ""


def _for_others(letter: "Letter") -> bool:
    return any(finding.organisation_id != letter.notice.organisation_id for finding in letter.findings)


def lines(letter: "Letter", language: str, most: int) -> list[Line]:
    """The first findings of a notice as a reader sees them."""
    return [_line(letter, finding, language) for finding in letter.findings[:most]]


def _line(letter: "Letter", finding: "Finding", language: str) -> Line:
    meaning = kinds.meaning(finding, letter.campaigns.get(finding.id))
    evidence = kinds.evidence(finding, letter.decisions.get(finding.id))
    return Line(
        id=str(finding.id),
        member=inert(finding.organisation.name, CELL) if _for_others(letter) else "",
        what=meaning.title(language),
        where=inert(where(finding), CELL),
        asset=inert(finding.asset, CELL),
        severity=words.SEVERITY[language][finding.severity],
        seen=f"{finding.first_seen:%Y-%m-%d} - {finding.last_seen:%Y-%m-%d %H:%M}",
        state=words.STATE[language].get(finding.state, finding.state),
        details="; ".join(f"{inert(name, 40)}: {inert(value, 60)}" for name, value in [*evidence.items()][:DETAILS]),
    )


def where(finding: "Finding") -> str:
    """Address, port and name of a finding, as far as it has them."""
    address = f"[{finding.address}]" if ":" in finding.address and finding.port else finding.address
    place = f"{address}:{finding.port}" if finding.port and address else address
    parts = (f"{place}/{finding.protocol}" if place and finding.protocol else place, finding.host)
    return " ".join(part for part in parts if part) or finding.key


def _advice(meaning: kinds.Meaning, language: str) -> Advice:
    course, own = meaning.course(language), meaning.campaign_text(language)
    campaign_text, campaign_html = courses.rendered(own) if own else ("", "")
    source = words.PHRASES[language]["source"].format(source=inert(meaning.campaign.source)) if meaning.campaign else ""
    return Advice(
        title=course.title,
        text=course.text,
        html=mark_safe(course.html),  # noqa: S308 - made by our Markdown renderer, which lets no HTML through
        campaign_text=campaign_text,
        campaign_html=mark_safe(campaign_html),  # noqa: S308 - the same renderer
        campaign_source=source,
    )
