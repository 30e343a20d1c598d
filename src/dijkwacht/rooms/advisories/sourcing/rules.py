"""Pure decisions of sourcing: the order of the analyst's list, and which vulnerabilities are one matter."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import log10
from typing import Final

# What the list is sorted by. Exploitation that somebody saw outweighs any forecast; then who of ours runs it; then EPSS
# (a forecast for 30 days); CVSS only says how bad it would be.
EXPLOITED: Final = 4.0
ACTIVE: Final = 3.0  # SSVC says active, and the catalogue does not list it (yet)
RUN: Final = 2.0  # by a thousand organisations of ours, or more; by fewer in proportion to the logarithm
EPSS: Final = 2.0
CVSS: Final = 1.0
SCORES_MOVED: Final = (0.01, 0.1, 0.5)  # bounds of EPSS: passing one is told to the other parts


def weight(*, exploited: bool, active: bool, organisations: int, epss: float | None, cvss: float | None) -> float:
    """Say how much a matter matters, 0 to 9."""
    seen = EXPLOITED if exploited else ACTIVE if active else 0.0
    run = RUN * min(1.0, log10(1 + organisations) / 3)
    return round(seen + run + EPSS * (epss or 0.0) + CVSS * (cvss or 0.0) / 10, 4)


def band(epss: float | None) -> int:
    """Say between which bounds a chance is."""
    return sum((epss or 0.0) >= bound for bound in SCORES_MOVED)


def together(advisories: Mapping[str, frozenset[str]]) -> list[list[str]]:
    """Group names that only ever occur together: that the very same advisories name, and at least one does.

    `advisories`: for each name the keys of all advisories that name it. Names that no advisory has stay alone.
    """
    groups: dict[frozenset[str], list[str]] = defaultdict(list)
    alone = [[name] for name, named in advisories.items() if not named]
    for name, named in advisories.items():
        if named:
            groups[named].append(name)
    return [sorted(one) for one in [*groups.values(), *alone]]


def survivor(matters: Iterable[tuple[int, float, str]]) -> str:
    """Of matters that become one, the one whose address stays: most vulnerabilities, then the oldest, then its id."""
    return min((-names, seen, key) for names, seen, key in matters)[2]
