"""Files of a draft: a note of its writer, as the draft is. Nothing is handed in until it is sent, nothing is logged."""

from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting import reads
from dijkwacht.rooms.reporting.enclosing import rules
from dijkwacht.rooms.reporting.enclosing.models import DraftFile
from dijkwacht.rooms.reporting.enclosing.rules import Enclosed
from dijkwacht.rooms.reporting.enclosing.with_reports import own_files
from dijkwacht.rooms.reporting.errors import AttachmentNotAllowed, DraftsTooLarge, NotFound
from dijkwacht.rooms.reporting.models import Draft
from dijkwacht.rooms.reporting.scheduling import CLERK


@transaction.atomic
def enclose(actor: Actor, draft: UUID, given: Enclosed) -> DraftFile:
    """Keep a file with a draft; the same bytes are kept once. Raises NotFound, AttachmentNotAllowed, DraftsTooLarge."""
    row = Draft.objects.select_for_update().filter(id=reads.access_draft(actor, draft).id).first()  # one at a time
    if row is None:  # sent by another request while this one waited
        raise NotFound
    digest = sha256(given.content).hexdigest()
    if (there := files_of(row).filter(sha256=digest).first()) is not None:
        return there
    if not 0 < len(given.content) <= rules.LARGEST or files_of(row).count() + _sent_before(row) >= rules.MOST:
        raise AttachmentNotAllowed(megabytes=rules.LARGEST // rules.MEGABYTE, most=rules.MOST)
    if _held(row.account) + len(given.content) > rules.ACCOUNT:
        raise DraftsTooLarge(megabytes=rules.ACCOUNT // rules.MEGABYTE)
    made = DraftFile(draft=row, account=row.account)
    made.keep(given.name, given.content)
    made.save(force_insert=True)
    Draft.objects.filter(id=row.id).update(updated_at=timezone.now())
    return made


def files_of(draft: Draft) -> QuerySet[DraftFile]:
    """Return the files of a draft that was read, without their content, in the order in which they came."""
    return DraftFile.objects.filter(draft=draft).defer("content_sealed").order_by("at", "id")


def enclosed_in(draft: Draft) -> list[Enclosed]:
    """Return the files of a draft, with their content."""
    return [Enclosed(one.name, one.content()) for one in DraftFile.objects.filter(draft=draft).order_by("at", "id")]


def take_out(actor: Actor, draft: UUID, file: UUID) -> None:
    """Throw a file of a draft away. Raises NotFound."""
    gone, _rows = DraftFile.objects.filter(draft=reads.access_draft(actor, draft), id=file).delete()
    if not gone:
        raise NotFound


def _held(account: UUID) -> int:
    return DraftFile.objects.filter(account=account).aggregate(held=Sum("size"))["held"] or 0


def _sent_before(draft: Draft) -> int:
    """Return how many files the incident of a draft has already."""
    if draft.incident_id is None:
        return 0
    with tenancy.acting(CLERK):
        return own_files(draft.incident_id).count()
