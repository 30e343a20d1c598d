"""The only way to what advisories mean for organisations. The centre reads all, an organisation its own, a relay what
it was told of its members."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from dijkwacht.kernel.actor import Actor, Kind, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.permissions import allows, where
from dijkwacht.rooms.advisories.delivery import published
from dijkwacht.rooms.advisories.delivery.errors import NotAllowed, NotFound
from dijkwacht.rooms.advisories.delivery.letters import Ran, evidence_of
from dijkwacht.rooms.advisories.delivery.models import HIDDEN, Concern, Exposure, Match, Telling
from dijkwacht.rooms.advisories.delivery.published import Published
from dijkwacht.rooms.advisories.delivery.rules import SETTLED
from dijkwacht.rooms.notification.models import Decision
from dijkwacht.rooms.registry.models import Organisation

LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
READ: Final = "inventory:read"
WRITE: Final = "inventory:write"
READER: Final = system("advisories:read")


@dataclass(frozen=True, slots=True)
class Asked:
    """Since when an answer counts: to the version that was told last or a later one, since it was told (anew)."""

    version: int
    since: datetime | None

    def by(self, said: Exposure) -> bool:
        """Tell whether this answer is one to it."""
        return said.version > self.version or (
            said.version == self.version and (self.since is None or said.at >= self.since)
        )


@dataclass(frozen=True)
class Matter:
    """One advisory as it stands for one organisation."""

    concern: Concern
    advisory: Published
    ran: list[Ran] = field(default_factory=list)
    answers: list[Exposure] = field(default_factory=list)  # the newest first
    asked: "Asked | None" = None

    @property
    def answer(self) -> str:
        """What was answered last to what was told last; empty: nothing."""
        return next((one.answer for one in self.answers if self.asked is None or self.asked.by(one)), "")

    @property
    def settled(self) -> bool:
        return self.answer in SETTLED

    @property
    def waits(self) -> bool:
        """Whether an answer is due: it concerns them, or may, and nothing that settles it was said."""
        concerned = self.concern.ground == "match" and self.concern.verdict != "not_affected"
        return concerned and not self.settled and not self.advisory.withdrawn


def versions(wanted: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], Published]:
    """Look up published versions for somebody who was told of them."""
    keys = set(wanted)
    if not keys:
        return {}
    with tenancy.acting(READER):
        return dict(published.library().versions(keys))


def current_version(advisory: UUID) -> int | None:
    """Look up the newest version of an advisory that is not withdrawn."""
    with tenancy.acting(READER):
        return dict(published.library().current()).get(advisory)


def newest_version(advisory: UUID) -> int | None:
    """Look up the newest version of an advisory, withdrawn or not."""
    with tenancy.acting(READER):
        return published.library().newest(advisory)


def asked_of(organisations: Iterable[UUID], advisories: Iterable[UUID]) -> dict[tuple[UUID, UUID], Asked]:
    """Return by organisation and advisory since when an answer counts."""
    rows = Concern.objects.filter(organisation_id__in=set(organisations), advisory__in=set(advisories), told=True)
    told = rows.order_by("version").values_list("organisation_id", "advisory", "version", "renewed_at")
    return {(organisation, advisory): Asked(version, since) for organisation, advisory, version, since in told}


def own(actor: Actor, organisation: UUID | None = None) -> frozenset[UUID]:
    """The organisations whose advisories an actor reads by a role there. Raises NotFound for another than that."""
    mine = where(actor, READ)
    if organisation is not None and organisation not in mine:
        raise NotFound
    return mine if organisation is None else frozenset({organisation})


def concerns_for(actor: Actor, *, organisation: UUID | None = None) -> QuerySet[Concern]:
    """Return what concerns the actor's own organisations, for the centre all: per advisory its newest version.

    Raises NotAllowed, NotFound.
    """
    if not allows(actor, READ):
        raise NotAllowed
    rows = Concern.objects.select_related("organisation")
    if not actor.is_centre:
        rows = rows.filter(organisation_id__in=own(actor, organisation))
    elif organisation is not None:
        rows = rows.filter(organisation_id=organisation)
    newer = Concern.objects.filter(
        organisation_id=OuterRef("organisation_id"), advisory=OuterRef("advisory"), version__gt=OuterRef("version")
    )
    return rows.filter(~Exists(newer))


def matters(rows: Iterable[Concern]) -> list[Matter]:
    """Return concerns with their advisory, evidence and answers, in a few queries."""
    found = list(rows)
    known = versions((row.advisory, row.version) for row in found)
    organisations, advisories = {row.organisation_id for row in found}, {row.advisory for row in found}
    ran = evidence_of(organisations, advisories) if found else {}
    asked = asked_of(organisations, advisories) if found else {}
    answers: dict[tuple[UUID, UUID], list[Exposure]] = {}
    for row in Exposure.objects.filter(organisation_id__in=organisations, advisory__in=advisories).order_by("-at"):
        answers.setdefault((row.organisation_id, row.advisory), []).append(row)
    return [
        Matter(
            row,
            known[row.advisory, row.version].as_for(row.organisation_id),
            ran.get((row.organisation_id, row.advisory), []),
            answers.get((row.organisation_id, row.advisory), []),
            asked.get((row.organisation_id, row.advisory)),
        )
        for row in found
        if (row.advisory, row.version) in known
    ]


def access_matter(actor: Actor, organisation: UUID, advisory: UUID) -> Matter:
    """Return one advisory as it stands for an organisation. Raises NotAllowed, NotFound."""
    found = matters(concerns_for(actor, organisation=organisation).filter(advisory=advisory)[:1])
    if not found:
        raise NotFound
    return found[0]


def waiting(actor: Actor, organisation: UUID) -> QuerySet[Concern]:
    """Return what waits for an answer of an organisation: it concerns it, or may, and nothing settled it."""
    told = Concern.objects.filter(
        organisation_id=OuterRef("organisation_id"), advisory=OuterRef("advisory"), told=True
    ).order_by("-version")
    said = Exposure.objects.filter(organisation_id=OuterRef("organisation_id"), advisory=OuterRef("advisory"))
    to_it = Q(version__gt=OuterRef("asked")) | Q(version=OuterRef("asked"), at__gte=OuterRef("since"))
    rows = concerns_for(actor, organisation=organisation).filter(ground="match").exclude(verdict="not_affected")
    rows = rows.annotate(
        asked=Coalesce(Subquery(told.values("version")[:1]), 0),
        since=Coalesce(Subquery(told.values("renewed_at")[:1]), LONG_AGO),
    )
    last = rows.annotate(last=Subquery(said.filter(to_it).order_by("-at", "-id").values("answer")[:1]))
    return last.filter(Q(last__isnull=True) | ~Q(last__in=[str(one) for one in SETTLED]))


def matches_of(actor: Actor, organisation: UUID, advisory: UUID) -> QuerySet[Match]:
    """Return every line and vulnerability with how far it is. Raises NotAllowed, NotFound."""
    access_matter(actor, organisation, advisory)
    rows = Match.objects.filter(organisation_id=organisation, advisory=advisory, ended_at=None)
    return rows.order_by("vulnerability", "line_id")


def advisories_of_lines(actor: Actor, lines: Iterable[UUID]) -> dict[UUID, list[tuple[Match, Published]]]:
    """Return by line the advisories that match it (CSAF 2.0 9.1.13, 9.1.17), of lines that the actor may read."""
    if not allows(actor, READ):
        raise NotAllowed
    rows = Match.objects.filter(line_id__in=list(lines), ended_at=None)
    if not actor.is_centre:
        rows = rows.filter(organisation_id__in=where(actor, READ))
    found = list(rows.order_by("line_id", "advisory", "verdict", "vulnerability"))
    known = versions((row.advisory, row.version) for row in found)
    by_line: dict[UUID, list[tuple[Match, Published]]] = {}
    seen: set[tuple[UUID, UUID]] = set()
    for row in found:
        if (row.line_id, row.advisory) not in seen and (row.advisory, row.version) in known:
            seen.add((row.line_id, row.advisory))
            by_line.setdefault(row.line_id, []).append(
                (row, known[row.advisory, row.version].as_for(row.organisation_id))
            )
    return by_line


def tellings_for(actor: Actor) -> QuerySet[Telling]:
    """Return what was told: to the actor's own organisations, for the centre all. Raises NotAllowed."""
    if not allows(actor, READ):
        raise NotAllowed
    rows = Telling.objects.select_related("organisation", "concern")
    if actor.is_centre:
        return rows
    return rows.filter(organisation_id__in=where(actor, READ)).exclude(state__in=HIDDEN)


def told_of_members(actor: Actor) -> list[tuple[Telling, Concern, Published, str, str]]:
    """Return what a relay was told of its members: telling, concern, advisory, member's name, its last answer.

    Raises NotAllowed. Row-level security shows a relay the rows of its members; here only of what it was told.
    """
    if not allows(actor, "relay:read"):
        raise NotAllowed
    rows = Telling.objects.filter(organisation_id__in=actor.relays, route="relay", about_id__in=actor.members)
    told = list(rows.exclude(state__in=(*HIDDEN, "waiting")).select_related("concern").order_by("-created_at")[:1000])
    known = versions((one.advisory, one.version) for one in told)
    names = dict(Organisation.objects.filter(id__in={one.about_id for one in told}).values_list("id", "name"))
    last: dict[tuple[UUID, UUID], str] = {}
    keys = {one.about_id for one in told}, {one.advisory for one in told}
    for row in Exposure.objects.filter(organisation_id__in=keys[0], advisory__in=keys[1]).order_by("at"):
        last[row.organisation_id, row.advisory] = row.answer
    return [
        (
            one,
            one.concern,
            known[one.advisory, one.version].as_for(one.about_id),
            names.get(one.about_id, ""),
            last.get((one.about_id, one.advisory), ""),
        )
        for one in told
        if (one.advisory, one.version) in known
    ]


def ground_of(actor: Actor, organisation: UUID, advisory: UUID) -> Decision | None:
    """Return on which ground in law an organisation was told; the register of decisions is the centre's."""
    rows = tellings_for(actor).filter(about_id=organisation, advisory=advisory, decision_id__isnull=False)
    number = rows.order_by("-created_at").values_list("decision_id", flat=True).first()
    if number is None:
        return None
    with tenancy.acting(READER):
        return Decision.objects.filter(pk=number).first()


def of_link(telling: UUID, origin: str = "") -> Actor | None:
    """Return whoever holds the signed link of a telling as an actor, or None.

    It is closed when the telling was never sent, its contact is wrong, or the organisation left.
    """
    from dijkwacht.kernel.actor import OrganisationRole
    from dijkwacht.rooms.registry.models import Contact

    with tenancy.acting(READER):
        told = Telling.objects.filter(pk=telling, route="direct").exclude(state__in=(*HIDDEN, "waiting")).first()
        if told is None or told.organisation_id != told.about_id:
            return None
        active = Organisation.objects.filter(id=told.organisation_id, active=True).exists()
        if not active or Contact.objects.filter(pk=told.contact_id or told.pk, status="wrong").exists():
            return None
    return Actor(
        kind=Kind.LINK,
        id=f"link:{telling}",
        memberships={told.organisation_id: OrganisationRole.SECURITY},
        origin=origin,
    )


def telling_of_link(actor: Actor, telling: UUID) -> Telling:
    """Return the telling whose link the actor holds. Raises NotFound."""
    if actor.id != f"link:{telling}":
        raise NotFound
    found = Telling.objects.filter(pk=telling, organisation_id=F("about_id")).select_related("organisation").first()
    if found is None:
        raise NotFound
    return found
