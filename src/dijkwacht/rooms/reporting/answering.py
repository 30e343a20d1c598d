"""The first answer, at once and by itself: guidance by the type of the incident (Cbw 36)."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from dijkwacht.rooms.reporting.models import Incident, Message
from dijkwacht.rooms.reporting.scheduling import CLERK


def first_answer(incident: Incident) -> Message:
    """Write the first answer in the language of the report. A person's answer within 24 hours stays due."""
    facts = incident.facts or {}
    context = {
        "centre_name": settings.CENTRE_NAME,
        "number": incident.number,
        "type": str(facts.get("incident_type", "")).partition("/")[0],
        "malicious": facts.get("suspected_malicious") is not False,
        "matter": incident.matter,
        "phone": settings.DUTY_PHONE,
    }
    with translation.override(incident.language):
        text = render_to_string("reporting/first_answer.txt", context).strip()
    row = Message(
        incident=incident,
        organisation_id=incident.organisation_id,
        from_centre=True,
        automatic=True,
        by=CLERK.id,
    )
    row.text = text
    row.save(force_insert=True)
    return row
