"""What every page of the portal needs."""

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from dijkwacht.kernel.actor import Actor, Kind
from dijkwacht.platform.accounts import organisations
from dijkwacht.platform.accounts.permissions import allows

# name of the page, its title, the permission that opens it, who it is for
NAVIGATION: Final = (
    ("notification:day", _("Today"), "day:read", "centre"),
    ("notification:findings", _("Findings"), "findings:read", "centre"),
    ("reporting:queue", _("Incidents"), "incidents:read", "centre"),
    ("reporting:duty", _("On call"), "duty:write", "centre"),
    ("notification:batches", _("Batches"), "batches:read", "centre"),
    ("notification:feeds", _("Feeds"), "feeds:read", "centre"),
    ("notification:notices", _("Notices"), "notices:read", "centre"),
    ("notification:held", _("Held"), "notices:release", "centre"),
    ("notification:calls", _("To call"), "notices:release", "centre"),
    ("notification:answers", _("Answers"), "notices:release", "centre"),
    ("notification:decisions", _("Decisions"), "decisions:read", "centre"),
    ("notification:campaigns", _("Campaigns"), "campaigns:write", "centre"),
    ("notification:proposals", _("What-if"), "policy:approve", "centre"),
    ("registry:organisations", _("Organisations"), "registry:write", "centre"),
    ("proof:waiting", _("Proofs"), "registry:write", "centre"),
    ("enrolment:registrations", _("Registrations"), "registrations:decide", "centre"),
    ("linkage:merges", _("Merging"), "linkage:read", "centre"),
    ("phishing:dashboard", _("Shield"), "phishing:read", "centre"),
    ("advisories:matters", _("Advisories"), "advisories:read", "centre"),
    ("knowledge:desk", _("Measures"), "knowledge:write", "centre"),
    ("notification:figures", _("Figures"), "figures:read", "centre"),
    ("audit", _("Audit log"), "audit:read", "centre"),
    ("outbox:mailbox", _("Demo mailbox"), "day:read", "demo"),
    ("home:mine", _("Home"), "home:read", "organisation"),
    ("reporting:start", _("Report an incident"), "reports:write", "organisation"),
    ("mine:findings", _("My findings"), "findings:read", "organisation"),
    ("mine:notices", _("My notices"), "notices:read", "organisation"),
    ("advisories:mine", _("My advisories"), "inventory:read", "organisation"),
    ("advisories:inventories", _("What we run"), "inventory:read", "organisation"),
    ("reporting:shared", _("Shared with me"), "reports:read", "organisation"),
    ("mine:members", _("My members"), "relay:read", "organisation"),
    ("advisories:members", _("Members' advisories"), "relay:read", "organisation"),
    ("registry:sectors", _("My sectors"), "sectors:read", "organisation"),
    ("reporting:queue", _("Incidents"), "incidents:read", "organisation"),
    ("registry:mine", _("My organisation"), "organisations:read", "organisation"),
    ("proof:mine", _("My addresses"), "organisations:read", "organisation"),
)


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
    """The pages this actor may open, the one it is on marked."""
    audiences = {"centre"} if actor.is_centre else {"organisation"}
    if settings.DEMO and actor.is_centre:
        audiences.add("demo")
    items = []
    for name, title, permission, audience in NAVIGATION:
        if audience not in audiences or not allows(actor, permission):
            continue
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        items.append(
            {"address": address, "title": gettext(title), "current": path == address or path.startswith(f"{address}/")}
        )
    return items
