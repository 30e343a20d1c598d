"""The only way to rows of delivering: a receiver sees the reports under its law, and nothing else of an incident."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.permissions import where
from dijkwacht.rooms.reporting import rules
from dijkwacht.rooms.reporting.delivering import reached
from dijkwacht.rooms.reporting.delivering.models import RegimeReceiver, ReportReceived
from dijkwacht.rooms.reporting.errors import NotAllowed, NotFound
from dijkwacht.rooms.reporting.models import Report
from dijkwacht.rooms.reporting.reads import READ


def all_receivers(actor: Actor) -> list[RegimeReceiver]:
    """Return every designation for a law, for an officer. Raises NotAllowed."""
    if not rules.may_handle(actor):
        raise NotAllowed
    return list(
        RegimeReceiver.objects.select_related("reader").order_by("regime", "role", "sector", "valid_from", "id")
    )


def own_designations(actor: Actor, permission: str = READ) -> list[RegimeReceiver]:
    """Return for which laws, and sectors, the organisations of the actor receive today."""
    return list(RegimeReceiver.objects.filter(reached.running(), reader_id__in=where(actor, permission)))


def reports_for_us(actor: Actor) -> QuerySet[Report]:
    """Return the reports that the actor's organisations receive by their law, the latest first."""
    mine = Q(pk__in=[])
    for one in own_designations(actor):
        under = Q(regime=one.regime)
        mine |= under & Q(sectors__overlap=reached.parts(one.sector)) if one.sector else under
    return Report.objects.filter(mine).order_by("-submitted_at", "id")


def unacknowledged(actor: Actor, rows: QuerySet[Report]) -> QuerySet[Report]:
    """Return those that no organisation of the actor acknowledged yet."""
    said = ReportReceived.objects.filter(report=OuterRef("pk"), reader_id__in=where(actor, READ))
    return rows.filter(~Exists(said))


def access_for_us(actor: Actor, identifier: UUID) -> Report:
    """Return a report that an organisation of the actor receives by its law. Raises NotFound."""
    found = reports_for_us(actor).filter(id=identifier).first()
    if found is None:
        raise NotFound
    return found


def readers_of(actor: Actor, report: Report, permission: str) -> list[UUID]:
    """Return the organisations of the actor that receive a report and did not say so yet, where it may speak."""
    said = set(ReportReceived.objects.filter(report=report).values_list("reader_id", flat=True))
    found = {
        one.reader_id
        for one in own_designations(actor, permission)
        if one.regime == report.regime and (not one.sector or one.sector in reached.with_whole(report.sectors))
    }
    return sorted(found - said)


def own_received(actor: Actor, report: Report) -> ReportReceived | None:
    """Return that an organisation of the actor acknowledged a report."""
    return ReportReceived.objects.filter(report=report, reader_id__in=where(actor, READ)).first()


def received(reports: list[Report]) -> list[tuple[ReportReceived, str]]:
    """Return who acknowledged the reports of an incident that was read, with the name of each."""
    found = list(ReportReceived.objects.select_related("report").filter(report__in=reports))
    from dijkwacht.rooms.reporting.reads import names_of

    with tenancy.acting(reached.DELIVERER):  # an authority need not be in the register that the reporter sees
        names = names_of(one.reader_id for one in found)
    return [(one, names.get(one.reader_id, "")) for one in found]
