"""A mail to an analysis: its links, what speaks for phishing, how far a warning would reach, and a verdict."""

from collections.abc import Iterable, Mapping
from typing import Final, Literal

import msgspec

from dijkwacht.mails.reading import Link, Mail

from .evidence import Evidence, claims, evidence
from .knowledge import owner_of, sentence
from .scope import Scope, propose

FAMILIES_NEEDED: Final = 2
Verdict = Literal["phishing", "suspicious", "own", "cannot-say"]


class Judged(msgspec.Struct, frozen=True):
    """A link with what was found of it."""

    link: Link
    evidence: list[Evidence]
    scope: Scope
    verdict: Verdict


class Analysis(msgspec.Struct, frozen=True):
    """The answer about one mail. `nl` and `en` say it in a sentence."""

    verdict: Verdict
    nl: str
    en: str
    subject: str
    senders: list[str]
    links: list[Judged]
    problems: list[str]


def analyse(mail: Mail) -> Analysis:
    """Judge a mail by what it holds: the verdict on the worst of its links."""
    said = claims(mail)
    return _whole(
        mail.subject, mail.senders, [_judged(link, evidence(link, said)) for link in mail.links], mail.problems
    )


def with_more(analysis: Analysis, found: Mapping[str, list[Evidence]]) -> Analysis:
    """Judge again with more evidence, by the clean URL of the links that it is about, such as of their pages."""
    links = [_judged(one.link, [*one.evidence, *found.get(one.link.clean, [])]) for one in analysis.links]
    return _whole(analysis.subject, analysis.senders, links, analysis.problems)


def _whole(subject: str, senders: list[str], links: list[Judged], problems: list[str]) -> Analysis:
    verdict = worst(judged.verdict for judged in links if judged.link.where != "resource")
    families = max((len(_families(judged.evidence)) for judged in links), default=0)
    owners = {owner.names[0] for judged in links if (owner := owner_of(judged.link.host))}
    found = {"count": families, "brand": ", ".join(sorted(owners))}
    nl, en = (sentence(f"verdict-{verdict}", language, **found) for language in ("nl", "en"))
    return Analysis(verdict, nl, en, subject, senders, links, problems)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Give the verdict on a whole: "own" only where every part is."""
    found = set(verdicts)
    for verdict in ("phishing", "suspicious"):
        if verdict in found:
            return verdict
    return "own" if found == {"own"} else "cannot-say"


def _judged(link: Link, found: list[Evidence]) -> Judged:
    count = len(_families(found))
    verdict: Verdict = "own" if owner_of(link.host) else "cannot-say"
    if count:
        verdict = "phishing" if count >= FAMILIES_NEEDED else "suspicious"
    return Judged(link, found, propose(link), verdict)


def _families(found: list[Evidence]) -> set[str]:
    return {one.family for one in found} - {""}
