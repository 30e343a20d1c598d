"""The list for everybody: the page that says how to follow it, and the files."""

import logging
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.shortcuts import render
from django.utils.http import http_date, parse_http_date_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from dijkwacht.platform.accounts.permissions import public_page
from dijkwacht.rooms.phishing.listing import publishing
from dijkwacht.rooms.phishing.listing.errors import NotPublishedYet
from dijkwacht.rooms.phishing.listing.formats import BY_FILE, FORMATS
from dijkwacht.rooms.phishing.listing.publishing import Published

logger = logging.getLogger(__name__)
FRESH_SECONDS: Final = 60  # a follower that asks more often hears the same
RETRY_SECONDS: Final = 5  # before the first files stand
FOR: Final = {
    "rpz": _("resolvers: a response policy zone with everything"),
    "rpz-hot": _("resolvers: a response policy zone with what is new"),
    "hosts": _("a hosts file"),
    "ublock": _("browsers: uBlock Origin, AdGuard"),
    "txt": _("names and URLs, a line each"),
    "csv": _("spreadsheets, with when each came and went"),
    "json": _("programs, with when each came and went"),
    "stix": _("threat intelligence platforms: STIX 2.1"),
    "misp": _("MISP: everything in one file"),
    "suricata": _("Suricata: a dataset of hosts"),
}


@public_page("the list protects whoever follows it; it names nobody")
@require_safe
def about(request: HttpRequest) -> HttpResponseBase:
    """What the list is, its formats, how to follow it, what to do when something is on it by mistake."""
    with publishing.reading():
        state, counts = publishing.about(), publishing.counts()
    counts["below"] = counts["name"] + counts["domain"]
    files = [{"file": form.file, "what": gettext(FOR[name])} for name, form in FORMATS.items()]
    return render(request, "phishing/list_public.html", {"state": state, "counts": counts, "files": files})


@public_page("the list protects whoever follows it; it names nobody")
@require_safe
def download(request: HttpRequest, list_file: str) -> HttpResponseBase:
    """One file of the list, zipped when the asker takes that; 304 when it has this state already."""
    if (name := BY_FILE.get(list_file)) is None:
        raise Http404
    try:
        found = publishing.published(name)
    except NotPublishedYet as early:
        return not_yet(early)
    answer = not_modified(request, found) or _content(request, found, FORMATS[name].media_type)
    return described(answer, found)


@public_page("the list protects whoever follows it; it names nobody")
@require_safe
def misp(request: HttpRequest, misp_file: str) -> HttpResponseBase:
    """The manifest of the MISP feed, or the event of one day."""
    try:
        found = publishing.published("misp")
    except NotPublishedYet as early:
        return not_yet(early)
    if (same := not_modified(request, found)) is not None:
        return described(same, found)
    if (part := found.part(misp_file)) is None:
        raise Http404
    return described(HttpResponse(part, content_type="application/json"), found)


def not_yet(early: NotPublishedYet) -> HttpResponse:
    """Say to a program when to ask again (RFC 9110, 10.2.3): nothing is made while somebody waits."""
    answer = HttpResponse(early.text(), status=early.status, content_type="text/plain; charset=utf-8")
    answer["Retry-After"] = str(RETRY_SECONDS)
    answer["Cache-Control"] = "no-store"
    answer._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - as an error; it is none
    logger.info("phishing list: %s", early.text())
    return answer


def not_modified(request: HttpRequest, found: Published) -> HttpResponse | None:
    """Give a 304 when the asker holds this state: by its ETag, else by its date (RFC 9110, 13.1)."""
    given = request.headers.get("If-None-Match")
    if given is not None:
        tags = {one.strip().removeprefix("W/") for one in given.split(",")}
        return HttpResponseNotModified() if tags & {found.etag, "*"} else None
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    same = since is not None and int(found.changed_at.timestamp()) <= since
    return HttpResponseNotModified() if same else None


def described(answer: HttpResponse, found: Published) -> HttpResponse:
    """Say which state of the list an answer holds."""
    answer["ETag"] = f"W/{found.etag}"  # weak: zipped and plain are the same list
    answer["Last-Modified"] = http_date(found.changed_at.timestamp())
    answer["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    answer["Vary"] = "Accept-Encoding"
    answer.same_for_all = True  # type: ignore[attr-defined] # public.CookielessMiddleware: a cache keeps one for all
    answer["List-Serial"] = str(found.serial)
    return answer


def _content(request: HttpRequest, found: Published, media_type: str) -> HttpResponse:
    if request.method == "HEAD":
        return HttpResponse(content_type=media_type)
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(found.path.read_bytes(), content_type=media_type)
    return HttpResponse(found.zipped.read_bytes(), content_type=media_type, headers={"Content-Encoding": "gzip"})
