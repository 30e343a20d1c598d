"""Files in the form of somebody without account: with the first report, and with each next stage."""

from typing import Any

from django.http import HttpRequest

from dijkwacht.rooms.reporting.enclosing import rules
from dijkwacht.rooms.reporting.enclosing.rules import Enclosed


def handed_in(request: HttpRequest) -> list[Enclosed]:
    """Return the files of a form, none read further than shows that it is too large, nor more than show too many."""
    given = request.FILES.getlist("files")[: rules.GUEST_MOST + 1]
    return [Enclosed(one.name or "", one.read(rules.LARGEST + 1)) for one in given]


def asked(request: HttpRequest) -> dict[str, Any]:
    """Return what the field says: its bounds, and whether files were chosen that the page does not keep."""
    megabytes = rules.GUEST_REPORT // rules.MEGABYTE
    return {"most": rules.GUEST_MOST, "megabytes": megabytes, "again": bool(request.FILES)}
