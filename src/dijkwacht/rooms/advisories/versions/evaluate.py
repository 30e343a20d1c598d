"""The one question: does this statement mean this version?"""

from functools import lru_cache
from typing import Final

from dijkwacht.rooms.advisories.statements import Notation, Status
from dijkwacht.rooms.advisories.versions.answers import Answer, Rule, Verdict
from dijkwacht.rooms.advisories.versions.cpe import read_cpe
from dijkwacht.rooms.advisories.versions.cve import judge_cve, read_cve
from dijkwacht.rooms.advisories.versions.reading import Version, names_several, read_version
from dijkwacht.rooms.advisories.versions.regions import Inside, Region
from dijkwacht.rooms.advisories.versions.text import NOTHING_SAID, read_text
from dijkwacht.rooms.advisories.versions.vers import read_vers, scheme_of

_LONGEST: Final = 2_000_000  # characters of a JSON notation
_NO: Final = Answer(Verdict.UNKNOWN, Rule.NOT_SAID)


@lru_cache(maxsize=262_144)
def judge(version: str, notation: str, status: str, asked: str) -> Answer:
    """The verdict of a statement on the version `asked`, as its user wrote it ("" where it is not known).

    Affected where the version as written is among those affected; not affected only where every plausible reading says
    so: it is outside what is affected, or among what is fixed or not affected. Anything else is unknown. Total: any
    text gives an answer, in time linear in its length.
    """
    if len(version) > _LONGEST or not version.strip():
        return _NO
    read = _asked(asked)
    if notation == Notation.CVE:
        return _cve(version, status, read)
    region, scheme = _region(version, notation)
    if region.everything:
        return _of_all(status)
    if read is None:
        return Answer(Verdict.UNKNOWN, Rule.NO_VERSION if region.understood else Rule.NOT_UNDERSTOOD)
    return _weigh(region.inside(read, scheme), status)


def _asked(text: str) -> Version | None:
    """A version of a user: a range, a list, or one with wild places names many, and is none."""
    found = read_version(text) if text.strip().lower() not in NOTHING_SAID else None
    if found is None or found.wild:
        return None
    return None if names_several(text) and not found.date else found


def _region(version: str, notation: str) -> tuple[Region, str]:
    if notation == Notation.CPE:
        return read_cpe(version), ""
    if version[:5].lower() == "vers:":
        return read_vers(version), scheme_of(version)
    return read_text(version), ""


def _of_all(status: str) -> Answer:
    if status == Status.AFFECTED:
        return Answer(Verdict.AFFECTED, Rule.ALL)
    if status in {Status.NOT_AFFECTED, Status.FIXED}:
        return Answer(Verdict.NOT_AFFECTED, Rule.ALL)
    return Answer(Verdict.UNKNOWN, Rule.INVESTIGATING)


def _cve(version: str, status: str, asked: Version | None) -> Answer:
    """A record carries its statuses itself; that of the statement adds nothing but "under investigation"."""
    record = read_cve(version)
    if record is None:
        return Answer(Verdict.UNKNOWN, Rule.NOT_UNDERSTOOD)
    if status == Status.UNDER_INVESTIGATION:
        return Answer(Verdict.UNKNOWN, Rule.INVESTIGATING)
    if asked is not None:
        return judge_cve(record, asked)
    verdicts = {entry.verdict for entry in record.entries if entry.everything}
    if record.entries and len(verdicts) == 1 and all(entry.everything for entry in record.entries):
        return Answer(next(iter(verdicts)), Rule.ALL)
    if not record.entries and record.default is not Verdict.UNKNOWN:
        return Answer(record.default, Rule.ALL)
    return Answer(Verdict.UNKNOWN, Rule.NO_VERSION)


def _weigh(inside: Inside, status: str) -> Answer:
    if status == Status.AFFECTED:
        if inside.plain is True:
            return Answer(Verdict.AFFECTED, Rule.INSIDE, plain=inside.possible is True)
        if inside.possible is False:
            return Answer(Verdict.NOT_AFFECTED, Rule.OUTSIDE)
        return Answer(Verdict.UNKNOWN, inside.why)
    if status in {Status.NOT_AFFECTED, Status.FIXED}:
        if inside.possible is True:
            return Answer(Verdict.NOT_AFFECTED, Rule.INSIDE)
        return Answer(Verdict.UNKNOWN, Rule.NOT_SAID if inside.possible is False else inside.why)
    return Answer(Verdict.UNKNOWN, Rule.NOT_SAID if inside.plain is False else Rule.INVESTIGATING)
