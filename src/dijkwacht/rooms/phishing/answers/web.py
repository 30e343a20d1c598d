"""The page of the opt-out link in an answer."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.permissions import public_page
from dijkwacht.rooms.phishing.answers import actions, letters

REASON: Final = "a reporter opts out of answers with the signed link of one, without signing in"


@public_page(REASON)
@never_cache
@csrf_exempt  # one POST of a mail program is enough (RFC 8058); whoever holds the link holds what it does
@require_http_methods(["GET", "HEAD", "POST"])
def opt_out(request: HttpRequest, opt_out: str) -> HttpResponse:
    """Show what will happen; do it when asked to. A scanner that follows links in mails does nothing by it."""
    source = letters.source_of(opt_out)
    if source is not None and request.method == "POST":
        with tenancy.acting(actions.POSTMAN):
            actions.opt_out(actor=actions.POSTMAN, source=source)
    context = {"known": source is not None, "done": request.method == "POST"}
    answer = render(request, "phishing/answers/opt_out.html", context, status=404 if source is None else 200)
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
