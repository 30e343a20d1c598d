"""Receipts: to download again, and to have verified by anybody."""

from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from dijkwacht.api.limits import Buckets
from dijkwacht.platform import receipts
from dijkwacht.platform.accounts import origins
from dijkwacht.platform.accounts.permissions import actor_of, public_page
from dijkwacht.platform.attachments import attached
from dijkwacht.platform.receipts import ReceiptNotValid, Signer
from dijkwacht.rooms.enrolment import reads
from dijkwacht.rooms.enrolment.errors import TooMany
from dijkwacht.rooms.enrolment.forms import language, told
from dijkwacht.rooms.enrolment.summary import organisation_rows
from dijkwacht.rooms.enrolment.web import enrolling

VERIFIED: Final = Buckets("receipts-verified", 30)  # by an address, in a minute


@enrolling
@require_safe
def as_json(request: HttpRequest, registration: UUID) -> HttpResponseBase:
    """The signed receipt, to the byte as it was made."""
    row = reads.access_registration(actor_of(request), registration)
    return attached(row.receipt.encode(), "application/json", f"receipt-{row.id}.json")


@enrolling
@require_safe
def as_pdf(request: HttpRequest, registration: UUID) -> HttpResponseBase:
    """The receipt as an accessible PDF in the language of the reader; it carries the same hash."""
    from dijkwacht.rooms.enrolment.receipt_pdf import pdf

    row = reads.access_registration(actor_of(request), registration)
    return attached(pdf(row.receipt, language()), "application/pdf", f"receipt-{row.id}.pdf")


@public_page("whoever holds a receipt may have it verified; the answer tells only what the receipt itself holds")
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponseBase:
    """A form for a receipt, and whether it is ours."""
    context: dict[str, Any] = {"key": Signer.of(settings.HOME).verifier.text(), "asked": request.method == "POST"}
    status = 200
    if request.method == "POST":
        try:
            body = receipts.verify(_given(request), Signer.of(settings.HOME).verifier)
            context |= {"body": body, "rows": organisation_rows(body.get("organisation", {}))}
        except (ReceiptNotValid, TooMany) as problem:
            context["problem"] = told(problem)
            status = problem.status
    return render(request, "enrolment/receipt.html", context, status=status)


def _given(request: HttpRequest) -> str:
    """Return the text that was handed in. Raises TooMany."""
    if VERIFIED.take(origins.address(request)).exceeded:
        raise TooMany
    file = request.FILES.get("file")
    if file is not None:
        return bytes(file.read(receipts.LARGEST + 1)).decode("utf-8", "replace")
    return str(request.POST.get("receipt", ""))
