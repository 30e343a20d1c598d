"""What was shared, as its receiver reads it: after signing in, or abroad by the link of the mail."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dijkwacht.api.limits import Buckets
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import origins
from dijkwacht.platform.accounts.permissions import actor_of, public_page, where
from dijkwacht.platform.attachments import attached
from dijkwacht.rooms.reporting import scheduling
from dijkwacht.rooms.reporting.crossing import actions, as_stix, passages, reads, showing_versions
from dijkwacht.rooms.reporting.crossing.models import Disclosure
from dijkwacht.rooms.reporting.errors import AlreadyDone, NotFound, TooMany
from dijkwacht.rooms.reporting.forms import told
from dijkwacht.rooms.reporting.web import door

READ = Buckets("versions-received", 60)  # by an address, in a minute
PAGE = 50


@door("reports:read")
@require_safe
def shared(request: HttpRequest) -> HttpResponseBase:
    """What was shared with the own organisations, newest first."""
    rows = Paginator(reads.shared_with(actor_of(request)), PAGE).get_page(request.GET.get("page"))
    lines = [(row, (row.content or {}).get("facts", {}).get("title", "")) for row in rows]
    return render(request, "reporting/crossing/shared.html", {"rows": lines, "page": rows})


@door("reports:read")
@require_safe
def shared_one(request: HttpRequest, disclosure: UUID) -> HttpResponseBase:
    """One version that was shared, with what was taken out and why; as a file when asked."""
    actor = actor_of(request)
    row = reads.access_shared(actor, disclosure)
    may = row.reader_id in where(actor, "handovers:acknowledge")
    return _shown(request, row, acknowledge=reverse("reporting:shared-acknowledge", args=[row.id]) if may else "")


@door("handovers:acknowledge")
@require_POST
def acknowledge(request: HttpRequest, disclosure: UUID) -> HttpResponseBase:
    """Say that it was received."""
    try:
        actions.acknowledge_disclosure(actor=actor_of(request), disclosure=disclosure)
    except AlreadyDone as problem:
        messages.error(request, told(problem))
    else:
        messages.success(request, _("Thank you: we know that you received it."))
    return HttpResponseRedirect(reverse("reporting:shared-one", args=[disclosure]))


@public_page("the link is the proof: a contact abroad reads by it what was sent to it")
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def received(request: HttpRequest, passage: str) -> HttpResponseBase:
    """A version by its link; looking at it says nothing, the button says that it was received."""
    if READ.take(origins.address(request)).exceeded:
        raise TooMany
    try:
        identifier = passages.opened(passage)
        if request.method == "POST":
            return _acknowledged(request, identifier, passage)
        with tenancy.acting(scheduling.CLERK) as clerk:
            return _shown(request, reads.access_abroad(clerk, identifier), acknowledge=request.path)
    except NotFound as problem:
        raise Http404 from problem


def _acknowledged(request: HttpRequest, identifier: UUID, passage: str) -> HttpResponseBase:
    try:
        actions.acknowledge_by_link(actor=actor_of(request), disclosure=identifier)
    except AlreadyDone as problem:
        messages.error(request, told(problem))
    else:
        messages.success(request, _("Thank you: we know that you received it."))
    return HttpResponseRedirect(reverse("reporting:received", args=[passage]))


def _shown(request: HttpRequest, row: Disclosure, *, acknowledge: str) -> HttpResponseBase:
    content: dict[str, Any] = row.content or {}
    if request.GET.get("form") == "json":
        body = {"number": row.number, "sha256": row.sha256, "removed": row.removed, "content": content}
        made = json.dumps(body, ensure_ascii=False, indent=1).encode() + b"\n"
        return attached(made, "application/json", f"{row.number}.json")
    if request.GET.get("form") == "stix":
        return attached(as_stix.bundle(row), "application/stix+json;version=2.1", f"{row.number}.stix.json")
    context = {
        "row": row,
        "title": content.get("facts", {}).get("title", ""),
        "label": content.get("label", ""),
        "facts": showing_versions.facts(content),
        "removed": showing_versions.removed(row),
        "acknowledge": acknowledge,
    }
    return render(request, "reporting/crossing/received.html", context)
