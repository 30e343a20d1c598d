"""Pages for everybody: the advisories of TLP:CLEAR, each as page, PDF and text, and their Atom feed.

Who signed in reads there too what reaches it above TLP:CLEAR; for others that is not there.
"""

from typing import Final
from xml.etree import ElementTree as ET

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.shortcuts import render
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from dijkwacht.kernel.actor import ANONYMOUS
from dijkwacht.platform.accounts.permissions import actor_of, public_page
from dijkwacht.platform.refusals import language, refusals_as_pages
from dijkwacht.rooms.advisories.publishing import folder, mail, pdf, showing, standing
from dijkwacht.rooms.advisories.publishing.csaf import VERSIONS, path, stamp
from dijkwacht.rooms.advisories.writing import reads
from dijkwacht.rooms.advisories.writing.content import Release
from dijkwacht.rooms.advisories.writing.models import Version

WHY: Final = "advisories of TLP:CLEAR are for everybody; who signed in reads besides what may reach it"
A_PAGE: Final = 50
IN_FEED: Final = 50
FRESH_SECONDS: Final = 60
ATOM: Final = "http://www.w3.org/2005/Atom"


def _version(request: HttpRequest, number: str) -> Version:
    """Give a version that may reach whoever asks: without sign-in TLP:CLEAR. Raises AdvisoryNotFound, Http404."""
    asked = request.GET.get("version", "")
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) < 6):  # noqa: PLR2004
        raise Http404
    return reads.published(actor_of(request), number, int(asked) if asked else None)


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in {"nl", "en"} else language()


def _fresh(answer: HttpResponse, *, by_reader: bool) -> HttpResponse:
    """Say how long it may be kept. A page names who is signed in, or is for few: that copy is nobody else's."""
    answer["Cache-Control"] = "private, no-store" if by_reader else f"public, max-age={FRESH_SECONDS}"
    return answer


def _signed_in(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def _held(request: HttpRequest, row: Version, what: str) -> tuple[str, HttpResponse | None]:
    tag = f'"{row.id.hex[:16]}-{what}"'
    given = {one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")}
    return tag, HttpResponseNotModified() if tag in given else None


@public_page(WHY)
@require_safe
def advisories(request: HttpRequest) -> HttpResponseBase:
    """All advisories that may reach whoever asks, the one changed last first."""
    words, urgent = request.GET.get("q", "")[:200].strip(), request.GET.get("urgent") == "yes"
    rows = reads.listed(actor_of(request), words=words, urgent=urgent)
    found = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    nl = language() == "nl"
    shown = [(one, one.title_nl if nl else one.title_en) for one in found]
    context = {"page": found, "rows": shown, "asked": {"q": words, "urgent": urgent}}
    return _fresh(render(request, "advisories/public.html", context), by_reader=_signed_in(request))


@public_page(WHY)
@require_safe
@refusals_as_pages
def advisory(request: HttpRequest, advisory_number: str) -> HttpResponseBase:
    """One advisory, in the newest version or the one that is asked for."""
    row = _version(request, advisory_number)
    release = reads.release_of(row)
    shown = showing.show(release, language())
    base = standing.base()
    documents = [
        (version, f"{base}/{folder.root(version)}/{folder.FOLDERS[version][row.tlp]}/{path(release)}")
        for version in VERSIONS
    ]
    context = {"row": row, "shown": shown, "words": pdf.words(language()), "documents": documents}
    answer = render(request, "advisories/public_one.html", context)
    return _fresh(answer, by_reader=_signed_in(request))


@public_page(WHY)
@require_safe
@refusals_as_pages
def as_pdf(request: HttpRequest, advisory_number: str) -> HttpResponseBase:
    """The PDF of an advisory."""
    row = _version(request, advisory_number)
    tag, same = _held(request, row, f"pdf-{_language(request)}")
    content = b"" if same else pdf.pdf(reads.release_of(row), _language(request))
    answer = same or HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{row.number.lower()}-{row.version}-{_language(request)}.pdf"'
    answer["ETag"] = tag
    return _fresh(answer, by_reader=row.tlp != "CLEAR")


@public_page(WHY)
@require_safe
@refusals_as_pages
def as_text(request: HttpRequest, advisory_number: str) -> HttpResponseBase:
    """The text of the mail about an advisory."""
    row = _version(request, advisory_number)
    release = reads.release_of(row)
    asked = _language(request)
    content = f"Subject: {mail.subject(release, asked)}\n\n{mail.text(release, asked)}"
    answer = HttpResponse(content, content_type="text/plain; charset=utf-8")
    return _fresh(answer, by_reader=row.tlp != "CLEAR")


@public_page(WHY)
@require_safe
def feed(request: HttpRequest) -> HttpResponseBase:
    """The advisories changed last as an Atom feed (RFC 4287), in the language that is asked for."""
    asked = _language(request)
    rows = list(reads.listed(ANONYMOUS)[:IN_FEED])
    updated = rows[0].at if rows else None
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": asked})
    own = f"{settings.BASE_URL}/advisories/feed.atom?language={asked}"
    for name, text in (("id", own), ("title", f"{settings.CENTRE_NAME}: advisories"), ("updated", _stamp(rows))):
        ET.SubElement(root, name).text = text
    ET.SubElement(root, "link", {"rel": "self", "href": own})
    ET.SubElement(ET.SubElement(root, "author"), "name").text = settings.CENTRE_NAME
    for row in rows:
        _entry(root, reads.release_of(row), asked)
    content = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    answer = HttpResponse(content, content_type="application/atom+xml; charset=utf-8")
    if updated is not None:
        answer["Last-Modified"] = http_date(updated.timestamp())
    return _fresh(answer, by_reader=False)


def _stamp(rows: list[Version]) -> str:
    return stamp(rows[0].at) if rows else "1970-01-01T00:00:00Z"


def _entry(root: ET.Element, release: Release, asked: str) -> None:
    entry = ET.SubElement(root, "entry")
    told = release.history[-1].summary if release.withdrawn else release.content.summary
    for name, text in (
        ("id", release.page),
        ("title", f"{release.number} [{release.version}] {release.content.title.in_(asked)}"),
        ("published", stamp(release.initial)),
        ("updated", stamp(release.current)),
        ("summary", told.in_(asked)),
    ):
        ET.SubElement(entry, name).text = text
    ET.SubElement(entry, "link", {"rel": "alternate", "href": release.page})


def as_json(release: Release) -> dict[str, object]:
    """Give an advisory for the API: both languages, and where its documents are."""
    content = release.content
    base = standing.base()
    return {
        "number": release.number,
        "version": release.version,
        "published": release.initial,
        "changed": release.current,
        "withdrawn": release.withdrawn,
        "tlp": content.tlp,
        "title": {"nl": content.title.in_("nl"), "en": content.title.in_("en")},
        "summary": {"nl": content.summary.in_("nl"), "en": content.summary.in_("en")},
        "likelihood": content.likelihood,
        "impact": content.impact,
        "label": content.label,
        "urgent": content.urgent,
        "vulnerabilities": [one.name for one in content.vulnerabilities],
        "courses": [{"nl": one.text.in_("nl"), "en": one.text.in_("en"), "url": one.url} for one in content.courses],
        "page": release.page,
        "csaf": {
            one: f"{base}/{folder.root(one)}/{folder.FOLDERS[one][content.tlp]}/{path(release)}" for one in VERSIONS
        },
    }
