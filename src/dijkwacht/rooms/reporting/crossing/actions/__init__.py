"""Every change of what crosses a border: share or settle, acknowledge, keep contacts, take in, relay."""

from dijkwacht.rooms.reporting.crossing.actions.points import CLEANERS, add_point, change_point
from dijkwacht.rooms.reporting.crossing.actions.relaying import receive_inbound, relay_inbound
from dijkwacht.rooms.reporting.crossing.actions.sharing import (
    acknowledge_by_link,
    acknowledge_disclosure,
    settle,
    share,
)
from dijkwacht.rooms.reporting.crossing.choosing import Choice

POINT_FIELDS = tuple(CLEANERS)

__all__ = [
    "POINT_FIELDS",
    "Choice",
    "acknowledge_by_link",
    "acknowledge_disclosure",
    "add_point",
    "change_point",
    "receive_inbound",
    "relay_inbound",
    "settle",
    "share",
]
