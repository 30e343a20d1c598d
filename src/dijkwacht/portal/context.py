"""What every page of the portal needs."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from dijkwacht.kernel.actor import Actor, Kind
from dijkwacht.platform.accounts import organisations
from dijkwacht.platform.accounts.permissions import allows

# Who a part of the menu is for, and its pages: name, title, the permission that opens it. A part is called after the
# first of its pages that the reader may open; the others stand below it while one of them is open.
MENU: Final = (
    ("centre", (("notification:day", _("Today"), "day:read"),)),
    (
        "centre",
        (
            ("notification:findings", _("Findings"), "findings:read"),
            ("notification:batches", _("Batches"), "batches:read"),
            ("notification:feeds", _("Feeds"), "feeds:read"),
            ("notification:decisions", _("Decisions"), "decisions:read"),
        ),
    ),
    (
        "centre",
        (
            ("notification:notices", _("Notices"), "notices:read"),
            ("notification:held", _("Held"), "notices:release"),
            ("notification:calls", _("To call"), "notices:release"),
            ("notification:answers", _("Answers"), "notices:release"),
            ("notification:campaigns", _("Campaigns"), "campaigns:write"),
            ("notification:proposals", _("What-if"), "policy:approve"),
        ),
    ),
    (
        "centre",
        (
            ("reporting:queue", _("Incidents"), "incidents:read"),
            ("reporting:duty", _("On call"), "duty:write"),
        ),
    ),
    (
        "centre",
        (
            ("registry:organisations", _("Organisations"), "registry:write"),
            ("proof:waiting", _("Proofs"), "registry:write"),
            ("enrolment:registrations", _("Registrations"), "registrations:decide"),
            ("linkage:merges", _("Merging"), "linkage:read"),
        ),
    ),
    ("centre", (("phishing:dashboard", _("Shield"), "phishing:read"),)),
    ("centre", (("advisories:matters", _("Advisories"), "advisories:read"),)),
    ("centre", (("knowledge:desk", _("Measures"), "knowledge:write"),)),
    ("centre", (("notification:figures", _("Figures"), "figures:read"), ("audit", _("Audit log"), "audit:read"))),
    ("demo", (("outbox:mailbox", _("Demo mailbox"), "day:read"),)),
    ("organisation", (("home:mine", _("Home"), "home:read"),)),
    ("organisation", (("reporting:start", _("Report an incident"), "reports:write"),)),
    (
        "organisation",
        (
            ("mine:findings", _("My findings"), "findings:read"),
            ("mine:notices", _("My notices"), "notices:read"),
        ),
    ),
    (
        "organisation",
        (
            ("advisories:mine", _("My advisories"), "inventory:read"),
            ("advisories:inventories", _("What we run"), "inventory:read"),
        ),
    ),
    ("organisation", (("reporting:shared", _("Shared with me"), "reports:read"),)),
    (
        "organisation",
        (
            ("mine:members", _("My members"), "relay:read"),
            ("advisories:members", _("Members' advisories"), "relay:read"),
        ),
    ),
    ("organisation", (("registry:sectors", _("My sectors"), "sectors:read"),)),
    ("organisation", (("reporting:queue", _("Incidents"), "incidents:read"),)),
    (
        "organisation",
        (
            ("registry:mine", _("My organisation"), "organisations:read"),
            ("proof:mine", _("My addresses"), "organisations:read"),
        ),
    ),
)
Page = dict[str, Any]  # address, title, current


ACCOUNT: Final = (
    ("mfa_index", _("Second factor"), "account:use"),
    ("account_change_password", _("Password"), "account:use"),
    ("enrolment:start", _("Register an organisation"), "registration:write"),
    ("account_organisations", _("Organisations I act for"), "account:use"),
    ("account_people", _("People"), "accounts:write"),
    ("account_mandates", _("Mandates to act"), "mandates:write"),
    ("account_tokens", _("API tokens"), "tokens:write"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    actor: Actor | None = getattr(request, "actor", None)
    known = actor is not None and actor.kind is not Kind.ANONYMOUS
    return {
        "actor": actor,
        "centre_name": settings.CENTRE_NAME,
        "demo": settings.DEMO,
        "mine_address": reverse("registry:mine"),
        "account_links": account_links(actor) if known and actor else [],
        "navigation": navigation(actor, request.path) if known and actor else [],
        "working_for": working_for(request, actor) if known and actor else "",
    }


def working_for(request: HttpRequest, actor: Actor) -> str:
    """For whom somebody who acts for many works now; empty for everybody else."""
    whole: Actor = getattr(request, "whole_actor", actor)
    if len(whole.acts_for) < 2:  # noqa: PLR2004
        return ""
    if actor.chosen is None:
        return gettext("all %(count)s organisations") % {"count": len(whole.acts_for)}
    return organisations.name(actor.chosen)


def account_links(actor: Actor) -> list[dict[str, str]]:
    """The pages about accounts that this actor may open."""
    return [
        {"address": reverse(name), "title": gettext(title)}
        for name, title, permission in ACCOUNT
        if allows(actor, permission)
    ]


def navigation(actor: Actor, path: str) -> list[dict[str, Any]]:
    """The parts of the menu with the pages that this actor may open; the page it is on, and its part, are marked."""
    audiences = {"centre"} if actor.is_centre else {"organisation"}
    if settings.DEMO and actor.is_centre:
        audiences.add("demo")
    parts = [_open_to(actor, pages) for audience, pages in MENU if audience in audiences]
    around = [page for part in parts for page in part if f"{path}/".startswith(f"{page['address']}/")]
    for page in sorted(around, key=lambda page: len(page["address"]))[-1:]:
        page["current"] = True
    return [
        {"pages": part, "first": part[0], "current": any(page["current"] for page in part)} for part in parts if part
    ]


def _open_to(actor: Actor, pages: Sequence[tuple[str, str, str]]) -> list[Page]:
    found = []
    for name, title, permission in pages:
        if allows(actor, permission):
            with suppress(NoReverseMatch):
                found.append({"address": reverse(name), "title": gettext(title), "current": False})
    return found
