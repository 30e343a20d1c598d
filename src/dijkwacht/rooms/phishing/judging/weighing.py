"""All that is known of a campaign, weighed: what it is, what a warning would be for, and who has to say so.

Pure: the same `Case` gives the same `Outcome`, so that every decision can be played again. Three rules carry it:
evidence of two families that no one cause can fake at once; of them the page, reporters with a past, or a list, never
a mail and a name alone; and what a warning would hit besides must be small. All else goes to people.
"""

from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal

import msgspec

from .evidence import Evidence
from .knowledge import sentence
from .radius import Place, radius, refuses, two_people
from .scope import Scope

PAIRS: Final = tuple(  # of families that no one cause can fake at once; page: content of the page, seen by us
    frozenset(pair.split())
    for pair in (
        "page infrastructure",
        "infrastructure corroboration",
        "page corroboration",
        "page list",
        "infrastructure list",
    )
)
WEAK: Final = frozenset({"address-as-host"})  # true of honest places too: speaks, and does not decide
IMITATES: Final = frozenset({"page-asks-as-brand", "page-shows-brand"})
NEVER: Final = frozenset({"own", "brand"})  # nobody warns for these, whatever the evidence
CORROBORATED: Final = 2.0  # weight of reporters from which they count as a family
NETWORKS: Final = 3  # from which they come, at least
PARTNERS: Final = 2  # or so many organisations of their own tokens: one of them alone is one word
MANY: Final = 20  # mails after which a person looks although nothing speaks for phishing
Route = Literal["block", "people", "none"]
Verdict = Literal["looking", "phishing", "suspicious", "own", "cannot-say"]


class Candidate(msgspec.Struct, frozen=True):
    """A link of the campaign with all that speaks against it, and the place that it leads to."""

    url: str
    place: Place
    scope: Scope
    evidence: list[Evidence]
    held: list[str] = []  # codes route-… of why no machine may warn for it, whatever its evidence
    read: bool = False  # from a picture: a letter may be wrong


class Reporters(msgspec.Struct, frozen=True):
    """Who reported, as numbers. `weight`: of the verified ones, each network once, by what became of their reports."""

    mails: int = 0
    sources: int = 0
    networks: int = 0  # of those with weight
    partners: int = 0
    weight: float = 0.0


class Case(msgspec.Struct, frozen=True):
    """All that a decision is made of. `left`: blocks that the budget still allows; `halted`: the breaker is open."""

    candidates: list[Candidate]
    reporters: Reporters
    left: int
    halted: bool
    live: list[list[str]] = []  # what is warned for already, as [kind, name]: costs nothing


class Target(msgspec.Struct, frozen=True):
    """What a warning would be for, and what it would hit besides."""

    kind: str
    name: str
    radius: dict[str, int | str]


class Outcome(msgspec.Struct, frozen=True):
    """What the rules say: the verdict, where it goes, why people have to look, and the evidence in words."""

    verdict: Verdict
    route: Route
    why: list[str]
    targets: list[Target]
    reason: list[Evidence]
    two: bool


def weigh(case: Case) -> Outcome:
    """Weigh a case. `why` holds the codes route-… of sentences.toml that say why a person has to look."""
    corroborated = corroboration(case.reporters)
    found = [(one, [*one.evidence, *corroborated]) for one in case.candidates if one.place.guard not in NEVER]
    proven = [one for one, evidence in found if enough(evidence)]
    spoken = [one for one, _ in found if one.evidence]
    reason = distinct(evidence for one in (proven or spoken) for evidence in (*one.evidence, *corroborated))
    if not spoken:
        return _nothing(case, corroborated)
    targets = distinct_targets(proven or spoken)
    two = any(two_people(one.place) for one in (proven or spoken))
    if not proven:
        return Outcome("suspicious", "people", [_lacking(spoken)], targets, reason, two)
    why = [*_held(proven), *_braked(case, targets)]
    return Outcome("suspicious" if why else "phishing", "people" if why else "block", why, targets, reason, two)


def _nothing(case: Case, corroborated: list[Evidence]) -> Outcome:
    """Say what is left when nothing speaks against a link: own, or unknown; many reports call for a person."""
    own = bool(case.candidates) and all(one.place.guard in NEVER for one in case.candidates)
    if own:
        return Outcome("own", "none", [], [], [], two=True)
    if corroborated or case.reporters.mails >= MANY:
        targets = distinct_targets(case.candidates)
        return Outcome("looking", "people", ["route-only-reports"], targets, corroborated, two=False)
    return Outcome("cannot-say", "none", [], [], [], two=False)


def enough(evidence: Iterable[Evidence]) -> bool:
    """Whether evidence is of two families that no one cause can fake at once.

    Whoever reports wrote or chose the mail, the link in it too, and can put a name on an outside list: a brand's word
    in the mail and in an honest name (`ideal-standard.nl`) is one forged mail. So the page must speak, or reporters
    with a past or a list beside the name.
    """
    families = _families(evidence)
    return any(pair <= families for pair in PAIRS)


def plain(case: Case) -> tuple[list[Target], str]:
    """Give what a person may warn for who decides on many at once, or nothing and the code of why not.

    For what whoever wrote the mail chose there is nothing: the page must say itself that it imitates a brand, or two
    families must speak that no one cause can fake. What is held from the machine is held here.
    """
    corroborated = corroboration(case.reporters)
    mine = [one for one in case.candidates if one.place.guard not in NEVER]
    saying = [one for one in mine if imitates(one.evidence) or enough([*one.evidence, *corroborated])]
    if not saying:
        return [], "together-no-page"
    if held := _held(saying):
        return [], held[0]
    if any(two_people(one.place) for one in saying):
        return [], "together-two"
    return distinct_targets(saying), ""


def imitates(evidence: Iterable[Evidence]) -> bool:
    """Whether a page says that it is a brand whose it is not."""
    return any(one.code in IMITATES for one in evidence)


def _families(evidence: Iterable[Evidence]) -> set[str]:
    return {one.family for one in evidence if one.code not in WEAK}


def _lacking(spoken: list[Candidate]) -> str:
    """Say what is missing: the page, where mail and name speak already, or any second family."""
    mail_and_name = {"content", "infrastructure"}
    return "route-no-page" if any(mail_and_name <= _families(one.evidence) for one in spoken) else "route-one-family"


def corroboration(reporters: Reporters) -> list[Evidence]:
    """Give what the reporters say together, or nothing: a number of them without a past says nothing."""
    enough_places = reporters.networks >= NETWORKS or reporters.partners >= PARTNERS
    if reporters.weight < CORROBORATED or not enough_places:
        return []
    nl, en = (
        sentence("corroborated", language, sources=reporters.sources, networks=reporters.networks)
        for language in ("nl", "en")
    )
    return [Evidence("corroborated", "corroboration", nl, en)]


def _held(proven: list[Candidate]) -> list[str]:
    """Give why a place is too much others' for a machine to warn for it."""
    found = {refuses(one.place, one.scope) for one in proven} | {code for one in proven for code in one.held}
    return sorted(found - {""})


def _braked(case: Case, targets: list[Target]) -> list[str]:
    new = [one for one in targets if [one.kind, one.name] not in case.live]
    if case.halted and new:
        return ["route-breaker"]
    return ["route-budget"] if len(new) > case.left else []


def distinct(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Give each thing once, in order."""
    return list(dict.fromkeys(evidence))


def distinct_targets(candidates: Iterable[Candidate]) -> list[Target]:
    """Give what warnings would be for, each once."""
    found = {
        (one.scope.kind, one.scope.name): radius(one.place, one.scope)
        for one in candidates
        if one.scope.kind != "none" and one.place.guard not in NEVER
    }
    return [Target(kind, name, hit) for (kind, name), hit in found.items()]


@cache
def rules_version() -> str:
    """Give the version of the rules: of the bytes of all that `weigh` is made of."""
    here, whole = Path(__file__).parent, sha256()
    for name in ("weighing.py", "radius.py", "scope.py", "sentences.toml"):
        whole.update((here / name).read_bytes())
    return whole.hexdigest()[:16]
