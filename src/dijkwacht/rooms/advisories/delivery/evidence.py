"""The evidence of a match in words: by which name it was met, and what the advisory says of the versions. Pure."""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

import msgspec

from dijkwacht.rooms.advisories.matching.evidence import Evidence, unpack
from dijkwacht.rooms.advisories.versions.cpe import VERSION, cpe_version
from dijkwacht.rooms.notification.rendering.inert import inert

MOST_RANGES: Final = 10  # of one line of an inventory in a sentence
MOST_NAMES: Final = 5  # of vulnerabilities beside one range
RULES: Final[Mapping[str, Mapping[str, str]]] = {
    "nl": {
        "all": "alle versies",
        "listed_only": "de bron noemt uw versie niet",
        "readings_differ": "de versies zijn op twee manieren te lezen",
        "too_short": "uw versie is minder precies dan de grens",
        "other_kind": "uw versie is niet met die van de bron te vergelijken",
        "commit": "de bron noemt alleen wijzigingen in de code",
        "condition": "er geldt een voorwaarde: {text}",
        "not_understood": "wij begrijpen de versies van de bron niet: {text}",
        "not_said": "de bron noemt geen versies",
        "past_the_last": "uw versie ligt voorbij wat de bron noemt",
        "no_version": "u noemt geen versie die te vergelijken is; het advies zegt {text}",
        "investigating": "de bron zoekt het nog uit",
    },
    "en": {
        "all": "all versions",
        "listed_only": "the source does not name your version",
        "readings_differ": "the versions can be read in two ways",
        "too_short": "your version is less precise than the limit",
        "other_kind": "your version cannot be compared with those of the source",
        "commit": "the source names changes of its code only",
        "condition": "there is a condition: {text}",
        "not_understood": "we do not understand the versions of the source: {text}",
        "not_said": "the source names no versions",
        "past_the_last": "your version lies beyond what the source names",
        "no_version": "you name no version that can be compared; the advisory says {text}",
        "investigating": "the source is still looking into it",
    },
}
SEVERAL: Final[Mapping[str, Mapping[str, str]]] = {
    "nl": {
        "more": "nog {n} andere, die in het hele advies staan",
        "outside": "kies een versie die buiten al deze grenzen valt",
    },
    "en": {
        "more": "{n} more, which stand in the whole advisory",
        "outside": "choose a version that lies outside all of these limits",
    },
}
STATUSES: Final[Mapping[str, Mapping[str, str]]] = {
    "nl": {"affected": "kwetsbaar", "fixed": "verholpen", "not_affected": "niet kwetsbaar"},
    "en": {"affected": "affected", "fixed": "fixed", "not_affected": "not affected"},
}
LIMITS: Final = (
    ("versionStartIncluding", ">= "),
    ("versionStartExcluding", "> "),
    ("versionEndIncluding", "<= "),
    ("versionEndExcluding", "< "),
)


def ranges(met: Iterable[tuple[str, str]], language: str) -> str:
    """Say each differing range once. `met`: pairs of a vulnerability and the packed evidence of its match.

    Vulnerabilities of one advisory may end at different versions: who reads one limit alone updates to what the
    next one calls vulnerable.
    """
    names: dict[str, list[str]] = {}
    for vulnerability, packed in met:
        for said in words(packed, language):
            names.setdefault(inert(said, 500), []).append(inert(vulnerability, 60))
    if len(names) == 1:
        return next(iter(names))
    phrases, listed = SEVERAL[language], []
    for text, of in list(names.items())[:MOST_RANGES]:
        more = f" +{len(of) - MOST_NAMES}" if len(of) > MOST_NAMES else ""
        listed.append(f"{text} ({', '.join(of[:MOST_NAMES])}{more})")
    if len(names) > MOST_RANGES:
        listed.append(phrases["more"].format(n=len(names) - MOST_RANGES))
    return "; ".join([*listed, phrases["outside"]])


@lru_cache(maxsize=4_096)  # thousands of letters about one advisory say the same
def words(packed: str, language: str) -> tuple[str, ...]:
    """Say what the advisory says of the versions of a product, in "nl" or "en"; each differing range once."""
    try:
        evidence = unpack(packed)
    except msgspec.DecodeError:
        return (packed,)
    also = (
        msgspec.structs.replace(evidence, theirs=name, text=text, notation=notation, rule="")
        for name, text, notation in evidence.also
    )
    return tuple(dict.fromkeys(_said(one, language) for one in (evidence, *also)))


def _said(evidence: Evidence, language: str) -> str:
    text = versions(evidence)
    said = f"{evidence.theirs} {text}".strip()
    if evidence.status in {"fixed", "not_affected"}:
        said += f" ({STATUSES[language][evidence.status]})"
    why = RULES[language].get(evidence.rule, "").format(text=text or "?")
    if not why or (evidence.rule == "all" and text):
        return said
    return f"{evidence.theirs}: {why}" if "{text}" in RULES[language][evidence.rule] else f"{said}; {why}"


def versions(evidence: Evidence) -> str:
    """Return the versions as a person reads them; text stays as the source wrote it."""
    if evidence.notation == "vers":
        return evidence.text.partition("/")[2].replace("|", ", ") or evidence.text
    if evidence.notation == "text":
        return evidence.text
    try:
        said = json.loads(evidence.text)
    except (ValueError, RecursionError):  # cut off: it was long
        return "…"
    listed = said.get("versions", []) if isinstance(said, dict) else said
    if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
        return evidence.text  # no list of versions, whatever it is: as the source wrote it
    return ", ".join(filter(None, map(_one, listed)))


def _one(row: Mapping[str, Any]) -> str:
    if "criteria" in row:  # a cpeMatch
        limits = [f"{sign}{row[name]}" for name, sign in LIMITS if row.get(name)]
        return " ".join(limits) or _named(str(row["criteria"]))
    start = str(row.get("version", ""))
    for name, sign in (("lessThan", "<"), ("lessThanOrEqual", "<=")):
        if row.get(name):
            begins = "" if start in {"", "0", "*", "unspecified"} else f">= {start} "
            return f"{begins}{sign} {row[name]}"
    return start


def _named(cpe: str) -> str:
    """The version in a CPE name, "*" for any; the whole of it where it has no place for one."""
    fields = cpe.split(":")
    if fields[:2] == ["cpe", "2.3"] and len(fields) > VERSION:
        return fields[VERSION]
    return cpe_version(cpe) or cpe
