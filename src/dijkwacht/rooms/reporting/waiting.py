"""What of this room waits for a person."""

from collections.abc import Iterator
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.waiting import Waiting
from dijkwacht.rooms.reporting import desk


def _incidents(actor: Actor) -> Iterator[Waiting]:
    """The desk of the incidents: terms that have ended before everything else. One query for all."""
    if allows(actor, "incidents:read"):
        counts, page = desk.counted(actor), reverse("reporting:queue")
        yield Waiting(counts["late"], _("incidents with a term that ended"), page, urgent=True)
        yield Waiting(counts["unanswered"], _("incidents that no person answered yet"), page, urgent=True)
        if counts["left"]:
            yield Waiting(counts["left"], _("incidents of whoever left the register"), page)


WAITING: Final = (_incidents,)
