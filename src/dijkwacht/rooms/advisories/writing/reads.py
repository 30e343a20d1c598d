"""The only way to rows: the text that is worked on, what was published, and for whom."""

from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows, where
from dijkwacht.rooms.advisories.writing.content import Content, Release, decode
from dijkwacht.rooms.advisories.writing.errors import AdvisoryNotFound, MayNotWrite
from dijkwacht.rooms.advisories.writing.models import Advisory, Document, Named, Recipient, Version

RECEIVE = "advisories:receive"


def access_advisory(actor: Actor, advisory: UUID, *, lock: bool = False) -> Advisory:
    """Give an advisory as it is worked on. Raises MayNotWrite, AdvisoryNotFound."""
    if not allows(actor, "advisories:read"):
        raise MayNotWrite
    rows = Advisory.objects.select_for_update() if lock else Advisory.objects.all()
    found = rows.filter(id=advisory).first()
    if found is None:
        raise AdvisoryNotFound
    return found


def advisories_for(actor: Actor, *, state: str = "", words: str = "") -> QuerySet[Advisory]:
    """Give the advisories that are worked on or were published, the one changed last first. Raises MayNotWrite."""
    if not allows(actor, "advisories:read"):
        raise MayNotWrite
    rows = Advisory.objects.defer("content")
    if state:
        rows = rows.filter(state=state)
    return rows.filter(Q(title__icontains=words) | Q(number__icontains=words)) if words else rows


def content_of(row: Advisory) -> Content:
    """Give the text that is worked on."""
    return decode(bytes(row.content))


def release_of(row: Version) -> Release:
    """Give what every format of a version is made of."""
    return msgspec.json.decode(bytes(row.release), type=Release)


def versions_of(actor: Actor, advisory: UUID) -> list[Version]:
    """Give all versions of an advisory that may reach `actor`, the newest first; none for anybody else."""
    return list(reaching(actor).filter(advisory_id=advisory).order_by("-version"))


def reaching(actor: Actor) -> QuerySet[Version]:
    """Give the versions that may reach `actor`: TLP:CLEAR all, GREEN whoever we serve, above that whom it names."""
    return Version.objects.filter(_reach(actor, "id"))


def documents_for(actor: Actor) -> QuerySet[Document]:
    """Give the CSAF documents that may reach `actor`, of the newest versions."""
    return Document.objects.filter(_reach(actor, "version_id"), newest=True)


def _reach(actor: Actor, version: str) -> Q:
    clear = Q(tlp="CLEAR")
    if not allows(actor, RECEIVE):
        return clear
    if actor.is_centre:
        return Q()
    own = where(actor, RECEIVE) | (actor.relays if allows(actor, RECEIVE) else frozenset())
    named = Named.objects.filter(organisation_id__in=own).values("version_id")
    return clear | Q(tlp="GREEN") | (~Q(tlp="GREEN") & Q(**{f"{version}__in": named}))


def published(actor: Actor, number: str, version: int | None = None) -> Version:
    """Give a version by the number of its advisory, the newest when none is named. Raises AdvisoryNotFound."""
    rows = reaching(actor).filter(number=number)
    found = rows.filter(newest=True).first() if version is None else rows.filter(version=version).first()
    if found is None:
        raise AdvisoryNotFound
    return found


def recipients_of(actor: Actor, advisory: UUID) -> list[UUID]:
    """Give the organisations that the text which is worked on is for. Raises MayNotWrite."""
    if not allows(actor, "advisories:read"):
        raise MayNotWrite
    rows = Recipient.objects.filter(advisory_id=advisory).order_by("added_at")
    return list(rows.values_list("organisation_id", flat=True))


def listed(actor: Actor, *, words: str = "", urgent: bool = False) -> QuerySet[Version]:
    """Give the newest version of each advisory that may reach `actor`, the one changed last first."""
    rows = reaching(actor).filter(newest=True)
    if urgent:
        rows = rows.filter(urgent=True, withdrawn=False)
    if words:
        rows = rows.filter(Q(number__icontains=words) | Q(title_nl__icontains=words) | Q(title_en__icontains=words))
    return rows
