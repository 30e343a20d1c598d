"""API tokens: made and revoked by people, resolved to an Actor at the API's door.

A token reads `dw_<prefix>_<secret>`. Whether it is unknown, expired, revoked or mistyped cannot be told from outside.
"""

import hashlib
import hmac
import secrets
import string
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, CentreRole, Kind, Mandated, OrganisationRole, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import errors, permissions, relays
from dijkwacht.platform.accounts.actors import in_force
from dijkwacht.platform.accounts.models import ActingMandate, Token
from dijkwacht.platform.accounts.rules import MANDATED, may_manage
from dijkwacht.platform.audit.record import record

ALPHABET: Final = string.ascii_letters + string.digits
PREFIX_LENGTH: Final = 12
SECRET_LENGTH: Final = 43  # 256 bits in base 62
LONGEST_LIFETIME: Final = timedelta(days=366)
USE_IS_NOTED_EVERY: Final = timedelta(minutes=1)
CUSTOMERS: Final = "customers:report"
REPORTING: Final = {role.value for role in MANDATED if role is not OrganisationRole.READER}
NOBODY: Final = hashlib.sha256(secrets.token_bytes(32)).digest()  # compared with when the prefix is unknown


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


@transaction.atomic
def create(
    *,
    actor: Actor,
    name: str,
    scopes: Iterable[str],
    lifetime: timedelta,
    created_by: UUID,
    organisation: UUID | None = None,
    centre_role: CentreRole | None = None,
) -> tuple[Token, str]:
    """Make a token for `organisation`, or for the centre with `centre_role`; give the row and the text shown once.

    Raises NotAllowed, UnknownScope, InvalidLifetime.
    """
    if not may_manage(actor, organisation) or (organisation is None) == (centre_role is None):
        raise errors.NotAllowed
    wanted = sorted(set(scopes))
    for scope in wanted:
        if scope not in permissions.scopes_for(centre=organisation is None):
            raise errors.UnknownScope(scope=scope)
    if not timedelta(days=1) <= lifetime <= LONGEST_LIFETIME:
        raise errors.InvalidLifetime(days=LONGEST_LIFETIME.days)
    prefix, secret = _random(PREFIX_LENGTH), _random(SECRET_LENGTH)
    token = Token.objects.create(
        organisation_id=organisation,
        centre_role=centre_role or "",
        name=name[:100],
        prefix=prefix,
        digest=_digest(secret),
        scopes=wanted,
        created_by_id=created_by,
        expires_at=timezone.now() + lifetime,
    )
    detail = {"scopes": wanted, "expires_at": token.expires_at.isoformat(), "centre_role": token.centre_role}
    record(
        actor=actor,
        action="accounts:token:create",
        target=("token", token.id),
        organisation=organisation,
        detail=detail,
    )
    return token, f"dw_{prefix}_{secret}"


@transaction.atomic
def revoke(*, actor: Actor, token: UUID) -> Token:
    """End a token at once. Raises TokenNotFound, also for a token of somebody else."""
    found = managed_by(actor).filter(id=token).first()
    if found is None:
        raise errors.TokenNotFound
    if found.revoked_at is None:
        found.revoked_at = timezone.now()
        found.save(update_fields=["revoked_at"])
        record(
            actor=actor,
            action="accounts:token:revoke",
            target=("token", found.id),
            organisation=found.organisation_id,
        )
    return found


def managed_by(actor: Actor) -> QuerySet[Token]:
    """The tokens that `actor` may see and revoke, the newest first."""
    rows = Token.objects.order_by("-created_at", "id")
    if actor.has(CentreRole.ADMINISTRATOR):
        return rows
    administered = [organisation for organisation in actor.memberships if actor.administers(organisation)]
    return rows.filter(organisation_id__in=administered)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _find(presented: str) -> Token | None:
    """The row whose secret was presented. Does the same work whether the prefix is known or not."""
    _, _, rest = presented.partition("dw_")
    prefix, _, secret = rest.partition("_")
    known = len(prefix) == PREFIX_LENGTH and prefix.isascii() and prefix.isalnum()
    token = Token.objects.filter(prefix=prefix if known else "").first()
    right = hmac.compare_digest(bytes(token.digest) if token else NOBODY, _digest(secret))
    return token if token and right else None


def _usable(token: Token, now: datetime) -> bool:
    return token.revoked_at is None and token.expires_at > now


def resolve(presented: str, *, origin: str = "") -> Actor | None:
    """The actor that presents the token, or None when it gives no entrance; use is noted at most once a minute."""
    now = timezone.now()
    with tenancy.acting(system("accounts:resolve")):
        token = _find(presented) if presented.isprintable() else None
        if token is None or not _usable(token, now):
            return None
        due = token.last_used_at is None or now - token.last_used_at > USE_IS_NOTED_EVERY
        # Who holds the row is a request that notes it too, and perhaps a long upload: do not wait for its end.
        if due and Token.objects.select_for_update(skip_locked=True).filter(id=token.id).first():
            Token.objects.filter(id=token.id).update(last_used_at=now)
        return _actor(token, origin)


def _role(scopes: Iterable[str]) -> OrganisationRole:
    """A token acts in the least role that has all its scopes; an administrator has them all."""
    known = [permissions.PERMISSIONS[scope].audiences for scope in scopes if scope in permissions.PERMISSIONS]
    asked = [audiences for audiences in known if audiences & permissions.OWN]  # the rest is for relays and sectors
    for role in reversed(OrganisationRole):
        if all(permissions.OF_ROLE[role] in audiences for audiences in asked):
            return role
    return OrganisationRole.ADMINISTRATOR


def _mandates(token: Token) -> dict[UUID, tuple[Mandated, ...]]:
    """For whom a token acts besides: only with a scope of its own that says so, and then only to report."""
    if token.organisation_id is None or CUSTOMERS not in token.scopes:
        return {}
    found: dict[UUID, tuple[Mandated, ...]] = {}
    holder = ActingMandate.Holder.ORGANISATION
    rows = ActingMandate.objects.filter(in_force(), holder_kind=holder, holder_id=token.organisation_id)
    for row in rows.order_by("id"):
        if set(row.roles) & REPORTING:
            held = Mandated(row.id, frozenset({OrganisationRole.REPORTER}))
            found[row.organisation_id] = (*found.get(row.organisation_id, ()), held)
    return found


def _actor(token: Token, origin: str) -> Actor:
    role = _role(token.scopes)
    own = frozenset({token.organisation_id} if token.organisation_id else ())
    relayed = relays.resolve(own)
    return Actor(
        kind=Kind.TOKEN,
        id=f"token:{token.id}",
        name=token.name,
        roles=frozenset({CentreRole(token.centre_role)} if token.centre_role else ()),
        memberships=dict.fromkeys(own, role),
        mandates=_mandates(token),
        relays=relayed.relays,
        members=relayed.members,
        sectors=relayed.sectors,
        scopes=frozenset(token.scopes),
        origin=origin,
    )
