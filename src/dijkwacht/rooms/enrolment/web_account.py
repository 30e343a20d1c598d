"""An account for whoever has no broker: by mail, with the same answer whether the address was known."""

from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dijkwacht.api.limits import Buckets
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts import origins
from dijkwacht.platform.accounts.actions import apply
from dijkwacht.platform.accounts.permissions import actor_of, public_page
from dijkwacht.rooms.enrolment.errors import TooMany
from dijkwacht.rooms.enrolment.forms import language, told

ASKED: Final = Buckets("accounts-asked", 5)  # by an address, in a minute
ASKED_FOR: Final = Buckets("accounts-asked-for", 1)  # one mail a minute to one address


@public_page("somebody who has no account yet asks for one")
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponseBase:
    """A form for an address; what comes by mail tells the rest."""
    problem, sent, email = "", False, request.POST.get("email", "").strip()[:254]
    if request.method == "POST":
        try:
            _ask(request, email)
            sent = True
        except Problem as refused:
            problem = told(refused)
    context = {"problem": problem, "sent": sent, "email": email, "shown": _("Your e-mail address")}
    return render(request, "enrolment/account.html", context, status=422 if problem else 200)


def _ask(request: HttpRequest, email: str) -> None:
    if ASKED.take(origins.address(request)).exceeded or ASKED_FOR.take(email.lower()).exceeded:
        raise TooMany
    apply(actor=actor_of(request), email=email, language=language())
