"""What the calculator asks: the facts that the criteria for an organisation decide by, and the verdict on them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from dijkwacht.kernel.clock import legal_date
from dijkwacht.law.incidents import IncidentRecord, Verdict
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.reporting import recurring, submitting
from dijkwacht.rooms.reporting.confidential import asking
from dijkwacht.rooms.reporting.confidential import reads as confidential
from dijkwacht.rooms.reporting.questions import QUESTIONS, YES_NO, Asked, Question, nested


def _yes_no(label: Any) -> Question:
    return Question(label=label, kind="yes-no", choices=YES_NO)


def _number(label: Any) -> Question:
    return Question(label=label, kind="number", longest=13)


WEIGHED: Final[Mapping[str, Question]] = {
    "planned": _yes_no(_("Is all of it planned maintenance, or a planned consequence of it?")),
    "severe_disruption": _yes_no(_("Did or can it severely disrupt your services?")),
    "financial_loss": _yes_no(_("Did or can it cause you severe financial loss?")),
    "others_harmed": _yes_no(_("Did or can it harm others considerably?")),
    "turnover_eur": _number(_("Your turnover of last year, in euros")),
    "trade_secrets": _yes_no(_("Did or can trade secrets of yours leak?")),
    "death": _yes_no(_("Did or can somebody die of it?")),
    "health_damage": _yes_no(_("Did or can it seriously harm somebody's health?")),
    "intrusion": _yes_no(_("Did somebody get in without right, as it seems with ill intent?")),
    "intrusion_can_disrupt": _yes_no(_("Can that severely disrupt your services?")),
    "unavailable_minutes_week": _number(_("Minutes that the service was unavailable in one calendar week")),
    "limited_minutes": _number(_("Minutes that the service was limited")),
    "slow_response_minutes": _number(_("Minutes in a row that the average answer took over 10 seconds")),
    "users_unavailable": _number(_("Users in the Union for whom it was unavailable")),
    "users_limited": _number(_("Users in the Union for whom it was limited")),
    "users_data": _number(_("Users in the Union whom the compromise of data affects")),
    "users_eu": _number(_("Users that the service has in the Union")),
    "data_compromised": _yes_no(_("Are data of the service changed, leaked or no longer to be trusted?")),
    "data_malicious": _yes_no(_("Is that the work of somebody with ill intent, as it seems?")),
    "misconfiguration": _yes_no(_("Are the DNS data wrong because of a wrong setting?")),
    "domains_affected": _number(_("Domain names whose data are wrong")),
    "domains_managed": _number(_("Domain names that you manage")),
    "physical_access": _yes_no(_("Did somebody get into the data centre or trusted area, or past its protection?")),
    "damage_eur": _number(_("Damage to state or society, in euros")),
    "beyond_budget": _yes_no(_("Can your budget not absorb what it costs?")),
    "misuse_loss_eur": _number(_("Loss by misuse of business information, in euros")),
    "classified": _yes_no(_("May somebody have learned what is classified Stg. CONFIDENTIEEL or higher?")),
}
# What an answer says nothing without.
WITH: Final = {"users_limited": "users_eu", "users_data": "users_eu", "domains_affected": "domains_managed"}
FIRST: Final = ("title", "detection")
ALWAYS: Final = ("planned", "loss_eur", "turnover_eur", "root_cause_key")
ALL: Final[Mapping[str, Question]] = {**QUESTIONS, **WEIGHED}


def asked(organisation: Organisation, now: datetime) -> Asked:
    """Return the questions for an organisation: those that the criteria for its types of entity decide by."""
    missing = set(verdict(organisation, {}, now).missing)
    if not organisation.entity_types:  # no criterion for a kind of entity can be judged: ask what they decide by
        missing |= set(WEIGHED)
    missing |= {WITH[name] for name in missing if name in WITH} | set(ALWAYS)
    own = asking.questions(confidential.in_force(organisation.id, legal_date(now)))
    known = tuple(name for name in ALL if name in missing and name not in FIRST)
    return Asked(FIRST, (*own, *known), own)


def record(organisation: Organisation, facts: Mapping[str, Any]) -> IncidentRecord:
    """Return the facts as the record of the law, with what the register says of the organisation."""
    return IncidentRecord.read({**nested(facts), **submitting.entity(organisation)})


def verdict(organisation: Organisation, facts: Mapping[str, Any], now: datetime) -> Verdict:
    """Judge facts by the criteria of the day on which it was noticed, with earlier incidents added up."""
    whole = record(organisation, facts)
    return recurring.judge(whole, whole.first_known() or legal_date(now), organisation.id)
