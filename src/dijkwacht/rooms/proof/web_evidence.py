"""What an organisation sends the centre to show that an asset is its own: the form, and the files as downloads."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.platform.attachments import LARGEST
from dijkwacht.platform.refusals import attempt, refusals_as_pages
from dijkwacht.rooms.proof import actions, reads


@page("assets:write")
@refusals_as_pages
@require_POST
def send(request: HttpRequest, asset: UUID) -> HttpResponseBase:
    """Send words, a file or both about an asset."""
    file = request.FILES.get("file")
    content = file.read(LARGEST + 1) if file is not None else None
    attempt(
        request,
        lambda: actions.send_evidence(
            actor=actor_of(request),
            asset=asset,
            words=request.POST.get("words", ""),
            name=(file.name or "") if file is not None else "",
            content=content,
        ),
        _("It is sent. An officer looks at it, and you read the answer here."),
    )
    return HttpResponseRedirect(reverse("proof:asset", args=[asset]) + "#way-officer")


@page("organisations:read")
@refusals_as_pages
@require_safe
def piece(request: HttpRequest, piece: UUID) -> HttpResponseBase:
    """A file that was sent, for its organisation and for the centre: a download, never shown."""
    return reads.access_piece(actor_of(request), piece).as_download()
