"""Files of one report for many customers: their bytes stand once, sealed; each report has a row of its own."""

from collections.abc import Sequence
from uuid import UUID

from dijkwacht.rooms.reporting.customers.models import ProviderFiling, SharedFile
from dijkwacht.rooms.reporting.enclosing import rules
from dijkwacht.rooms.reporting.enclosing.rules import Enclosed, Shared
from dijkwacht.rooms.reporting.errors import AttachmentNotAllowed


def kept(owner: UUID, event: UUID, given: Sequence[Enclosed]) -> list[UUID]:
    """Keep the files of a submission; give their identifiers. Raises AttachmentNotAllowed, before anything is filed."""
    before = sum(len(one) for one in ProviderFiling.objects.filter(event=event).values_list("files", flat=True))
    new = list({(one.sha256, one.name): one for one in given}.values())
    if any(not 0 < one.size <= rules.LARGEST for one in new) or (new and before + len(new) > rules.MOST):
        raise AttachmentNotAllowed(megabytes=rules.LARGEST // rules.MEGABYTE, most=rules.MOST)
    made = []
    for one in new:
        row = SharedFile(owner_id=owner)
        row.keep(one.name, one.content)
        row.save(force_insert=True)
        made.append(row.id)
    return made


def of_filing(filing: ProviderFiling) -> list[Shared]:
    """Return the files of a submission, in the order in which they came; their bytes stay where they are."""
    rows = {one.id: one for one in SharedFile.objects.filter(id__in=filing.files).defer("content_sealed")}
    return [Shared(one.name, one.size, one.sha256, one.id) for one in map(rows.get, filing.files) if one]


def of_event(event: UUID) -> list[SharedFile]:
    """Return the files of an event that was read, without content, oldest first."""
    held = ProviderFiling.objects.filter(event=event).values_list("files", flat=True)
    wanted = [one for files in held for one in files]
    return list(SharedFile.objects.filter(id__in=wanted).defer("content_sealed"))
