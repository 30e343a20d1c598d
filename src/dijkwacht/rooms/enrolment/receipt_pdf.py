"""The receipt as an accessible PDF (PDF/UA-1, tagged), made from the signed JSON; it carries the same hash."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from dijkwacht.platform import printing
from dijkwacht.rooms.enrolment.questions import QUESTIONS
from dijkwacht.rooms.enrolment.summary import KINDS, organisation_rows

TEMPLATE: Final = Path(__file__).with_name("receipt.typ")


def pdf(receipt: str, language: str) -> bytes:
    """Return the PDF of a signed receipt in Dutch or English. No text of a stranger is read as markup: it is data."""
    signed: dict[str, Any] = json.loads(receipt)
    with translation.override(language):
        data = _content(signed, language)
    return printing.sealed_pdf(TEMPLATE, data, datetime.fromisoformat(signed["receipt"]["received_at"]))


def _content(signed: dict[str, Any], language: str) -> dict[str, Any]:
    body = signed["receipt"]
    rows = {
        _("Organisation"): organisation_rows(body["organisation"]),
        _("Contacts"): [
            (
                QUESTIONS[f"{one['role']}_email"].group,
                ", ".join(filter(None, (one["name"], one["email"], one["phone"]))),
            )
            for one in body["contacts"]
        ],
        _("Claimed"): _claimed(body["assets"]),
    }
    parts = [
        {"title": title, "rows": [{"name": str(name), "value": value} for name, value in found]}
        for title, found in rows.items()
    ]
    return {
        "language": language,
        "centre": body["centre"],
        "title": _("Receipt of registration %(number)s") % {"number": body["number"]},
        "lead": _("%(centre)s received this registration at %(time)s (UTC).")
        % {"centre": body["centre"], "time": body["received_at"]},
        "parts": [part for part in parts if part["rows"]],
        "proof_title": _("Proof"),
        "proof": _("The JSON receipt with this hash is signed by us. Anybody can have it verified at %(address)s.")
        % {"address": f"{settings.BASE_URL}/receipt"},
        "hash_name": "SHA-256",
        "key_name": _("Verifier key"),
        "sha256": signed["sha256"],
        "key": signed["key"],
    }


def _claimed(assets: Any) -> list[tuple[Any, str]]:
    """Return each asset with its kind; of many the number, and the hash of the file that holds them."""
    if isinstance(assets, dict):
        return [(_("Number of assets"), str(assets["count"])), (_("SHA-256 of their file"), assets["sha256"])]
    return [(KINDS[kind], f"AS{value}" if kind == "asn" else value) for kind, value in assets]
