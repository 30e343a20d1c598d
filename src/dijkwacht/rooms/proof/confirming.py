"""The page behind the link in a proof mail: no sign-in, GET only shows, POST acts, once.

Mail scanners open every link, so opening one changes nothing. The link is the proof that a form is ours.
"""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from dijkwacht.kernel.actor import Actor, Kind, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.origins import address
from dijkwacht.platform.accounts.permissions import public_page
from dijkwacht.rooms.proof import actions, mails
from dijkwacht.rooms.proof.errors import NotLive
from dijkwacht.rooms.proof.models import Challenge
from dijkwacht.rooms.proof.vocabulary import Method, State

REASON: Final = "whoever reads a role address answers with the link of the own mail, without signing in"
DOORKEEPER: Final = system("proof:mail")
LONGEST: Final = 60  # characters of a link's secret; ours have 43


@public_page(REASON)
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether an asset is an organisation's, and take the answer. One page for every link that does not open."""
    row = _opened(token)
    if row is None:
        return render(request, "proof/confirm_closed.html", status=404)
    context = {"row": row, "asset": row.asset, "organisation": row.organisation, "centre": settings.CENTRE_NAME}
    if request.method != "POST":
        return render(request, "proof/confirm.html", context)
    answer = {"yes": actions.confirm_mail, "no": actions.deny_mail}.get(request.POST.get("answer", ""))
    if answer is None:
        return render(request, "proof/confirm.html", {**context, "wrong": True}, status=422)
    actor = Actor(kind=Kind.LINK, id=f"proof:{row.id}", origin=address(request))
    try:
        with tenancy.acting(DOORKEEPER):
            answer(actor=actor, challenge=row.id)
    except NotLive:
        return render(request, "proof/confirm_closed.html", status=404)
    return render(request, "proof/confirm_done.html", {**context, "yes": answer is actions.confirm_mail})


def _opened(token: str) -> Challenge | None:
    """Return the challenge of a link that works still."""
    if len(token) > LONGEST or not token.isascii():
        return None
    with tenancy.acting(DOORKEEPER):
        rows = Challenge.objects.select_related("asset", "organisation").filter(
            token_digest=mails.digest(token), method=Method.MAIL, state=State.OPEN, expires_at__gt=timezone.now()
        )
        return rows.first()
