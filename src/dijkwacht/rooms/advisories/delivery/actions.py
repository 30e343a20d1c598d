"""Every change of what advisories mean for an organisation: actor first; permission, change and audit in one."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, Kind, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.permissions import allows, allows_for
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.advisories.delivery import reads, rules
from dijkwacht.rooms.advisories.delivery.errors import InvalidAnswer, NotAllowed, NotFound
from dijkwacht.rooms.advisories.delivery.models import Concern, Exposure, Match
from dijkwacht.rooms.notification import calling
from dijkwacht.rooms.registry.models import Organisation

CLERK: Final = system("advisories:answers")
HOW: Final = {Kind.LINK: "link", Kind.TOKEN: "api"}


@transaction.atomic
def answer(*, actor: Actor, organisation: UUID, advisory: UUID, answer: str, note: str = "") -> Exposure:
    """Take what an organisation says of an advisory; the same again changes nothing, another one is kept beside it.

    All its matches that are not done yet follow (CSAF 2.0 9.1.13: all assets at once). Raises NotAllowed, NotFound,
    InvalidAnswer.
    """
    meant, note = _checked(answer, note)
    if organisation not in actor.acts_for:
        raise NotFound
    if not allows_for(actor, reads.WRITE, organisation):
        raise NotAllowed
    return _keep(actor, organisation, advisory, meant, note, HOW.get(actor.kind, "portal"))


@transaction.atomic
def answer_by_phone(*, actor: Actor, organisation: UUID, advisory: UUID, note: str = "") -> Exposure:
    """Note what an organisation said when an officer called: they know and work on it. Raises NotAllowed, NotFound."""
    if not (actor.is_centre and allows(actor, "notices:release")):
        raise NotAllowed
    return _keep(actor, organisation, advisory, rules.Answer.WORKING, note[: rules.LONGEST_NOTE], "phone")


def _checked(answer: str, note: str) -> tuple[rules.Answer, str]:
    kept = rules.tidy(note)
    if answer not in set(rules.Answer) or kept is None:
        raise InvalidAnswer(known=", ".join(rules.Answer), longest=rules.LONGEST_NOTE)
    return rules.Answer(answer), kept


def _keep(actor: Actor, organisation: UUID, advisory: UUID, meant: rules.Answer, note: str, how: str) -> Exposure:
    with tenancy.acting(CLERK):
        Organisation.objects.select_for_update().get(id=organisation)  # its answers go one by one
        concern = Concern.objects.filter(organisation=organisation, advisory=advisory).order_by("-version").first()
        if concern is None:
            raise NotFound
        _read(actor, concern)
        last = Exposure.objects.filter(organisation=organisation, advisory=advisory).first()
        asked = reads.asked_of([organisation], [advisory]).get((organisation, advisory))
        if last and asked and not asked.by(last):
            last = None  # it was an answer to what was told before
        if last and (last.answer, last.note, last.version) == (meant, note, concern.version):
            return last
        if meant is rules.Answer.RECEIVED and last and not note:
            return last  # a receipt says nothing that an answer did not
        made = Exposure.objects.create(
            organisation_id=organisation,
            advisory=advisory,
            version=concern.version,
            answer=meant,
            note=note,
            by=actor.id[:100],
            how=how,
        )
        if after := rules.AFTER.get(meant):
            rows = Match.objects.filter(organisation_id=organisation, advisory=advisory, ended_at=None)
            rows.exclude(status=rules.Status.DONE).exclude(status=after).update(
                status=after, status_at=made.at, status_by=made.by
            )
        if meant is not rules.Answer.RECEIVED:  # a receipt delays a call, and does not spare it
            reference = f"advisory:{advisory}:"
            calling.settle(actor=CLERK, organisation=organisation, reference=reference, result="answered")
        record(
            actor=actor,
            action="advisories:advisory:answer",
            target=("advisory", advisory),
            organisation=organisation,
            detail={"answer": str(meant), "version": concern.version, "how": how},
            personal={"note": note} if note else None,
        )
    return made


@transaction.atomic
def note_read(*, actor: Actor, organisation: UUID, advisory: UUID) -> None:
    """Note that somebody of the organisation read an advisory: the receipt. The first time alone is recorded."""
    if organisation not in actor.acts_for:
        raise NotFound
    if not allows_for(actor, reads.WRITE, organisation):
        return  # a reader looks, and does not make it read for those who must act
    with tenancy.acting(CLERK):
        concern = Concern.objects.filter(organisation=organisation, advisory=advisory).order_by("-version").first()
        if concern is not None and concern.read_at is None:
            _read(actor, concern)
            record(
                actor=actor,
                action="advisories:advisory:read",
                target=("advisory", advisory),
                organisation=organisation,
                detail={"version": concern.version},
            )


def _read(actor: Actor, concern: Concern) -> None:
    if concern.read_at is None:
        Concern.objects.filter(id=concern.id).update(read_at=timezone.now(), read_by=actor.id[:100])


@transaction.atomic
def mark(*, actor: Actor, organisation: UUID, advisory: UUID, matches: list[UUID], status: str) -> int:
    """Say how far single lines and vulnerabilities are (CSAF 2.0 9.1.13, 9.1.17); give how many changed.

    Raises NotAllowed, NotFound, InvalidAnswer.
    """
    if status not in set(rules.Status):
        raise InvalidAnswer(known=", ".join(rules.Status), longest=rules.LONGEST_NOTE)
    if organisation not in actor.acts_for:
        raise NotFound
    if not allows_for(actor, reads.WRITE, organisation):
        raise NotAllowed
    rows = Match.objects.filter(organisation_id=organisation, advisory=advisory, ended_at=None, id__in=matches)
    if rows.count() != len(set(matches)):
        raise NotFound
    changed: int = rows.exclude(status=status).update(status=status, status_at=timezone.now(), status_by=actor.id[:100])
    record(
        actor=actor,
        action="advisories:match:mark",
        target=("advisory", advisory),
        organisation=organisation,
        detail={"status": status, "matches": changed},
    )
    return changed


@transaction.atomic
def match_again(
    *,
    actor: Actor,
    advisories: Sequence[tuple[UUID, int]] = (),
    lines: Sequence[UUID] = (),
    inventory: UUID | None = None,
) -> int:
    """Ask for a run by hand: of documents, of lines, or of a whole list (CSAF 2.0 9.1.13, 9.1.17); gives how many.

    Documents are the centre's to run; lines and lists also those of who keeps them. Raises NotAllowed, NotFound.
    """
    from dijkwacht.rooms.advisories.delivery import tasks
    from dijkwacht.rooms.advisories.inventory import reads as inventories

    desk = actor.is_centre and allows(actor, "advisories:write")
    if (advisories or actor.is_centre) and not desk:
        raise NotAllowed
    wanted = [inventories.access_line(actor, line, write=not desk).id for line in lines]
    if inventory is not None:
        held = inventories.access_inventory(actor, inventory, write=not desk)
        wanted += held.lines.filter(removed_at=None).values_list("id", flat=True)
    for advisory, version in advisories:
        tasks.run.defer(advisory=str(advisory), version=version)
    tasks.defer_lines(wanted)
    record(
        actor=actor,
        action="advisories:match:run",
        target=("inventory", inventory) if inventory else ("advisories", ""),
        detail={"advisories": [str(one) for one, _ in advisories], "lines": len(wanted)},
    )
    return len(advisories) + len(wanted)


@transaction.atomic
def stop(*, actor: Actor, organisation: UUID) -> int:
    """Cancel what waits to be told to an organisation that left the register. Raises NotAllowed unless a job asks."""
    if actor.kind is not Kind.SYSTEM:
        raise NotAllowed
    with connection.cursor() as cursor:
        cursor.execute(
            "update advisories_telling set state = 'cancelled' where state = 'waiting' "
            "and (organisation_id = %s or about_id = %s)",
            [organisation, organisation],
        )
        stopped = int(cursor.rowcount)
    Match.objects.filter(organisation_id=organisation, ended_at=None).update(ended_at=timezone.now())
    record(
        actor=actor,
        action="advisories:organisation:stop",
        target=("organisation", organisation),
        organisation=organisation,
        detail={"tellings": stopped},
    )
    return stopped


@transaction.atomic
def note_export(*, actor: Actor, advisory: UUID, form: str, rows: int) -> None:
    """Record that who was told of an advisory went out as a file."""
    record(
        actor=actor,
        action="advisories:reach:export",
        target=("advisory", advisory),
        detail={"form": form, "rows": rows},
    )
