"""The pages that belong to no room."""

from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dijkwacht.kernel.actor import Kind
from dijkwacht.platform.accounts.permissions import actor_of, allows, public_page
from dijkwacht.rooms.advisories.publishing import security


@require_safe
@public_page("the front door")
def home(request: HttpRequest) -> HttpResponseBase:
    """Who is known goes to its own first page; everybody else reads what this is."""
    actor = actor_of(request)
    if actor.kind is Kind.ANONYMOUS:
        return render(request, "portal/home.html")
    return redirect(first_page(request))


def first_page(request: HttpRequest) -> str:
    actor = actor_of(request)
    if actor.is_centre:
        return reverse("notification:day")
    if not actor.acts_for:
        return reverse("enrolment:start")
    return reverse("home:mine" if allows(actor, "home:read") else "mine:findings")


@require_safe
@public_page("says what this site is")
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about.html")


@require_safe
@public_page("tells a load balancer that the process runs")
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@public_page("tells a load balancer that the database answers")
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return HttpResponse("ready\n", content_type="text/plain")


@require_safe
@public_page("RFC 9116")
def security_txt(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Where to report a vulnerability (RFC 9116); it expires within a year, so it is made anew each day."""
    expires = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=300)
    lines = [
        f"Contact: mailto:{settings.SECURITY_CONTACT}",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
    ]
    found = security.signed([*lines, *security.csaf_fields()])
    return HttpResponse(found, content_type="text/plain; charset=utf-8")
