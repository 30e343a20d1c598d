"""What the API of home gives."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from ninja import Schema

from dijkwacht.rooms.home.members import Member, Members
from dijkwacht.rooms.home.reads import Home
from dijkwacht.rooms.home.rules import Due, Say
from dijkwacht.rooms.services.schemas import ServiceOut, Words, service


class KnownOut(Schema):
    """What is known: live findings by severity (4 critical to 0 info), and how they stand."""

    by_severity: dict[int, int]
    unanswered: int
    working: int
    before_registration: int
    fixed: int
    gone: int
    unread_notices: int


class DueOut(Schema):
    """Something to do: what, until when, why, and where it is done."""

    code: str
    title: Words
    why: Words
    article: str
    on: date | None
    late: bool
    now: bool
    address: str
    about: list[str]


class DutyOut(Schema):
    """A duty by law."""

    code: str
    article: str
    name: Words
    within: Words
    by: date | None
    applies: str


class HomeOut(Schema):
    """The home of an organisation; `known` and `services` are null for a token that may not read them."""

    organisation: UUID
    name: str
    classification: str
    known: KnownOut | None
    due: list[DueOut]
    duties: list[DutyOut]
    services: list[ServiceOut] | None


class MemberOut(Schema):
    """A member whose mandate is in force; `told`, `solved` and `unanswered` are of what the relay was told."""

    organisation: UUID
    name: str
    verified_assets: int
    claimed_assets: int
    working_contact: bool
    reachable: bool
    obstacles: list[str]
    told: int
    solved: int
    unanswered: int
    last_seen: datetime | None
    mandate_until: date | None


class WithoutOut(Schema):
    """A member without a mandate in force: suspended, ended or not-yet."""

    organisation: UUID
    name: str
    why: str


class MembersOut(Schema):
    """A relay's members: how many are covered, and each of them."""

    relay: UUID
    in_force: int
    with_verified_asset: int
    with_working_contact: int
    unreachable: int
    told: int
    solved: int
    unanswered: int
    mandates_ending: int
    members: list[MemberOut]
    without_mandate: list[WithoutOut]


def words(say: Say) -> dict[str, str]:
    """Return a text in both languages."""
    return {language: _in(language, lambda: gettext(say.message) % say.values) for language in ("nl", "en")}


def _in(language: str, make: Callable[[], str]) -> str:
    with translation.override(language):
        return make()


def home(found: Home) -> dict[str, Any]:
    """Return a home as HomeOut has it."""
    known = found.known
    return {
        "organisation": found.row.id,
        "name": found.row.name,
        "classification": found.row.classification,
        "known": known
        and {
            "by_severity": known.by_severity,
            "unanswered": known.unanswered,
            "working": known.working,
            "before_registration": known.before,
            "fixed": known.fixed,
            "gone": known.gone,
            "unread_notices": known.unread,
        },
        "due": [_due(one, found.today) for one in found.due],
        "duties": [
            {
                "code": one.code,
                "article": one.article,
                "name": one.name.model_dump(),
                "within": one.within.model_dump(),
                "by": one.by,
                "applies": one.applies,
            }
            for one in found.law
        ],
        "services": None if found.offers is None else [service(offer) for offer in found.offers],
    }


def _due(one: Due, today: date) -> dict[str, Any]:
    return {
        "code": one.code,
        "title": words(one.title),
        "why": words(one.why),
        "article": one.article,
        "on": one.on,
        "late": one.late(today),
        "now": one.now,
        "address": f"{settings.BASE_URL}{one.address}",
        "about": list(one.values),
    }


def members(relay: UUID, found: Members) -> dict[str, Any]:
    """Return a relay's members as MembersOut has them."""
    return {
        "relay": relay,
        "in_force": len(found.members),
        "with_verified_asset": found.with_asset,
        "with_working_contact": found.with_contact,
        "unreachable": len(found.unreachable),
        "told": found.told,
        "solved": found.fixed,
        "unanswered": found.unanswered,
        "mandates_ending": len(found.ending),
        "members": [_member(one) for one in found.members],
        "without_mandate": [
            {"organisation": one.mandate.member_id, "name": one.name, "why": one.why} for one in found.without
        ],
    }


def _member(one: Member) -> dict[str, Any]:
    return {
        "organisation": one.mandate.member_id,
        "name": one.reach.name,
        "verified_assets": one.reach.verified,
        "claimed_assets": one.reach.claimed,
        "working_contact": one.reach.working > 0,
        "reachable": one.reachable,
        "obstacles": [obstacle.code for obstacle in one.obstacles],
        "told": one.told.every,
        "solved": one.told.fixed,
        "unanswered": one.told.unanswered,
        "last_seen": one.told.newest,
        "mandate_until": one.mandate.valid_to,
    }
