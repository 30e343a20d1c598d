"""Who hears of what, by when. Pure: no Django."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from dijkwacht.law.incidents.facts import MEMBER_STATES

# The law says "without delay" (Cbw 39(2), (4)) and gives no number: these are the centre's own.
TELL_STATE: Final = timedelta(hours=24)
RELAY: Final = timedelta(hours=24)
TELL_ARTICLE: Final = "Cbw 39(2)"
RELAY_ARTICLE: Final = "Cbw 39(4)"
RELAY_STAGE: Final = "relay"
HOME: Final = "NL"
UNION: Final = "EU"  # ENISA, which hears of what two or more Member States hear of


class Audience(StrEnum):
    """For whom a version is made; the words of `law.incidents.disclosure`."""

    STATE = "state"  # the single point of contact of another Member State
    NETCODE_STATE = "netcode-state"  # the contacts of other Member States under the network code
    NETCODE_ENTITY = "netcode-entity"  # high-impact and critical-impact entities here


class PointKind(StrEnum):
    """What a contact abroad is for."""

    SPOC = "spoc"
    NETCODE = "netcode"


class Way(StrEnum):
    """How a report of another state came in."""

    FORM = "form"
    FILE = "file"
    API = "api"


class Sealing(StrEnum):
    """How the mail went that says where a version is read. Abroad its link is the key to the version."""

    SIGN_IN = "sign-in"  # an organisation of the register: the link is worth nothing without signing in
    OPENPGP = "openpgp"  # encrypted for the contact
    CLEAR = "clear"  # as a person decided, who wrote why


# The centre's duty that a version meets, as the clocks call it.
DUTY: Final = {Audience.NETCODE_STATE: "member-states", Audience.NETCODE_ENTITY: "national-entities"}


def told(states: tuple[str, ...]) -> tuple[str, ...]:
    """Return who must hear of an incident that touches these other Member States: they, and ENISA (Cbw 39(2))."""
    return (*dict.fromkeys(states), UNION) if states else ()


def stage_of(country: str) -> str:
    """Return how the clock of the version for one state is called."""
    return f"state-{country}"


def country_of(text: str) -> str:
    """Return a Member State, or EU for all of them, as an address names it; nothing for another word."""
    return text if text in MEMBER_STATES | {UNION} else ""
