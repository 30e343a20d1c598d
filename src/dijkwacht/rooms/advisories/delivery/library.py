"""The published advisories as the part that writes and publishes keeps them."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet

from dijkwacht.rooms.advisories.delivery import rules
from dijkwacht.rooms.advisories.delivery.published import Published
from dijkwacht.rooms.advisories.statements import COLUMNS
from dijkwacht.rooms.advisories.writing import reads as writing
from dijkwacht.rooms.advisories.writing.content import Content, Release
from dijkwacht.rooms.advisories.writing.models import Recipient, Version

if TYPE_CHECKING:
    import polars as pl

OURS = "dijkwacht"
LANGUAGES = ("nl", "en")
HEADS = {"nl": ("Wat er is", "Wie dit treft", "Wat u kunt doen"), "en": ("What it is", "Who is affected", "What to do")}


class Shelf:
    """What `published.Library` asks. Read in the scope of the centre."""

    def versions(self, wanted: Iterable[tuple[UUID, int]]) -> Mapping[tuple[UUID, int], Published]:
        """Return the versions asked for; what is not there is left out."""
        rows = list(_rows(wanted))
        above = [row.advisory_id for row in rows if row.tlp not in rules.PUBLIC_TLP]
        named: dict[UUID, set[UUID]] = {one: set() for one in above}
        for advisory, organisation in Recipient.objects.filter(advisory_id__in=above).values_list(
            "advisory_id", "organisation_id"
        ):
            named[advisory].add(organisation)
        return {(row.advisory_id, row.version): _published(row, named.get(row.advisory_id)) for row in rows}

    def current(self) -> list[tuple[UUID, int]]:
        """Return the newest version of each advisory that is not withdrawn."""
        return list(Version.objects.filter(newest=True, withdrawn=False).values_list("advisory_id", "version"))

    def statements(self, wanted: Iterable[tuple[UUID, int]]) -> "pl.DataFrame":
        """Return what these versions say of products, in the columns of `statements`."""
        import polars as pl

        rows = [said for row in _rows(wanted) for said in _said(row)]
        schema = {name: pl.List(pl.String) if name == "models" else pl.String for name in COLUMNS}
        return pl.DataFrame(rows, schema=schema, orient="row")


def _rows(wanted: Iterable[tuple[UUID, int]]) -> QuerySet[Version]:
    pairs = list(wanted)
    found = Version.objects.filter(advisory_id__in={one for one, _ in pairs}, version__in={two for _, two in pairs})
    exact = Q(pk__in=[])
    for advisory, version in pairs[:500]:  # the few that a letter or a run is about
        exact |= Q(advisory_id=advisory, version=version)
    return found.filter(exact) if len(pairs) <= 500 else found  # noqa: PLR2004


def _published(row: Version, named: set[UUID] | None) -> Published:
    release = writing.release_of(row)
    content = release.content
    return Published(
        advisory=row.advisory_id,
        version=row.version,
        number=row.number,
        published_at=row.at,
        title={language: content.title.in_(language) for language in LANGUAGES},
        summary={language: content.summary.in_(language) for language in LANGUAGES},
        text={language: _text(content, language) for language in LANGUAGES},
        severity=rules.CRITICAL if row.urgent else rules.severity(content.likelihood, content.impact),
        urgent=row.urgent,
        tlp=row.tlp,
        address=release.page,
        withdrawn=row.withdrawn,
        courses={language: tuple(one.text.in_(language) for one in content.courses) for language in LANGUAGES},
        recipients=None if named is None else frozenset(named),
    )


def _text(content: Content, language: str) -> str:
    """The advisory as plain text."""
    heads = HEADS[language]
    courses = [f"- {one.text.in_(language)}" + (f" ({one.url})" if one.url else "") for one in content.courses]
    parts = [content.summary.in_(language)]
    parts += [f"{heads[0]}\n{content.what.in_(language)}"] if content.what.in_(language) else []
    parts += [f"{heads[1]}\n{content.affected.in_(language)}"] if content.affected.in_(language) else []
    parts += ["\n".join([heads[2], *courses])] if courses else []
    parts += ["\n".join(f"- {link.title}: {link.url}" for link in content.references)] if content.references else []
    return "\n\n".join(parts)


def _said(row: Version) -> Iterable[tuple[object, ...]]:
    release: Release = writing.release_of(row)
    remedy = "\n".join(one.text.en or one.text.nl for one in release.content.courses)
    for vulnerability in release.content.vulnerabilities:
        for line in vulnerability.lines:
            yield (
                OURS,
                str(row.advisory_id),
                vulnerability.name,
                line.vendor,
                line.product,
                line.version,
                str(line.notation),
                str(line.status),
                line.cpe,
                line.purl,
                list(line.models),
                remedy,
            )
