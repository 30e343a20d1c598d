"""The published advisories as the part that writes and publishes keeps them."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from dijkwacht.rooms.advisories.delivery import rules
from dijkwacht.rooms.advisories.delivery.published import Published
from dijkwacht.rooms.advisories.publishing import mail
from dijkwacht.rooms.advisories.statements import COLUMNS
from dijkwacht.rooms.advisories.writing import reads as writing
from dijkwacht.rooms.advisories.writing.content import Release
from dijkwacht.rooms.advisories.writing.models import Named, Version

if TYPE_CHECKING:
    import polars as pl

OURS = "dijkwacht"
LANGUAGES = ("nl", "en")


class Shelf:
    """What `published.Library` asks. Read in the scope of the centre."""

    def versions(self, wanted: Iterable[tuple[UUID, int]]) -> Mapping[tuple[UUID, int], Published]:
        """Return the versions asked for; what is not there is left out."""
        rows = list(_rows(wanted))
        named: dict[UUID, set[UUID]] = {row.id: set() for row in rows if row.tlp not in rules.PUBLIC_TLP}
        for version, organisation in Named.objects.filter(version_id__in=list(named)).values_list(
            "version_id", "organisation_id"
        ):
            named[version].add(organisation)
        return {(row.advisory_id, row.version): _published(row, named.get(row.id)) for row in rows}

    def current(self) -> list[tuple[UUID, int]]:
        """Return the newest version of each advisory that is not withdrawn."""
        return list(Version.objects.filter(newest=True, withdrawn=False).values_list("advisory_id", "version"))

    def newest(self, advisory: UUID) -> int | None:
        """Return the newest version of an advisory, withdrawn or not."""
        return Version.objects.filter(advisory_id=advisory, newest=True).values_list("version", flat=True).first()

    def statements(self, wanted: Iterable[tuple[UUID, int]]) -> "pl.DataFrame":
        """Return what these versions say of products, in the columns of `statements`."""
        import polars as pl

        rows = [said for row in _rows(wanted) for said in _said(row)]
        schema = {name: pl.List(pl.String) if name == "models" else pl.String for name in COLUMNS}
        return pl.DataFrame(rows, schema=schema, orient="row")


def _rows(wanted: Iterable[tuple[UUID, int]]) -> QuerySet[Version]:
    pairs = set(wanted)
    known = Version.objects.filter(advisory_id__in={one for one, _ in pairs})
    exact = [row for row, *pair in known.values_list("id", "advisory_id", "version") if tuple(pair) in pairs]
    return Version.objects.filter(id__in=exact)


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
        text={language: mail.text(release, language) for language in LANGUAGES},
        severity=rules.CRITICAL if row.urgent else rules.severity(content.likelihood, content.impact),
        urgent=row.urgent,
        tlp=row.tlp,
        address=release.page,
        withdrawn=row.withdrawn,
        courses={language: tuple(one.text.in_(language) for one in content.courses) for language in LANGUAGES},
        recipients=None if named is None else frozenset(named),
    )


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
