"""What is downloaded: receipts, the content they stand for, and the files of reporters, which are never shown."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from dijkwacht.platform.accounts.permissions import actor_of, public_page
from dijkwacht.platform.attachments import attached
from dijkwacht.platform.receipts import canonical
from dijkwacht.rooms.reporting import actions, offline, reads
from dijkwacht.rooms.reporting.errors import NotFound
from dijkwacht.rooms.reporting.web import door


@public_page("the form for when the network is down; the same file for everybody")
@require_safe
def offline_form(request: HttpRequest) -> HttpResponseBase:  # noqa: ARG001
    """The offline form, to keep: one file, in the reader's language."""
    answer = HttpResponse(offline.form().encode(), content_type="text/html; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="incident-report.html"'
    return answer


@door("reports:read")
@require_safe
def receipt(request: HttpRequest, report: UUID) -> HttpResponseBase:
    """The signed receipt, to the byte as it was made."""
    row = reads.access_report(actor_of(request), report)
    if not row.receipt:  # its term is over
        raise NotFound
    return attached(row.receipt.encode(), "application/json", f"receipt-{row.number}.json")


@door("reports:read")
@require_safe
def content(request: HttpRequest, report: UUID) -> HttpResponseBase:
    """The report to the byte as its hash stands in the receipt."""
    row = reads.access_report(actor_of(request), report)
    return attached(canonical(row.content), "application/json", f"report-{row.number}.json")


@door("reports:read")
@require_safe
def attachment(request: HttpRequest, attachment: UUID) -> HttpResponseBase:
    """A file of a reporter."""
    row = reads.access_attachment(actor_of(request), attachment)
    return row.as_download()


@door("incidents:handle")
@require_safe
def export_json(request: HttpRequest, incident: UUID) -> HttpResponseBase:
    """The whole incident, signed."""
    made = actions.export_incident(actor=actor_of(request), incident=incident, form="json")
    return attached(made, "application/json", f"incident-{incident}.json")


@door("incidents:handle")
@require_safe
def export_pdf(request: HttpRequest, incident: UUID) -> HttpResponseBase:
    """The whole incident as a PDF, with the hash of the signed JSON."""
    from dijkwacht.rooms.reporting.incident_pdf import pdf

    made = actions.export_incident(actor=actor_of(request), incident=incident, form="json")
    return attached(pdf(made), "application/pdf", f"incident-{incident}.pdf")


@door("incidents:handle")
@require_safe
def export_stix(request: HttpRequest, incident: UUID) -> HttpResponseBase:
    """The incident as STIX 2.1."""
    made = actions.export_incident(actor=actor_of(request), incident=incident, form="stix")
    return attached(made, "application/stix+json;version=2.1", f"incident-{incident}.stix.json")
