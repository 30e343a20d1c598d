"""The menu: what somebody may open, in parts."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows


class Part(NamedTuple):
    """Pages that stand together: below the menu while one of them is open. A page: name, title, its permission.

    `title`: of the part; else it is called after the first of its pages that the reader may open.
    """

    audience: str  # centre, demo (of the centre) or organisation
    pages: tuple[tuple[str, str, str], ...]
    title: str = ""


MENU: Final = (
    Part("centre", (("notification:day", _("Today"), "day:read"),)),
    Part(
        "centre",
        (
            ("notification:findings", _("Findings"), "findings:read"),
            ("notification:batches", _("Batches"), "batches:read"),
            ("notification:feeds", _("Feeds"), "feeds:read"),
            ("notification:decisions", _("Decisions"), "decisions:read"),
        ),
    ),
    Part(
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
    Part(
        "centre",
        (
            ("reporting:queue", _("Incidents"), "incidents:read"),
            ("reporting:duty", _("On call"), "duty:write"),
        ),
    ),
    Part(
        "centre",
        (
            ("registry:organisations", _("Organisations"), "registry:write"),
            ("proof:waiting", _("Proofs"), "registry:write"),
            ("enrolment:registrations", _("Registrations"), "registrations:decide"),
            ("linkage:merges", _("Merging"), "linkage:read"),
        ),
    ),
    Part(
        "centre",
        (
            ("phishing:dashboard", _("Overview"), "phishing:read"),
            ("phishing:queue", _("Phishing queue"), "phishing:read"),
            ("phishing:entries", _("Entries"), "phishing:read"),
            ("phishing:appeals", _("Appeals"), "phishing:read"),
            ("phishing:consumers", _("Consumers"), "phishing:read"),
            ("phishing:list", _("The public list"), "phishing:read"),
            ("phishing:statistics", _("Phishing in figures"), "phishing:read"),
        ),
        _("Shield"),
    ),
    Part(
        "centre",
        (
            ("advisories:matters", _("Matters"), "advisories:read"),
            ("advisories:desk", _("Advisories"), "advisories:read"),
            ("advisories:told", _("Who was told"), "inventory:read"),
            ("advisories:inventories", _("Inventories"), "inventory:read"),
            ("advisories:products", _("Products"), "advisories:read"),
            ("advisories:sources", _("Sources"), "advisories:read"),
            ("advisories:aside", _("Set aside"), "advisories:read"),
        ),
        _("Advisories"),
    ),
    Part("centre", (("knowledge:desk", _("Measures"), "knowledge:write"),)),
    Part("centre", (("notification:figures", _("Figures"), "figures:read"), ("audit", _("Audit log"), "audit:read"))),
    Part("demo", (("outbox:mailbox", _("Demo mailbox"), "day:read"),)),
    Part("organisation", (("home:mine", _("Home"), "home:read"),)),
    Part("organisation", (("reporting:start", _("Report an incident"), "reports:write"),)),
    Part(
        "organisation",
        (
            ("mine:findings", _("My findings"), "findings:read"),
            ("mine:notices", _("My notices"), "notices:read"),
        ),
    ),
    Part(
        "organisation",
        (
            ("advisories:mine", _("My advisories"), "inventory:read"),
            ("advisories:inventories", _("What we run"), "inventory:read"),
        ),
    ),
    Part("organisation", (("reporting:shared", _("Shared with me"), "reports:read"),)),
    Part(
        "organisation",
        (
            ("mine:members", _("My members"), "relay:read"),
            ("advisories:members", _("Members' advisories"), "relay:read"),
        ),
    ),
    Part("organisation", (("registry:sectors", _("My sectors"), "sectors:read"),)),
    Part("organisation", (("reporting:queue", _("Incidents"), "incidents:read"),)),
    Part(
        "organisation",
        (
            ("registry:mine", _("My organisation"), "organisations:read"),
            ("proof:mine", _("My addresses"), "organisations:read"),
        ),
    ),
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
Page = dict[str, Any]  # address, title, current


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
    parts = [(part, _open_to(actor, part.pages)) for part in MENU if part.audience in audiences]
    around = [page for _part, pages in parts for page in pages if f"{path}/".startswith(f"{page['address']}/")]
    for page in sorted(around, key=lambda page: len(page["address"]))[-1:]:
        page["current"] = True
    return [
        {
            "title": gettext(part.title) if part.title else pages[0]["title"],
            "pages": pages,
            "current": any(page["current"] for page in pages),
        }
        for part, pages in parts
        if pages
    ]


def _open_to(actor: Actor, pages: Sequence[tuple[str, str, str]]) -> list[Page]:
    found = []
    for name, title, permission in pages:
        if allows(actor, permission):
            with suppress(NoReverseMatch):
                found.append({"address": reverse(name), "title": gettext(title), "current": False})
    return found
