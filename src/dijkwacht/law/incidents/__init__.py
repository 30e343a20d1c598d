"""One record of facts about an incident, and what each law on reporting makes of it. See README.md."""

from dijkwacht.law.incidents.clocks import Due, centre_due, due
from dijkwacht.law.incidents.conditions import Answer
from dijkwacht.law.incidents.errors import Fault, InvalidRegime, RecordNotUsable, UnknownRegime
from dijkwacht.law.incidents.projection import Projection, StageView, applies, begun, project, project_all
from dijkwacht.law.incidents.record import IncidentRecord
from dijkwacht.law.incidents.regimes import Regime, Regimes, house_regimes, load
from dijkwacht.law.incidents.routing import Recipient, Route, route
from dijkwacht.law.incidents.significance import Criterion, Fired, Verdict, judge, read_overlay

__all__ = [
    "Answer",
    "Criterion",
    "Due",
    "Fault",
    "Fired",
    "IncidentRecord",
    "InvalidRegime",
    "Projection",
    "Recipient",
    "RecordNotUsable",
    "Regime",
    "Regimes",
    "Route",
    "StageView",
    "UnknownRegime",
    "Verdict",
    "applies",
    "begun",
    "centre_due",
    "due",
    "house_regimes",
    "judge",
    "load",
    "project",
    "project_all",
    "read_overlay",
    "route",
]
