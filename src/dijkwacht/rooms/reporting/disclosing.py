"""Whether an incident may go to an authority or CSIRT: asked of the policies, with the four tests of Cbw 66(1)."""

from collections.abc import Mapping
from typing import Any, Final

from dijkwacht.kernel.clock import SYSTEM_CLOCK, legal_date
from dijkwacht.kernel.pap import Pap
from dijkwacht.kernel.tlp import Tlp
from dijkwacht.law import AssetStatus, Facts, Information, ReceiverClass, Route, SourceTerms
from dijkwacht.rooms.notification.deciding import court
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.reporting.crossing.rules import UNION
from dijkwacht.rooms.reporting.errors import NotLawful
from dijkwacht.rooms.reporting.models import Incident

SEAT_OF_ENISA: Final = "GR"  # an agency of the Union, in Athens (Regulation (EU) 2019/881)
# Necessary; limited and proportionate; confidentiality guaranteed; interests of the entity protected.
TESTS: Final = ("necessary", "proportionate", "confidentiality_guaranteed", "interests_protected")


def decide(incident: Incident, receiver: Organisation, tests: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    """Return the decision as it is kept, and the ground. Raises NotLawful with what forbids it.

    A test holds when somebody wrote why. An authority is an "other relevant party" of Cbw 16(2)(b). What is told
    concerns the reporter's own systems, so whose they are is not in doubt.
    """
    personal = bool((incident.facts or {}).get("contact_name"))
    abroad = receiver.country != "NL"
    whose = ReceiverClass.FOREIGN if abroad else ReceiverClass.OTHER
    return decide_for(whose, receiver.country, personal_data=personal, tests=tests)


def receiver_class(organisation: Organisation | None) -> ReceiverClass:
    """Return what a receiver of a version is under the law: an entity of the register, or a body abroad."""
    if organisation is None or organisation.country != "NL":
        return ReceiverClass.FOREIGN
    known = organisation.classification
    return ReceiverClass(known) if known in {"essential", "important"} else ReceiverClass.OTHER


def decide_for(
    whose: ReceiverClass, country: str, *, personal_data: bool, tests: Mapping[str, str]
) -> tuple[dict[str, Any], str]:
    """Return the decision as it is kept, and the ground, for a receiver of a class and country. Raises NotLawful.

    A body of the Union (country EU) is asked of as one of a Member State.
    """
    facts = Facts(
        receiver_class=whose,
        information=Information.VICTIM,
        personal_data=personal_data,
        confidential=True,
        source_terms=SourceTerms.ANY_RECIPIENT,
        tlp=Tlp.AMBER,
        pap=Pap.AMBER,
        asset_status=AssetStatus.VERIFIED,
        on=legal_date(SYSTEM_CLOCK.now()),
        country=SEAT_OF_ENISA if country == UNION else country,
        has_direct_contact=whose is not ReceiverClass.FOREIGN,
        necessary=_holds(tests, "necessary"),
        proportionate=_holds(tests, "proportionate"),
        confidentiality_guaranteed=_holds(tests, "confidentiality_guaranteed"),
        interests_protected=_holds(tests, "interests_protected"),
    )
    (decision,) = court().decide([facts])
    if Route.NOBODY in decision.routes:
        against = [one for ruling in decision.rulings for one in ruling.determining]
        nl = "; ".join(one.sentence_nl for one in against) or "er is geen grondslag"
        en = "; ".join(one.sentence_en for one in against) or "there is no ground"
        raise NotLawful(reason_nl=nl, reason_en=en)
    grounds = [article for ruling in decision.chosen for article in ruling.articles]
    return decision.to_record(), ", ".join(dict.fromkeys(grounds))[:200]


def _holds(tests: Mapping[str, str], name: str) -> bool:
    return bool(tests.get(name, "").strip())
