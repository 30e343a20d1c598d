"""/.well-known/csaf/: the folder of a trusted provider. TLP:WHITE and CLEAR for anybody, the rest with a token."""

from typing import Final
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.html import format_html, format_html_join
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from dijkwacht.api.doors import refuse_guessing
from dijkwacht.kernel.actor import Actor
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import origins, second_factor, tokens
from dijkwacht.platform.accounts.permissions import actor_of, allows, public_page
from dijkwacht.rooms.advisories.publishing import folder, served
from dijkwacht.rooms.advisories.publishing.csaf import Csaf
from dijkwacht.rooms.advisories.publishing.served import State
from dijkwacht.rooms.advisories.writing.models import Document
from dijkwacht.rooms.advisories.writing.reads import RECEIVE

FRESH_SECONDS: Final = 60
WHY: Final = "a trusted provider's documents of TLP:CLEAR; other folders ask for a token themselves"
DEEPEST: Final = 2  # year, file


@public_page(WHY)
@require_safe
def well_known(request: HttpRequest, csaf_file: str) -> HttpResponseBase:
    """Answer for one file or folder."""
    parts = csaf_file.split("/")
    if parts[0] not in served.VERSIONS:
        return _beside(request, parts)
    version, name = served.VERSIONS[parts[0]], parts[1] if len(parts) > 1 else ""
    if name in folder.folders(version):
        return _in_folder(request, version, name, parts[2:])
    return _top(request, version, parts[1:])


def _beside(request: HttpRequest, parts: list[str]) -> HttpResponseBase:
    """The first folder, and the keys."""
    if parts == [folder.METADATA]:
        return _top(request, "2.0", parts)
    if parts == [""]:
        return _listing(request, [*(f"{one}/" for one in served.VERSIONS), "openpgp/", folder.METADATA])
    keys = served.public_keys()
    if parts == ["openpgp", ""]:
        return _listing(request, sorted(keys))
    if parts[0] == "openpgp" and len(parts) == DEEPEST and parts[1] in keys:
        return _answer(request, keys[parts[1]], "application/pgp-keys", State(1, None))
    raise Http404


def _top(request: HttpRequest, version: Csaf, parts: list[str]) -> HttpResponseBase:
    """The metadata and the service document, the same for everybody: which folders there are is no secret."""
    names = folder.folders(version)
    if parts == [""]:
        return _listing(request, [*(f"{one}/" for one in names), folder.METADATA, "service.json"])
    now = served.state(served.documents(actor_of(request), version, names[0]))
    found = served.top(version, names, now.updated)
    if len(parts) != 1 or parts[0] not in found:
        raise Http404
    return _answer(request, found[parts[0]], served.JSON, now)


def _in_folder(request: HttpRequest, version: Csaf, name: str, parts: list[str]) -> HttpResponseBase:
    open_ = folder.is_open(version, name)
    actor = actor_of(request) if open_ else _admitted(request)
    if actor is None:  # the same for what is there and for what is not
        refused = HttpResponse(
            "A token with the scope advisories:receive is needed.\n", status=401, content_type=served.TEXT
        )
        refused["WWW-Authenticate"] = 'Bearer realm="csaf"'
        refused["Cache-Control"] = "no-store"
        return refused
    rows = served.documents(actor, version, name)
    if len(parts) == 1 and parts[0]:
        found = served.made(rows, version, name, parts[0], keep=open_)
        if found is not None:
            return _answer(request, found[1], served.media_type(parts[0]), found[0], open_=open_)
    if parts in ([], [""]):
        years = sorted({path[:4] for path in rows.order_by().values_list("path", flat=True)})
        return _listing(request, [*(f"{one}/" for one in years), *served.files(name)], open_=open_)
    return _document(request, rows, parts, open_=open_)


def _document(request: HttpRequest, held: QuerySet[Document], parts: list[str], *, open_: bool) -> HttpResponseBase:
    """A document, what stands beside it, or the list of a year."""
    if len(parts) != DEEPEST or not parts[0].isdigit():
        raise Http404
    if not parts[1]:
        paths = held.filter(path__startswith=f"{parts[0]}/").order_by("path").values_list("path", flat=True)
        names = [one.partition("/")[2] for one in paths]
        if not names:
            raise Http404
        return _listing(request, [f"{one}{kind}" for one in names for kind in BESIDE], open_=open_)
    name, kind = parts[1], ""
    if not name.endswith(".json"):
        name, _, kind = name.rpartition(".")
    one = held.filter(path=f"{parts[0]}/{name}").first()
    if one is None or (kind and kind not in folder.COMPANIONS):
        raise Http404
    content = served.companion(one, kind) if kind else bytes(one.body)
    tag = State(int(one.sha256[:12], 16) + len(kind), one.at)
    return _answer(request, content, served.media_type(parts[1]), tag, open_=open_)


BESIDE: Final = ("", *(f".{one}" for one in folder.COMPANIONS))


def _admitted(request: HttpRequest) -> Actor | None:
    """Give who may read a closed folder: the token in the header, else the session; None for anybody else."""
    header = request.headers.get("Authorization")
    if header is None:
        actor = actor_of(request)
        return actor if allows(actor, RECEIVE) and not second_factor.missing(actor) else None
    scheme, _, presented = header.partition(" ")
    origin = origins.address(request)
    found = tokens.resolve(presented.strip(), origin=origin) if scheme.lower() == "bearer" else None
    if found is None:
        try:
            refuse_guessing(origin)
        except Problem:
            return None
        return None
    tenancy.enter(found)
    return found if allows(found, RECEIVE) else None


def _answer(
    request: HttpRequest, content: bytes, media_type: str, state: State, *, open_: bool = True
) -> HttpResponseBase:
    tag = f'"{state.tag}"'
    given = request.headers.get("If-None-Match", "")
    same = tag in {one.strip().removeprefix("W/") for one in given.split(",")}
    answer: HttpResponse = HttpResponseNotModified() if same else HttpResponse(content, content_type=media_type)
    answer["ETag"] = tag
    answer["Last-Modified"] = http_date(state.updated.timestamp())
    return _cached(answer, open_=open_)


def _cached(answer: HttpResponse, *, open_: bool) -> HttpResponse:
    """What is open may be kept and read by any page of the web; the rest by nobody but who asked."""
    if open_:
        answer["Access-Control-Allow-Origin"] = "*"
        answer["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    else:
        answer["Cache-Control"] = "private, no-store"
        answer["Vary"] = "Authorization, Cookie"
    return answer


def _listing(request: HttpRequest, names: list[str], *, open_: bool = True) -> HttpResponse:
    """A plain list for people, made here (requirement 14); the names are ours, and are escaped all the same."""
    links = format_html_join("\n", '<li><a href="{}">{}</a></li>', ((quote(one), one) for one in names))
    page = format_html(
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{}</title></head>\n'
        "<body><h1>{}</h1>\n<ul>\n{}\n</ul></body></html>\n",
        request.path,
        request.path,
        links,
    )
    return _cached(HttpResponse(page, content_type="text/html; charset=utf-8"), open_=open_)
