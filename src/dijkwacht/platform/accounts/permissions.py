"""Who may use which door: one table for pages, API routes and the scopes of tokens.

A door names one permission. A person passes when one of the person's audiences is in the permission; a token must
besides hold the permission as a scope. A door knows no object yet, so there a role for any organisation will do. What
belongs to an organisation is then judged for that organisation: `allows_for` one, `where` lists them all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Concatenate, Final, ParamSpec
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from dijkwacht.kernel.actor import Actor, Kind, OrganisationRole


class Audience(StrEnum):
    """Somebody in a role. A relay reads for its members, a competent authority or CSIRT the entities of its sectors."""

    OFFICER = "officer"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    ORGANISATION_ADMINISTRATOR = "organisation-administrator"
    SECURITY = "security-contact"
    REPORTER = "reporter"
    READER = "reader"
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


OF_ROLE: Final = {
    OrganisationRole.ADMINISTRATOR: Audience.ORGANISATION_ADMINISTRATOR,
    OrganisationRole.SECURITY: Audience.SECURITY,
    OrganisationRole.REPORTER: Audience.REPORTER,
    OrganisationRole.READER: Audience.READER,
}
DESK: Final = frozenset({Audience.OFFICER, Audience.ANALYST})
CENTRE: Final = DESK | {Audience.AUDITOR, Audience.ADMINISTRATOR}
HEAD: Final = frozenset({Audience.ORGANISATION_ADMINISTRATOR})
SECURITY: Final = HEAD | {Audience.SECURITY}
REPORTING: Final = HEAD | {Audience.REPORTER}
FINDERS: Final = SECURITY | {Audience.READER}
REGISTERED: Final = SECURITY | REPORTING
OWN: Final = FINDERS | REPORTING
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
    "mandates:write": Permission(
        "anderen machtigen en machtigingen vragen", "give and ask for mandates", HEAD, token=False
    ),
    "organisations:read": Permission("organisaties lezen", "read organisations", CENTRE | REGISTERED),
    "organisations:write": Permission(
        "contacten van de eigen organisatie beheren", "keep the own organisation's contacts", OFFICER | HEAD
    ),
    "assets:write": Permission("adressen claimen en bewijzen", "claim addresses and prove them", OFFICER | SECURITY),
    "changes:write": Permission(
        "wijzigingen van de registratie melden", "tell changes of the registration", OFFICER | REPORTING
    ),
    "reports:read": Permission("incidentmeldingen lezen", "read incident reports", DESK | REGISTERED | SECTOR),
    "reports:write": Permission("incidenten melden", "report incidents", OFFICER | REGISTERED),
    "registry:write": Permission("het register beheren", "keep the registry", OFFICER),
    "registry:export": Permission("het register uitvoeren", "export the registry", DESK | {Audience.SECTOR}),
    "sectors:read": Permission("entiteiten van eigen sectoren lezen", "read the own sectors' entities", SECTOR),
    "designations:write": Permission("sectoren toewijzen", "give sectors to readers", OFFICER, token=False),
    "linkage:read": Permission(
        "samengevoegde registers inzien", "see merged registers", OFFICER | {Audience.AUDITOR}, token=False
    ),
    "linkage:write": Permission("registers samenvoegen", "merge registers", OFFICER, token=False),
    "home:read": Permission("de eigen thuispagina zien", "see the own first page", REGISTERED),
    "services:read": Permission("producten en diensten lezen", "read products and services", CENTRE | REGISTERED),
    "services:write": Permission(
        "abonnementen en toestemming geven en intrekken",
        "give and withdraw subscriptions and consent",
        HEAD,
    ),
    "relay:read": Permission("bevindingen van leden lezen", "read members' findings", frozenset({Audience.RELAY})),
    "findings:read": Permission("bevindingen lezen", "read findings", DESK | FINDERS),
    "findings:write": Permission("op bevindingen antwoorden", "answer findings", OFFICER | SECURITY),
    "notices:read": Permission("berichten lezen", "read notices", DESK | FINDERS),
    "notices:release": Permission("vastgehouden berichten vrijgeven", "release held notices", OFFICER, token=False),
    "incidents:read": Permission("de meldingen op het bureau lezen", "read the desk's incidents", DESK | SECTOR),
    "incidents:handle": Permission("meldingen behandelen", "handle incidents", OFFICER),
    "customers:report": Permission(
        "melden voor klanten die dat toestaan", "report for customers that allow it", REGISTERED
    ),
    "criteria:write": Permission(
        "vertrouwelijke criteria van een entiteit houden",
        "keep confidential criteria of an entity",
        OFFICER | SECTOR,
        token=False,
    ),
    "duty:write": Permission(
        "het piketrooster houden", "keep the on-call schedule", OFFICER | {Audience.ADMINISTRATOR}, token=False
    ),
    "confidentiality:judge": Permission(
        "over de vertrouwelijkheid oordelen (Netcode)",
        "judge confidentiality (Netcode)",
        OFFICER | SECTOR,
        token=False,
    ),
    "spoc:write": Permission("meldingen uit het buitenland aanleveren", "hand in reports from abroad", OFFICER),
    "handovers:acknowledge": Permission("overdrachten bevestigen", "acknowledge handovers", REGISTERED),
    "ingest:write": Permission("bestanden aanleveren", "hand in files", OFFICER),
    "batches:read": Permission("aanleveringen lezen", "read batches", DESK),
    "feeds:read": Permission("bronnen lezen", "read feeds", CENTRE),
    "decisions:read": Permission("besluiten lezen", "read decisions", CENTRE),
    "campaigns:write": Permission("campagnes voorbereiden", "prepare campaigns", DESK, token=False),
    "campaigns:approve": Permission("campagnes goedkeuren", "approve campaigns", OFFICER, token=False),
    "policy:approve": Permission("beleid goedkeuren", "approve policy", OFFICER, token=False),
    "figures:read": Permission("cijfers lezen", "read figures", CENTRE),
    "inventory:read": Permission(
        "zien wat een organisatie gebruikt en welke adviezen haar aangaan",
        "see what an organisation runs and which advisories concern it",
        DESK | {Audience.AUDITOR} | FINDERS,
    ),
    "inventory:write": Permission(
        "bijhouden wat de organisatie gebruikt en adviezen beantwoorden",
        "keep what the organisation runs and answer advisories",
        SECURITY,
    ),
    "phishing:read": Permission("de meldpost voor phishing zien", "see the phishing desk", CENTRE, token=False),
    "phishing:report": Permission("verdachte mails aanleveren", "hand in suspicious mails", DESK | REGISTERED),
    "phishing:decide": Permission("over phishing oordelen", "decide on phishing", DESK, token=False),
    "phishing:ask": Permission("vragen waarvoor wij waarschuwen", "ask what we warn for", DESK | REGISTERED),
    "phishing:steer": Permission(
        "de phishingautomaat stilzetten en starten", "halt and start the phishing machine", OFFICER, token=False
    ),
    "phishing:consumers": Permission(
        "afnemers van de phishinglijst beheren",
        "keep the consumers of the phishing list",
        OFFICER | {Audience.ADMINISTRATOR},
        token=False,
    ),
    "advisories:read": Permission("kwesties en beveiligingsadviezen zien", "see matters and advisories", CENTRE),
    "advisories:write": Permission("beveiligingsadviezen schrijven", "write advisories", DESK, token=False),
    "advisories:approve": Permission(
        "beveiligingsadviezen van anderen goedkeuren", "approve advisories of others", DESK, token=False
    ),
    "advisories:receive": Permission(
        "beveiligingsadviezen ontvangen die niet voor iedereen zijn",
        "receive advisories that are not for everybody",
        CENTRE | OWN | {Audience.RELAY},
    ),
    "advisories:products": Permission("namen van producten beoordelen", "judge names of products", DESK),
    "knowledge:write": Permission("maatregelen schrijven", "write measures", DESK, token=False),
    "knowledge:approve": Permission("maatregelen goedkeuren", "approve measures", DESK, token=False),
    "plans:read": Permission("zelfscans en het plan lezen", "read self-scans and the plan", REGISTERED),
    "plans:write": Permission("zelfscans en het plan invullen", "fill in self-scans and the plan", REGISTERED),
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
    found = _at_the_centre(actor) | {OF_ROLE[role] for role in _anywhere(actor)}
    if actor.kind is Kind.PERSON and not actor.roles:
        found |= {Audience.PERSON}
    if actor.relays:
        found |= {Audience.RELAY}
    if actor.sectors:
        found |= {Audience.SECTOR}
    return found


def _at_the_centre(actor: Actor) -> frozenset[Audience]:
    return frozenset(Audience(role.value) for role in actor.roles)


def _anywhere(actor: Actor) -> set[OrganisationRole]:
    """The roles for any organisation; a provider acts for thousands, and a page asks often."""
    found = set(actor.memberships.values())
    for mandates in actor.mandates.values():
        for one in mandates:
            found |= one.roles
    return found


def _for(actor: Actor, organisation: UUID) -> frozenset[Audience]:
    """The audiences that the roles for one organisation make."""
    return frozenset(OF_ROLE[role] for role in actor.roles_for(organisation))


def allows(actor: Actor, permission: str) -> bool:
    """True when `actor` may use a door that names `permission`. Raises KeyError for a permission not in the table.

    That is not enough for what belongs to an organisation: ask `allows_for` too.
    """
    return _in_scope(actor, permission) and bool(PERMISSIONS[permission].audiences & audiences(actor))


def allows_for(actor: Actor, permission: str, organisation: UUID) -> bool:
    """True when `actor` may do this with something of one organisation, by a role there or at the centre.

    A role elsewhere does not count, nor does being its relay. Raises KeyError for a permission not in the table.
    """
    if actor.kind is Kind.SYSTEM:
        return True
    held = _at_the_centre(actor) | _for(actor, organisation)
    return _in_scope(actor, permission) and bool(PERMISSIONS[permission].audiences & held)


def where(actor: Actor, permission: str) -> frozenset[UUID]:
    """The organisations for which `actor` may do this by a role there; what a role at the centre gives is not in it."""
    wanted = PERMISSIONS[permission].audiences
    giving = frozenset(role for role, audience in OF_ROLE.items() if audience in wanted)
    return actor.acting_as(giving) if _in_scope(actor, permission) else frozenset()


def _in_scope(actor: Actor, permission: str) -> bool:
    return actor.kind is not Kind.TOKEN or permission in actor.scopes or permission == "me:read"


def gives(role: OrganisationRole) -> list[str]:
    """The permissions of a role for an organisation, in the order of the table."""
    return [name for name, known in PERMISSIONS.items() if OF_ROLE[role] in known.audiences]


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
