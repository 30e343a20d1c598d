"""The form for whoever has no account: paste an address, or hand in a mail or a picture; and the page that answers."""

import re
from typing import Final, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from dijkwacht.api.limits import Buckets
from dijkwacht.kernel.errors import Problem
from dijkwacht.mails.urls import canonical, host_of
from dijkwacht.platform.accounts import origins
from dijkwacht.platform.accounts.permissions import actor_of, public_page
from dijkwacht.rooms.phishing.errors import (
    EmptyFile,
    MailAddress,
    NoAddress,
    NotFound,
    NothingGiven,
    NotReadable,
    TooLarge,
    TooMany,
)
from dijkwacht.rooms.phishing.intake import actions, reads, wrapping
from dijkwacht.rooms.phishing.intake.actions import Handed

REPORTS: Final = Buckets("phishing-reports", 10)  # of a network, in a minute
MAIL: Final = re.compile(r"[^\s@/:?]+@[^\s@/:?]+\.[^\s@/:?]+\Z")
SPACED_DOT: Final = re.compile(r" ?\. ?")
LOOKS: Final = Buckets("phishing-looks", 60)


@public_page("anybody may report what may be phishing; nothing is looked up, so nothing is told about anybody")
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponseBase:
    """Take in an address or a file; then go to the page that answers."""
    problem: Problem | None = None
    if request.method == "POST":
        try:
            made = _take(request)
        except Problem as wrong:
            problem = wrong
        else:
            return HttpResponseRedirect(reverse("phishing:status", args=[reads.secret_of(made)]))
    context = {
        "problem": problem.text(_language()) if problem else "",
        "address": request.POST.get("address", "")[: wrapping.LONGEST_URL],
    }
    return render(request, "phishing/intake/report.html", context, status=problem.status if problem else 200)


def _take(request: HttpRequest) -> UUID:
    origin = origins.address(request)
    typed = request.POST.get("address", "").strip()
    given = request.FILES.get("file")
    if not typed and given is None:
        raise NothingGiven
    file = None
    if given is not None:
        if not given.size:
            raise EmptyFile
        if given.size > wrapping.LARGEST_FILE:
            raise TooLarge(megabytes=wrapping.LARGEST_FILE >> 20)
        try:
            file = wrapping.recognised(given.read(wrapping.LARGEST_FILE + 1))
        except wrapping.Unknown as error:
            raise NotReadable from error
    handed = Handed(
        raw=wrapping.as_mail([checked(typed)] if typed else [], file),
        door="form",
        address=origin,
        language=_language(),
    )
    if REPORTS.take(origins.network_of(origin)).exceeded:
        raise TooMany
    return actions.accept(actor=actor_of(request), handed=handed)


def checked(typed: str) -> str:
    """Give an address that somebody typed, with a scheme.

    Raises MailAddress for an address that mail goes to, and NoAddress for what a browser would not open.
    """
    text = " ".join(typed.split())[: wrapping.LONGEST_URL]
    if MAIL.match(text):
        raise MailAddress(address=text[:80])
    for written in (text, SPACED_DOT.sub(".", text)):
        for one in (written, f"http://{written}" if "." in written else ""):
            host = host_of(found) if (found := canonical(one)) else ""
            if "." in host or host.startswith("["):  # `http://https://…` is a page of the host `https`
                return one
    raise NoAddress(address=text[:80])


@public_page("the address of the page is the proof: whoever reported without account reads the answer there")
@never_cache
@require_safe
def status(request: HttpRequest, phishing_status: str) -> HttpResponse:
    """Say what became of a report."""
    if LOOKS.take(origins.network_of(origins.address(request))).exceeded:
        raise TooMany
    try:
        found = reads.status_of(reads.opened(phishing_status))
    except NotFound as problem:
        raise Http404 from problem
    answer = render(request, "phishing/intake/status.html", {"found": found})
    answer["Referrer-Policy"] = "no-referrer"  # the address is the proof: it must not travel on
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _language() -> Literal["nl", "en"]:
    return "en" if translation.get_language() == "en" else "nl"
