"""An incident as an accessible PDF (PDF/UA-1, tagged), made from the signed JSON; it carries the same hash."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from dijkwacht.platform import printing
from dijkwacht.rooms.reporting import showing
from dijkwacht.rooms.reporting.forms import language

TEMPLATE: Final = Path(__file__).with_name("incident.typ")


def pdf(signed: bytes) -> bytes:
    """Return the PDF of a signed export, in the reader's language. Text of strangers is data, never markup."""
    made: dict[str, Any] = json.loads(signed)
    at = datetime.fromisoformat(made["receipt"]["received_at"])
    return printing.sealed_pdf(TEMPLATE, _content(made), at)


def _content(signed: dict[str, Any]) -> dict[str, Any]:
    body = signed["receipt"]
    stages = [(showing.stage_title(one["stage"]), f"{one['number']} ({one['regime']})") for one in body["reports"]]
    moments = [(showing.moment(datetime.fromisoformat(at)), what) for at, what in body["timeline"]]
    said = [(showing.moment(datetime.fromisoformat(one["at"])), one["text"]) for one in body["messages"] if one["text"]]
    open_ = showing.still_open(body["reports"], body["facts"])
    parts = {
        _("What was reported"): showing.rows(body["facts"], asked=False) + showing.left_open(open_, asked=False),
        _("Reports and receipts"): stages,
        _("Timeline"): moments,
        _("Messages"): said,
        _("Files"): [(f"{one['size']} B", one["sha256"]) for one in body["files"]],
    }
    return {
        "language": language(),
        "centre": body["centre"],
        "title": _("Incident %(number)s") % {"number": body["number"]},
        "lead": body["organisation"]["name"] or _("not registered"),
        "parts": [
            {"title": title, "rows": [{"name": str(name), "value": value} for name, value in found]}
            for title, found in parts.items()
            if found
        ],
        "proof_title": _("Proof"),
        "proof": _("The signed JSON of this export has this hash. Anybody can have it verified at %(address)s.")
        % {"address": f"{settings.BASE_URL}/receipt"},
        "hash_name": "SHA-256",
        "key_name": _("Verifier key"),
        "sha256": signed["sha256"],
        "key": signed["key"],
    }
