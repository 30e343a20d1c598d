"""The `versions` of an `affected` entry of a CVE record 5.x, by the algorithm that the schema itself gives.

CVE Record Format 5.1, `affected[].versions`: entries in order, the first that holds the version gives its status, with
the last of its `changes` at or before the version; else `defaultStatus`, which is "unknown" where it is not given.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec

from dijkwacht.rooms.advisories.versions.answers import Answer, Rule, Verdict
from dijkwacht.rooms.advisories.versions.reading import Version, read_version
from dijkwacht.rooms.advisories.versions.regions import ALL, UNREAD, Limit, Region, Sign, Span
from dijkwacht.rooms.advisories.versions.schemes import SCHEMES
from dijkwacht.rooms.advisories.versions.text import NOTHING_SAID, read_text

_STATUS: Final = {"affected": Verdict.AFFECTED, "unaffected": Verdict.NOT_AFFECTED}
_FROM_THE_FIRST: Final = frozenset(
    (
        "0", "*", "all", "all versions", "previous versions", "0.0", "0.0.0", "unspecified", "n/a", "-",
        "unknown", "none", "",
    )
)  # fmt: skip
_UNDEFINED: Final = frozenset(("publication", "unspecified", "n/a", "-", "unknown", "none", ""))
_ALIAS: Final = {"python": "pypi", "deb": "deb", "rpm": "rpm"}
ENTRIES: Final = 5_000  # more than any record holds; what follows is not read, and makes the default unknown


class Entry(NamedTuple):
    region: Region
    verdict: Verdict
    changes: tuple[tuple[Limit | None, Verdict], ...]
    scheme: str
    git: bool
    everything: bool
    single: bool


@dataclass(frozen=True, slots=True)
class Record:
    entries: tuple[Entry, ...]
    default: Verdict
    complete: bool = True


@lru_cache(maxsize=16_384)
def read_cve(text: str) -> Record | None:
    """An entry as JSON, read; None where it is none. Never raises."""
    try:
        body = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None
    if not isinstance(body, dict) or not isinstance(body.get("versions", []), list):
        return None
    default = _STATUS.get(str(body.get("defaultStatus")), Verdict.UNKNOWN)
    listed = body.get("versions", [])
    if not all(isinstance(one, dict) for one in listed):
        return None
    listed, all_read = listed[:ENTRIES], len(listed) <= ENTRIES
    dotted = _dotted(listed)
    return Record(tuple(_entry(one, dotted) for one in listed), default, all_read)


def _entry(one: dict[str, Any], dotted: bool) -> Entry:
    kind = str(one.get("versionType") or "").lower().strip()
    scheme = _ALIAS.get(kind, kind) if _ALIAS.get(kind, kind) in SCHEMES else "intdot" if dotted else ""
    verdict = _STATUS.get(str(one.get("status")), Verdict.UNKNOWN)
    start = str(one.get("version", "")).strip()
    upper = next(((sign, str(one[key]).strip()) for key, sign in _UPPERS if one.get(key) is not None), None)
    if upper is not None:
        region = _range(start, *upper, scheme)
    elif start.lower() in NOTHING_SAID:
        region = UNREAD
    else:
        bare = _bare(start, scheme)
        point = Region((Span((Limit("=", bare),)),)) if bare else None
        region = point or read_text(start, points_closed=True)
    commits = any(limit.version.commit for span in region.spans for limit in span.limits)
    return Entry(region, verdict, _changes(one.get("changes")), scheme, commits, region.everything, upper is None)


def _dotted(listed: list[dict[str, Any]]) -> bool:
    """Whether versions of three parts show that 5.10 comes after 5.9 here."""
    texts = [str(one.get(key, "")) for one in listed for key in ("version", "lessThan", "lessThanOrEqual")]
    read = [version for version in map(read_version, texts) if version is not None]
    parts = [group.numbers for version in read for group in version.groups[:1]]
    return any(len(numbers) > 2 for numbers in parts) and not any(n != "0" and n[0] == "0" for ns in parts for n in ns)  # noqa: PLR2004


_UPPERS: Final[tuple[tuple[str, Sign], ...]] = (("lessThan", "<"), ("lessThanOrEqual", "<="))


def _range(start: str, sign: Sign, end: str, scheme: str) -> Region:
    limits: list[Limit] = []
    if start.lower() not in _FROM_THE_FIRST:
        low = _bare(start, scheme)
        if low is None:
            return UNREAD
        limits.append(Limit(">=", low))
    if end == "*":
        return Region((Span(tuple(limits)),)) if limits else ALL
    if end.lower() in _UNDEFINED:
        return UNREAD
    high = _bare(end, scheme)
    return UNREAD if high is None else Region((Span((*limits, Limit(sign, high))),))


def _bare(text: str, scheme: str = "") -> Version | None:
    """A version and nothing else: "Upgrade to version 14.5" is none."""
    if not text.isascii():
        return None
    if scheme in SCHEMES and " " not in text and SCHEMES[scheme](text.lower(), text.lower()) is not None:
        return read_version(text)
    region = read_text(text)
    limits = [limit for span in region.spans for limit in span.limits]
    return limits[0].version if region.understood and len(limits) == 1 and limits[0].sign == "=" else _commit(text)


def _commit(text: str) -> Version | None:
    version = read_version(text)
    return version if version and version.commit else None


def _changes(listed: object) -> tuple[tuple[Limit | None, Verdict], ...]:
    found = []
    for change in listed if isinstance(listed, list) else []:
        if not isinstance(change, dict):
            return ((None, Verdict.UNKNOWN),)
        at = _bare(str(change.get("at", "")))
        verdict = _STATUS.get(str(change.get("status")), Verdict.UNKNOWN)
        found.append((Limit(">=", at) if at else None, verdict))
    return tuple(found)


def judge_cve(record: Record, asked: Version) -> Answer:
    """The verdict of one record on one version: one where every way to read the versions gives the same."""
    possible: set[Verdict] = set()
    like: set[Verdict] = set()  # of single versions that it begins with: "5.15" may mean 5.15.2, if nothing else does
    why = Rule.NOT_SAID
    kinds = past = 0
    for entry in record.entries:
        inside = entry.region.inside(asked, entry.scheme)
        kinds += entry.git and not asked.commit
        past += inside.past
        state = inside.possible if inside.plain is not True else True
        if state is False:
            continue
        held = _changed(entry, asked)
        if entry.verdict is Verdict.NOT_AFFECTED or held != {entry.verdict}:
            state = inside.possible
        if state is None and entry.single:
            like, why = like | held, inside.why
            continue
        possible |= held
        if state is True:
            return _settled(possible, Rule.ALL if entry.everything else Rule.INSIDE, why, plain=inside.possible is True)
        why = Rule.COMMIT if entry.git else inside.why
    if kinds == len(record.entries) and kinds:
        return Answer(Verdict.UNKNOWN, Rule.COMMIT)
    possible |= like
    possible.add(record.default if record.complete else Verdict.UNKNOWN)
    if why is Rule.NOT_SAID and past and past == len(record.entries):
        why = Rule.PAST_THE_LAST
    return _settled(possible, Rule.DEFAULT, why, plain=True)


def _changed(entry: Entry, asked: Version) -> set[Verdict]:
    """The statuses that the version may have within an entry."""
    held = {entry.verdict}
    for limit, verdict in entry.changes:
        reached = limit.holds(asked, entry.scheme).possible if limit else None
        if reached is not False:
            held = {verdict} if reached else held | {verdict}
    return held


def _settled(possible: set[Verdict], sure: Rule, why: Rule, *, plain: bool) -> Answer:
    if len(possible) == 1 and Verdict.UNKNOWN not in possible:
        return Answer(next(iter(possible)), sure, plain)
    return Answer(Verdict.UNKNOWN, Rule.NOT_SAID if why is Rule.INSIDE else why)
