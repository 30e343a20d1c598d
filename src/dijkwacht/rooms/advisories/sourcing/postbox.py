"""The mailbox of sources: mails of vendors and partners become items, and leave the mailbox once they are kept.

A mail that came in and was not removed yet is known by its hash the next time. What cannot be read is set aside with
its bytes, as a file would be.
"""

from typing import Final

import structlog
from django.conf import settings
from django.utils import timezone

from dijkwacht.feeds.advisories.bounds import LARGEST
from dijkwacht.platform import mailbox, tenancy
from dijkwacht.platform.mailbox import Box, Unusable
from dijkwacht.rooms.advisories.sourcing import actions, models, scheduling
from dijkwacht.rooms.advisories.sourcing.known import sources
from dijkwacht.rooms.advisories.sourcing.reading import BY_KIND, File

log = structlog.get_logger()
SLUG: Final = BY_KIND["mail"]
AT_ONCE: Final = 20  # mails of one taking in


def poll(box: Box | None = None) -> models.SourceState:
    """Take in what is in the mailbox, and note how it went on the page of sources. Never raises for its server."""
    taken, error = 0, ""
    with tenancy.acting(scheduling.FETCHER):
        models.SourceState.objects.update_or_create(slug=SLUG, defaults={"tried_at": timezone.now(), "asked": False})
    try:
        taken = take_all(box or Box.of_url(settings.ADVISORY_IMAP, "DIJKWACHT_ADVISORY_IMAP"))
    except Unusable as problem:
        error = str(problem)
    except OSError as problem:  # the line broke, or the disk is full: what was not kept is still in the mailbox
        error = f"{type(problem).__name__}: {problem}"
    return scheduling.noted(sources()[SLUG], taken, error)


def take_all(box: Box) -> int:
    """Take in every mail and remove it there; give how many items are new. Raises Unusable, OSError."""
    with mailbox.opened(box) as server:
        waiting, taken = list(mailbox.sizes(server).items()), 0
        for start in range(0, len(waiting), AT_ONCE):
            found: dict[int, bytes] = {}
            for uid, size in waiting[start : start + AT_ONCE]:
                if size > LARGEST:
                    log.warning("advisories: a mail in the mailbox is too large and stays there", uid=uid, bytes=size)
                elif (raw := mailbox.raw(server, uid)) is not None:
                    found[uid] = raw
            files = [File(f"{box.folder} {uid}", raw) for uid, raw in found.items()]
            report = actions.ingest(actor=scheduling.FETCHER, files=files, source=SLUG)
            taken += report.new + report.changed
            mailbox.remove(server, found)
    return taken
