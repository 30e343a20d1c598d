"""What comes out of a comparison."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """Of one version of one product."""

    AFFECTED = "affected"
    NOT_AFFECTED = "not_affected"
    UNKNOWN = "unknown"


class Rule(StrEnum):
    """Why the verdict is what it is. Doors make words of it; the order says nothing."""

    INSIDE = "inside"  # every reading puts the version among those named
    OUTSIDE = "outside"  # every reading puts it outside the limits named
    ALL = "all"  # the source names all versions
    LISTED_ONLY = "listed_only"  # the source names some versions and says nothing of this one
    READINGS_DIFFER = "readings_differ"  # two ways to read the versions order them differently
    TOO_SHORT = "too_short"  # the version given is less precise than the limit: "15" against "15.2"
    DEFAULT = "default"  # the record says so of every version that it does not list
    OTHER_KIND = "other_kind"  # a date or another series: the two cannot be compared
    COMMIT = "commit"  # the source names commits of its code, which no version can be compared with
    CONDITION = "condition"  # among those named, if a condition in words is met
    NOT_UNDERSTOOD = "not_understood"  # the text of the source is not understood
    NOT_SAID = "not_said"  # the source says nothing about versions, or nothing beyond its ranges
    PAST_THE_LAST = "past_the_last"  # as NOT_SAID, but beyond every range that the source names
    NO_VERSION = "no_version"  # no version was given, or one that is not understood
    INVESTIGATING = "investigating"  # the source is still looking into these versions


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict with its reason. `plain`: the comparison rests on the version exactly as it was given."""

    verdict: Verdict
    rule: Rule
    plain: bool = True


# The source keeps silent about this version, which takes nothing away from what it says elsewhere.
SILENT = frozenset((Rule.NOT_SAID, Rule.PAST_THE_LAST, Rule.LISTED_ONLY, Rule.COMMIT))
# It says in so many words that the version is not affected, rather than leaving it outside of what is.
EXPLICIT = frozenset((Rule.INSIDE, Rule.ALL, Rule.DEFAULT))
