"""Who may use which door: one table for pages, API routes and the scopes of tokens.

A door names one permission. A person passes when one of the person's audiences is in the permission; a token must
besides hold the permission as a scope. Which rows stand behind the door is decided by reads and row-level security.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from dijkwacht.kernel.actor import Actor, CentreRole, Kind, OrganisationRole


class Audience(StrEnum):
    """Somebody in a role. A relay reads for its members, a competent authority or CSIRT the entities of its sectors."""

    OFFICER = "officer"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    ORGANISATION_ADMINISTRATOR = "organisation-administrator"
    RELAY = "relay"
    PERSON = "person"  # somebody signed in who does not work at the centre, with or without an organisation
    SECTOR = "sector"


@dataclass(frozen=True, slots=True)
class Permission:
    """What may be done, in two languages, and by which audiences."""

    nl: str
    en: str
    audiences: frozenset[Audience]
    token: bool = True  # a token may hold it as a scope


DESK: Final = frozenset({Audience.OFFICER, Audience.ANALYST})
CENTRE: Final = DESK | {Audience.AUDITOR, Audience.ADMINISTRATOR}
OWN: Final = frozenset({Audience.MEMBER, Audience.ORGANISATION_ADMINISTRATOR})
OFFICER: Final = frozenset({Audience.OFFICER})
SECTOR: Final = frozenset({Audience.SECTOR})

PERMISSIONS: Final = {
    "me:read": Permission("zien wie ik ben", "see who I am", CENTRE | OWN),
    "account:use": Permission(
        "eigen account beheren", "manage the own account", CENTRE | OWN | {Audience.PERSON}, token=False
    ),
    "registration:write": Permission(
        "een organisatie registreren", "register an organisation", frozenset({Audience.PERSON}), token=False
    ),
    "registrations:decide": Permission("over registraties beslissen", "decide on registrations", OFFICER, token=False),
    "tokens:write": Permission(
        "API-sleutels maken en intrekken",
        "make and revoke API tokens",
        frozenset({Audience.ADMINISTRATOR, Audience.ORGANISATION_ADMINISTRATOR}),
        token=False,
    ),
    "accounts:write": Permission(
        "mensen uitnodigen en rollen geven",
        "invite people and give roles",
        frozenset({Audience.ADMINISTRATOR, Audience.ORGANISATION_ADMINISTRATOR}),
        token=False,
    ),
    "day:read": Permission("de dag van het centrum zien", "see the day of the centre", CENTRE, token=False),
    "organisations:read": Permission("organisaties lezen", "read organisations", CENTRE | OWN),
    "organisations:write": Permission(
        "eigen organisatie bijwerken",
        "update the own organisation",
        OFFICER | {Audience.ORGANISATION_ADMINISTRATOR},
    ),
    "registry:write": Permission("het register beheren", "keep the registry", OFFICER),
    "registry:export": Permission("het register uitvoeren", "export the registry", DESK | {Audience.SECTOR}),
    "sectors:read": Permission("entiteiten van eigen sectoren lezen", "read the own sectors' entities", SECTOR),
    "designations:write": Permission("sectoren toewijzen", "give sectors to readers", OFFICER, token=False),
    "linkage:read": Permission(
        "samengevoegde registers inzien", "see merged registers", OFFICER | {Audience.AUDITOR}, token=False
    ),
    "linkage:write": Permission("registers samenvoegen", "merge registers", OFFICER, token=False),
    "relay:read": Permission("bevindingen van leden lezen", "read members' findings", frozenset({Audience.RELAY})),
    "findings:read": Permission("bevindingen lezen", "read findings", DESK | OWN),
    "findings:write": Permission("op bevindingen antwoorden", "answer findings", OFFICER | OWN),
    "notices:read": Permission("berichten lezen", "read notices", DESK | OWN),
    "notices:release": Permission("vastgehouden berichten vrijgeven", "release held notices", OFFICER, token=False),
    "reports:read": Permission("eigen meldingen lezen", "read own incident reports", DESK | OWN | SECTOR),
    "reports:write": Permission("incidenten melden", "report incidents", OFFICER | OWN),
    "incidents:read": Permission("de meldingen op het bureau lezen", "read the desk's incidents", DESK | SECTOR),
    "incidents:handle": Permission("meldingen behandelen", "handle incidents", OFFICER, token=False),
    "handovers:acknowledge": Permission("overdrachten bevestigen", "acknowledge handovers", OWN | SECTOR, token=False),
    "ingest:write": Permission("bestanden aanleveren", "hand in files", OFFICER),
    "batches:read": Permission("aanleveringen lezen", "read batches", DESK),
    "feeds:read": Permission("bronnen lezen", "read feeds", CENTRE),
    "decisions:read": Permission("besluiten lezen", "read decisions", CENTRE),
    "campaigns:write": Permission("campagnes voorbereiden", "prepare campaigns", DESK, token=False),
    "campaigns:approve": Permission("campagnes goedkeuren", "approve campaigns", OFFICER, token=False),
    "policy:approve": Permission("beleid goedkeuren", "approve policy", OFFICER, token=False),
    "figures:read": Permission("cijfers lezen", "read figures", CENTRE),
    "audit:read": Permission(
        "het auditlogboek lezen",
        "read the audit log",
        frozenset({Audience.AUDITOR, Audience.ADMINISTRATOR}),
    ),
}


def audiences(actor: Actor) -> frozenset[Audience]:
    """Every audience `actor` belongs to; the actor of our own jobs belongs to all."""
    if actor.kind is Kind.SYSTEM:
        return frozenset(Audience)
    found = {Audience(role.value) for role in actor.roles if role in CentreRole}
    for role in actor.memberships.values():
        found.add(Audience.MEMBER)
        if role is OrganisationRole.ADMINISTRATOR:
            found.add(Audience.ORGANISATION_ADMINISTRATOR)
    if actor.kind is Kind.PERSON and not actor.roles:
        found.add(Audience.PERSON)
    if actor.relays:
        found.add(Audience.RELAY)
    if actor.sectors:
        found.add(Audience.SECTOR)
    return frozenset(found)


def allows(actor: Actor, permission: str) -> bool:
    """True when `actor` may use a door that names `permission`. Raises KeyError for a permission not in the table."""
    wanted = PERMISSIONS[permission]
    if actor.kind is Kind.TOKEN and permission not in actor.scopes and permission != "me:read":
        return False
    return bool(wanted.audiences & audiences(actor))


def scopes_for(*, centre: bool) -> list[str]:
    """The scopes a token of the centre, or of an organisation, may hold."""
    reach = CENTRE if centre else OWN | {Audience.RELAY, Audience.SECTOR}
    return sorted(name for name, known in PERMISSIONS.items() if known.token and known.audiences & reach)


def actor_of(request: HttpRequest) -> Actor:
    """The actor that the scope middleware or the API's door gave to `request`."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def page(permission: str) -> Callable[[View[P]], View[P]]:
    """Close a page to all but those whom `permission` allows: others sign in first, or are refused with 403.

    Raises KeyError at import for a permission that is not in the table.
    """
    PERMISSIONS[permission]

    def close(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            actor = actor_of(request)
            if actor.kind is Kind.ANONYMOUS:
                return redirect_to_login(request.get_full_path())
            if not allows(actor, permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return close


def public_page(reason: str) -> Callable[[View[P]], View[P]]:
    """Declare that anybody may see a page, and why."""

    def declare(view: View[P]) -> View[P]:
        view.permission = f"public: {reason}"  # type: ignore[attr-defined]
        return view

    return declare
