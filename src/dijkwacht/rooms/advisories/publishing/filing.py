"""Keep a version that passed the gate: its release, and its documents with hashes and signatures."""

from collections.abc import Sequence

import msgspec

from dijkwacht.rooms.advisories.publishing import csaf, folder, signing
from dijkwacht.rooms.advisories.publishing.gate import Checked
from dijkwacht.rooms.advisories.writing.content import Release
from dijkwacht.rooms.advisories.writing.models import Advisory, Document, Version


def file(row: Advisory, release: Release, checked: Sequence[Checked], *, written_by: str, approved_by: str) -> Version:
    """Keep a version; the one before is no longer the newest, and stays as it is."""
    content = release.content
    Version.objects.filter(advisory=row, newest=True).update(newest=False)
    Document.objects.filter(advisory_id=row.id, newest=True).update(newest=False)
    version = Version.objects.create(
        advisory=row,
        number=release.number,
        version=release.version,
        tlp=content.tlp,
        title_nl=content.title.in_("nl")[:300],
        title_en=content.title.in_("en")[:300],
        urgent=content.urgent,
        withdrawn=release.withdrawn,
        release=msgspec.json.encode(release),
        initial_at=release.initial,
        at=release.current,
        written_by=written_by,
        approved_by=approved_by,
    )
    key, entry = signing.current(), folder.entry_of(release)
    Document.objects.bulk_create(_document(version, release, one, entry, key.sign(one.body)) for one in checked)
    return version


def _document(version: Version, release: Release, one: Checked, entry: folder.Entry, signature: str) -> Document:
    return Document(
        version=version,
        advisory_id=version.advisory_id,
        csaf=one.csaf,
        tlp=version.tlp,
        path=csaf.path(release),
        body=one.body,
        sha256=one.sha256,
        sha512=one.sha512,
        signature=signature,
        entry=msgspec.json.encode(entry),
        terms=list(entry.terms),
        initial_at=release.initial,
        at=release.current,
    )
