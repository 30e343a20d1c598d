"""An advisory as a CSAF document: pure functions from one model to CSAF 2.0 and 2.1. No Django.

The document is in one language; the other language stands in a note beside it, so that nobody reads half a text.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final, Literal

from dijkwacht.rooms.advisories.publishing import tree
from dijkwacht.rooms.advisories.publishing.cwe import cwe_name
from dijkwacht.rooms.advisories.writing.content import CVE, Content, Publisher, Release, Scored, Vulnerability

Csaf = Literal["2.0", "2.1"]
VERSIONS: Final[tuple[Csaf, ...]] = ("2.0", "2.1")
SCHEMAS: Final = {
    "2.0": "https://docs.oasis-open.org/csaf/csaf/v2.0/csaf_json_schema.json",
    "2.1": "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json",
}
LABELS: Final = {"CLEAR": "WHITE", "AMBER+STRICT": "AMBER"}  # as 2.0 has them, by TLP 1
NOT_A_NAME: Final = re.compile(r"[^+\-a-z0-9]+")
SEVERITY: Final = {"low": "Low", "medium": "Medium", "high": "High", "urgent": "Urgent", "normal": "Normal"}
WORDS: Final = {
    "en": {
        "what": "Description",
        "affected": "Who is affected",
        "likelihood": "Likelihood and impact",
        "assessed": "Likelihood: {likelihood}. Impact: {impact}.",
        "other": "Nederlands",
        "contact": "Contact",
        "reasoning": "Reasoning for Withdrawal",
        "overview": "Summary",
        "description": "Description of the vulnerability",
        "exploited": "This vulnerability is exploited.",
        "levels": {"low": "low", "medium": "medium", "high": "high", "": "not assessed"},
        "nothing": "No measure is known yet.",
        "self": "This advisory for people",
        "canonical": "This document",
    },
    "nl": {
        "what": "Beschrijving",
        "affected": "Wie geraakt wordt",
        "likelihood": "Kans en schade",
        "assessed": "Kans: {likelihood}. Schade: {impact}.",
        "other": "English",
        "contact": "Contact",
        "reasoning": "Reden van intrekking",
        "overview": "Samenvatting",
        "description": "Beschrijving van de kwetsbaarheid",
        "exploited": "Deze kwetsbaarheid wordt misbruikt.",
        "levels": {"low": "laag", "medium": "midden", "high": "hoog", "": "niet ingeschat"},
        "nothing": "Er is nog geen maatregel bekend.",
        "self": "Dit beveiligingsadvies voor mensen",
        "canonical": "Dit document",
    },
}


def file_name(number: str) -> str:
    """Give the file name of a document by its tracking id, CSAF 2.0 section 5.1."""
    return NOT_A_NAME.sub("_", number.lower()) + ".json"


def path(release: Release) -> str:
    """Give the place of a document within the folder of its label: the year of the first release, requirement 11."""
    return f"{release.initial.astimezone(UTC):%Y}/{file_name(release.number)}"


def serialised(document: Mapping[str, Any]) -> bytes:
    """Give a document as bytes, its keys sorted (CSAF 2.0 section 5.3)."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def document(release: Release, csaf: Csaf, folder: str) -> dict[str, Any]:
    """Give the CSAF document of a version. `folder`: the URL under which its year stands."""
    made: dict[str, Any] = {"document": _about(release, csaf, folder)}
    if csaf == "2.1":
        made["$schema"] = SCHEMAS["2.1"]
    if release.withdrawn:
        return made
    content = release.content
    products = tree.build(content.vulnerabilities, csaf)
    if products.leaves:
        made["product_tree"] = products.as_json(csaf)
    found = [
        _vulnerability(one, statuses, release, csaf)
        for one, statuses in zip(content.vulnerabilities, products.statuses, strict=True)
    ]
    if found:
        made["vulnerabilities"] = found
    return made


def category(release: Release, csaf: Csaf) -> str:
    """Give the profile. 2.0 knows none for what was withdrawn: its base profile demands the least."""
    if release.withdrawn:
        return "csaf_withdrawn" if csaf == "2.1" else "csaf_base"
    known = release.content.vulnerabilities
    return "csaf_security_advisory" if known and all(one.lines for one in known) else "csaf_informational_advisory"


def stamp(at: datetime) -> str:
    """Give a time as RFC 3339, in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _about(release: Release, csaf: Csaf, folder: str) -> dict[str, Any]:
    content, words = release.content, WORDS[release.language]
    made: dict[str, Any] = {
        "category": category(release, csaf),
        "csaf_version": csaf,
        "distribution": _distribution(content.tlp, csaf),
        "lang": release.language,
        "notes": [*_notes(release), *_contact(release, csaf)],
        "publisher": publisher(release.publisher, csaf),
        "references": _references(release, f"{folder}/{path(release)}", words),
        "title": content.title.in_(release.language),
        "tracking": _tracking(release),
    }
    if severity := _severity(content):
        made["aggregate_severity"] = {"text": severity}
    if content.thanks and not release.withdrawn:
        made["acknowledgments"] = [{"names": [name]} for name in content.thanks]
    return made


def publisher(party: Publisher, csaf: Csaf) -> dict[str, str]:
    """Give the issuing party. The drafts of 2.1 that the two validators know have no way to reach it in common."""
    made = {"category": "coordinator", "name": party.name, "namespace": party.namespace}
    if csaf == "2.0":
        made["contact_details"] = party.contact
    return made | ({"issuing_authority": party.authority} if party.authority else {})


def _severity(content: Content) -> str:
    if content.label:
        return SEVERITY[content.label]
    if not content.likelihood or not content.impact:
        return ""
    return f"{SEVERITY[content.likelihood]}/{SEVERITY[content.impact]}"


def _distribution(tlp: str, csaf: Csaf) -> dict[str, Any]:
    made: dict[str, Any] = {"tlp": {"label": LABELS.get(tlp, tlp) if csaf == "2.0" else tlp, "url": TLP_URL}}
    if tlp == "AMBER+STRICT" and csaf == "2.0":
        made["text"] = "TLP:AMBER+STRICT: within the organisation only."
    return made


TLP_URL: Final = "https://www.first.org/tlp/"


def _note(kind: str, title: str, text: str) -> dict[str, str]:
    return {"category": kind, "text": text, "title": title}


def _notes(release: Release) -> list[dict[str, str]]:
    """The notes of the document. Of one that was withdrawn: why, and what it was about (2.1 profile 7)."""
    content, language, words = release.content, release.language, WORDS[release.language]
    other = "en" if language == "nl" else "nl"
    if release.withdrawn:
        why = release.history[-1].summary.in_(language)
        return [_note("description", str(words["reasoning"]), f"{content.title.in_(language)}\n\n{why}")]
    found = [_note("summary", str(words["overview"]), content.summary.in_(language))]
    if content.what.in_(language):
        found.append(_note("description", str(words["what"]), content.what.in_(language)))
    if content.affected.in_(language):
        found.append(_note("details", str(words["affected"]), content.affected.in_(language)))
    if content.likelihood or content.impact:
        levels: Any = words["levels"]
        said = str(words["assessed"]).format(likelihood=levels[content.likelihood], impact=levels[content.impact])
        found.append(_note("general", str(words["likelihood"]), said))
    there = "\n\n".join(filter(None, (getattr(one, other) for one in (content.title, content.summary, content.what))))
    if there:
        found.append(_note("other", str(words["other"]), there))
    return [one for one in found if one["text"]]


def _contact(release: Release, csaf: Csaf) -> list[dict[str, str]]:
    """How to reach the publisher in 2.1, as a note: the drafts that the validators know have no field in common."""
    if csaf == "2.0" or release.withdrawn or not release.publisher.contact:
        return []
    return [_note("other", str(WORDS[release.language]["contact"]), release.publisher.contact)]


def _references(release: Release, own: str, words: Mapping[str, Any]) -> list[dict[str, str]]:
    given = [
        {"category": "external", "summary": one.title or one.url, "url": one.url} for one in release.content.references
    ]
    return [
        {"category": "self", "summary": words["canonical"], "url": own},
        {"category": "self", "summary": words["self"], "url": release.page},
        *given,
    ]


def _tracking(release: Release) -> dict[str, Any]:
    cves = sorted({one.name for one in release.content.vulnerabilities if CVE.fullmatch(one.name)})
    made: dict[str, Any] = {
        "current_release_date": stamp(release.current),
        "generator": {"date": stamp(release.current), "engine": {"name": "Dijkwacht"}},
        "id": release.number,
        "initial_release_date": stamp(release.initial),
        "revision_history": [
            {"date": stamp(one.at), "number": str(one.number), "summary": one.summary.in_(release.language)}
            for one in release.history
        ],
        "status": "final",
        "version": str(release.version),
    }
    return made | ({"aliases": cves} if cves and not release.withdrawn else {})


def _vulnerability(
    one: Vulnerability, statuses: Mapping[str, list[str]], release: Release, csaf: Csaf
) -> dict[str, Any]:
    words = WORDS[release.language]
    told = one.description.in_(release.language) or one.title or one.name
    made: dict[str, Any] = {"notes": [_note("description", str(words["description"]), told)]}
    if CVE.fullmatch(one.name):
        made["cve"] = one.name
    else:
        made["ids"] = [{"system_name": release.publisher.name, "text": one.name}]
    if one.title:
        made["title"] = one.title
    if statuses:
        made["product_status"] = dict(statuses)
    if weakness := _weakness(one.weakness):
        made |= {"cwe": weakness[0]} if csaf == "2.0" else {"cwes": [weakness[0] | {"version": weakness[1]}]}
    affected = statuses.get("known_affected", [])
    if affected:
        made["remediations"] = _remediations(release, affected)
    scored = sorted({*affected, *statuses.get("under_investigation", ())})
    if scored and (metrics := _metrics(one.scores, scored, csaf)):
        made["scores" if csaf == "2.0" else "metrics"] = metrics
    if one.exploited_since:
        made["threats"] = [_exploited(one.exploited_since, release, affected)]
    return made


def _exploited(since: date, release: Release, affected: list[str]) -> dict[str, Any]:
    at = min(datetime.combine(since, time(), UTC), release.current)
    made: dict[str, Any] = {"category": "exploit_status", "date": stamp(at)}
    made["details"] = WORDS[release.language]["exploited"]
    return made | ({"product_ids": affected} if affected else {})


def _weakness(weakness: str) -> tuple[dict[str, str], str] | None:
    """Give a CWE by id and name, and the version of the list; one that is not in the list is left out."""
    found = cwe_name(weakness) if weakness else None
    return ({"id": weakness, "name": found[0]}, found[1]) if found else None


def _remediations(release: Release, affected: list[str]) -> list[dict[str, Any]]:
    """The courses of action. `none_available` and the like stand only where there is nothing else (2.1 test 6.1.35)."""
    courses = release.content.courses
    real = [one for one in courses if one.kind not in {"none_available", "no_fix_planned"}]
    found = [
        {"category": one.kind, "details": one.text.in_(release.language), "product_ids": affected}
        | ({"url": one.url} if one.url else {})
        for one in real or courses[:1]
    ]
    nothing = WORDS[release.language]["nothing"]
    return found or [{"category": "none_available", "details": nothing, "product_ids": affected}]


def _metrics(scores: Iterable[Scored], products: list[str], csaf: Csaf) -> list[dict[str, Any]]:
    """One score of each CVSS version, the first that is given; 2.0 knows no CVSS 4.0."""
    from dijkwacht.rooms.advisories.publishing.cvss import as_json

    found: dict[str, dict[str, Any]] = {}
    for one in scores:
        key = {"2.0": "cvss_v2", "3.0": "cvss_v3", "3.1": "cvss_v3", "4.0": "cvss_v4"}.get(one.version)
        if key and key not in found and not (csaf == "2.0" and key == "cvss_v4") and (made := as_json(one)):
            found[key] = made
    if not found:
        return []
    return [{**found, "products": products}] if csaf == "2.0" else [{"content": found, "products": products}]
