"""Makers of what was reported: incidents, drafts, reports, files, handovers; of A, and of B with its mark."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from tests.accounts.people import TESTER
from tests.attacks.objects import makes
from tests.attacks.world import World

from dijkwacht.rooms.reporting import actions as reporting
from dijkwacht.rooms.reporting import links as links_to_follow
from dijkwacht.rooms.reporting.confidential.models import OwnCriterion
from dijkwacht.rooms.reporting.customers.models import ProviderCustomer, ProviderEvent, ProviderFiling
from dijkwacht.rooms.reporting.delivering.models import RegimeReceiver
from dijkwacht.rooms.reporting.judging.models import Handover, Likeness
from dijkwacht.rooms.reporting.leaving.models import Departure
from dijkwacht.rooms.reporting.models import Draft, Incident, Report
from dijkwacht.rooms.reporting.oncall import reads as oncall
from dijkwacht.rooms.reporting.oncall.models import Alarm, Call, Shift
from dijkwacht.rooms.reporting.rules import Channel, Stage


@makes("incident")
def an_incident(world: World, owner: UUID, mark: str) -> UUID:
    """One that was reported by telephone, with everything that a reporter may write."""
    words = ("title", "contact_name", "description", "effects", "measures_taken", "root_cause")
    facts = {**dict.fromkeys(words, mark), "kind": "incident", "indicators": (f"{mark}.example",)}
    made = reporting.file_report(
        actor=TESTER, stage=Stage.EARLY_WARNING, facts=facts, organisation=owner, channel=Channel.PHONE
    ).incident
    reporting.send_message(actor=TESTER, incident=made.id, text=mark)
    return made.id


@makes("draft")
def a_draft(world: World, owner: UUID, mark: str) -> UUID:
    """What somebody of A, or of B, has filled in so far."""
    member = world.people["member-of-a" if owner == world.a else "member-of-b"]
    row = Draft(account=member.id, organisation_id=owner, stage=Stage.EARLY_WARNING)
    row.answers = {"title": mark, "description": mark}
    row.save(force_insert=True)
    return row.id


@makes("follow")
def a_link_to_follow(world: World, owner: UUID, mark: str) -> str:
    """The link of somebody without account, which is proof for whoever holds it; for B's one that we did not sign."""
    if owner == world.b:
        return "no-link-of-ours"
    facts = {"kind": "incident", "title": mark, "contact_email": "guest@contact.example"}
    made = reporting.file_as_guest(actor=TESTER, stage=Stage.EARLY_WARNING, facts=facts)
    return links_to_follow.follow(made.incident)


@makes("report")
def a_report(world: World, owner: UUID, mark: str) -> UUID:
    return Report.objects.filter(incident_id=an_incident(world, owner, mark)).first().id


@makes("for_us")
def a_report_under_a_law_of_its_receiver(world: World, owner: UUID, mark: str) -> UUID:
    """A report under a law that A alone receives, or B alone."""
    regime = "avg" if owner == world.a else "dora"
    RegimeReceiver.objects.get_or_create(reader_id=owner, regime=regime, defaults={"ground": mark})
    report = a_report(world, owner, mark)
    Report.objects.filter(id=report).update(regime=regime)
    return report


@makes("attachment")
def an_attachment(world: World, owner: UUID, mark: str) -> UUID:
    incident = an_incident(world, owner, mark)
    return reporting.attach(actor=TESTER, incident=incident, name=mark, content=mark.encode()).id


@makes("handover")
def a_handover(world: World, owner: UUID, mark: str) -> UUID:
    """Of an incident that was handed over to A, or to B."""
    incident = Incident.objects.get(id=an_incident(world, owner, mark))
    return Handover.objects.create(incident=incident, reader_id=owner, ground=mark, by=mark).id


@makes("unreported")
def an_incident_not_reported(world: World, owner: UUID, mark: str) -> UUID:
    facts = {"title": mark, "root_cause_key": mark}
    return reporting.keep_unreported(actor=TESTER, organisation=owner, facts=facts, reason=mark).id


@makes("likeness")
def a_likeness(world: World, owner: UUID, mark: str) -> UUID:
    sides = [an_incident(world, owner, mark) for _ in range(2)]
    Likeness.objects.filter(first_id__in=sides, second_id__in=sides).delete()
    return Likeness.objects.create(first_id=sides[0], second_id=sides[1], reasons=["indicator"]).id


@makes("departure")
def a_departure(world: World, owner: UUID, mark: str) -> UUID:
    incident = an_incident(world, owner, mark)
    return Departure.objects.create(incident_id=incident, organisation_id=owner, side="reporter").id


@makes("alarm")
def an_alarm(world: World, owner: UUID, mark: str) -> UUID:
    """One that nobody took; it is the centre's own, whoever reported."""
    return Alarm.objects.create(next_at=timezone.now() + timedelta(hours=1)).id


@makes("shift")
def a_shift(world: World, owner: UUID, mark: str) -> UUID:
    now = timezone.now()
    row = Shift(name=mark, starts_at=now, ends_at=now + timedelta(hours=8), by="somebody")
    row.ways = {"mail": f"{mark}@centre.example"}
    row.save(force_insert=True)
    return row.id


@makes("duty_link")
def a_link_to_take_an_alarm(world: World, owner: UUID, mark: str) -> str:
    """The link of a call, which is proof for whoever holds it; for B's one that we did not sign."""
    if owner == world.b:
        return "no-link-of-ours"
    alarm = Alarm.objects.create(next_at=timezone.now() + timedelta(hours=1))
    return oncall.link(Call.objects.create(alarm=alarm, step="on-duty", name="Dina", channels="mail"))


@makes("event")
def an_event(world: World, owner: UUID, mark: str) -> UUID:
    """One that A, or B, told as a provider; it is for itself."""
    row = ProviderEvent(number=f"DW-{owner.hex[:12]}", owner_id=owner, by="somebody")
    row.facts = {"title": mark, "description": mark}
    row.save(force_insert=True)
    incident = an_incident(world, owner, mark)
    ProviderCustomer.objects.create(event=row, owner_id=owner, organisation_id=owner, name=mark, incident_id=incident)
    told = {"stage": "early-warning", "customers": 1, "who": {"mandates": {}}, "filed_at": timezone.now()}
    filing = ProviderFiling(event=row, owner_id=owner, **told)
    filing.facts = row.facts
    filing.save(force_insert=True)
    return row.id


@makes("criterion")
def a_confidential_criterion(world: World, owner: UUID, mark: str) -> UUID:
    row = OwnCriterion(organisation_id=owner, valid_from=timezone.localdate(), by="somebody")
    sentences = {"sentence_nl": mark, "sentence_en": mark}
    conditions = [{"fact": "users_affected", "above": 3.0}]
    row.content = {"criterion": {"code": "own.x", "all": conditions, **sentences}, "questions": {}}
    row.save(force_insert=True)
    return row.id
