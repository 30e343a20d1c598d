"""The tables of the notification room."""

from dijkwacht.rooms.notification.models.campaigns import Approval, Campaign, Proposal
from dijkwacht.rooms.notification.models.findings import Decision, Event, Finding
from dijkwacht.rooms.notification.models.intake import Batch, FeedSilence, SetAsideLine
from dijkwacht.rooms.notification.models.notices import Call, Feedback, Notice, NoticeItem

__all__ = [
    "Approval",
    "Batch",
    "Call",
    "Campaign",
    "Decision",
    "Event",
    "FeedSilence",
    "Feedback",
    "Finding",
    "Notice",
    "NoticeItem",
    "Proposal",
    "SetAsideLine",
]
