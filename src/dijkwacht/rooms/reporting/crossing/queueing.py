"""Which states must hear of an incident: rows of the queue, made when a report names them."""

from datetime import datetime

from dijkwacht.law.incidents import spoc
from dijkwacht.rooms.reporting import terms
from dijkwacht.rooms.reporting.crossing.models import Crossing
from dijkwacht.rooms.reporting.crossing.rules import told
from dijkwacht.rooms.reporting.models import Incident


def note(incident: Incident, at: datetime) -> None:
    """Put each other Member State that a report names in the queue, once. Needs the scope of the centre."""
    named = told(spoc.concerns_others(terms.record_of(incident)))
    rows = [Crossing(incident=incident, country=country, since=at) for country in named]
    Crossing.objects.bulk_create(rows, ignore_conflicts=True)
