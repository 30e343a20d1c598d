"""From what each item says to what all say together of a matter: MatterFacts. Only rows that were read, no queries."""

from collections.abc import Mapping, Sequence

from dijkwacht.feeds.advisories import model
from dijkwacht.rooms.advisories.facts import MatterFacts, Reference, Said, Score, VulnerabilityFacts
from dijkwacht.rooms.advisories.sourcing import models
from dijkwacht.rooms.advisories.statements import ProductStatement

Pair = tuple[models.Item, model.Item | None]


def public(names: Sequence[str], title: str, pairs: Sequence[Pair]) -> tuple[list[str], str]:
    """Give the names and the title that these items alone would give the matter: what others say may be restricted."""
    told = [one for _, said in pairs if said for one in said.vulnerabilities]
    kept = [name for name in names if name in {one.name for one in told}]
    bundles = [row.title for row, said in pairs if said and len(said.vulnerabilities) > 1] if len(kept) > 1 else []
    ranked = [one.title[:300] for one in sorted(told, key=lambda one: one.rank) if one.title]
    if title in (*bundles, *ranked):
        return kept, title
    return kept, next(iter((*bundles, *ranked, *kept)), "")


def facts_of(
    matter: models.Matter,
    title: str,
    names: Sequence[str],
    pairs: Sequence[Pair],
    chances: Mapping[str, models.Chance],
    statements: Sequence[ProductStatement],
    listed: Sequence[ProductStatement],
) -> MatterFacts:
    """Put together what the items say of each vulnerability of the matter."""
    live = [(row, said) for row, said in pairs if said is not None and not row.withdrawn]
    remedies = {
        (row.source, text): Said(row.source, text, row.language) for row, said in live for text in said.remedies
    }
    links = {one.url: Reference(one.url, one.title, row.source) for row, said in live for one in said.references}
    return MatterFacts(
        matter=matter.id,
        title=title,
        vulnerabilities=tuple(_vulnerability(name, live, chances.get(name)) for name in names),
        statements=tuple(statements),
        listed=tuple(listed),
        remedies=tuple(remedies.values()),
        references=tuple(links.values()),
        first_seen=matter.first_seen,
        last_changed=matter.last_changed,
    )


def _vulnerability(name: str, pairs: Sequence[Pair], chance: models.Chance | None) -> VulnerabilityFacts:
    """What the items say of one vulnerability; the best title first."""
    found = [(row, one) for row, said in pairs if said for one in said.vulnerabilities if one.name == name]
    ordered = sorted(found, key=lambda pair: pair[1].rank)
    scores = {(one.vector, row.source): _score(one, row) for row, named in found for one in named.scores}
    exploited = [named.exploited_since for _, named in found if named.exploited_since]
    alone = [(row, said) for row, said in pairs if said and len(said.vulnerabilities) == 1]
    texts = [(row, text) for row, named in found for text in named.descriptions]
    texts += [(row, text) for row, said in alone if said for text in said.summary if any(row is r for r, _ in found)]
    return VulnerabilityFacts(
        name=name,
        titles=tuple(dict.fromkeys(Said(row.source, one.title, row.language) for row, one in ordered if one.title)),
        descriptions=tuple(dict.fromkeys(Said(row.source, one.text, one.language) for row, one in texts)),
        weaknesses=tuple(dict.fromkeys(weakness for _, one in found for weakness in one.weaknesses)),
        scores=tuple(scores.values()),
        ssvc=tuple(next((one.ssvc for _, one in found if one.ssvc), [])),
        epss=chance.epss if chance else None,
        epss_on=chance.on if chance else None,
        exploited_since=min(exploited, default=None),
        ransomware=any(one.ransomware for _, one in found),
        published=min((one.published for _, one in found if one.published), default=None),
    )


def _score(one: model.Score, row: models.Item) -> Score:
    return Score(one.vector, one.version, one.base, one.source or row.source)
