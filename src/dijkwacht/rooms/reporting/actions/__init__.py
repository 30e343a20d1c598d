"""Every change of reporting: file, talk, judge, hand over."""

from dijkwacht.rooms.reporting.actions.conversing import attach, attach_once, send_message
from dijkwacht.rooms.reporting.actions.exporting import export_incident
from dijkwacht.rooms.reporting.actions.extracting import extract_quarter
from dijkwacht.rooms.reporting.actions.filing import Guest, file_report
from dijkwacht.rooms.reporting.actions.guests import file_as_guest, verify_guest, write_as_guest
from dijkwacht.rooms.reporting.actions.handling import (
    acknowledge_handover,
    close_incident,
    hand_over,
    judge_incident,
    judge_likeness,
)
from dijkwacht.rooms.reporting.actions.not_reporting import keep_unreported
from dijkwacht.rooms.reporting.actions.reminding import act_on_moments
from dijkwacht.rooms.reporting.enclosing.rules import LARGEST

__all__ = [
    "LARGEST",
    "Guest",
    "acknowledge_handover",
    "act_on_moments",
    "attach",
    "attach_once",
    "close_incident",
    "export_incident",
    "extract_quarter",
    "file_as_guest",
    "file_report",
    "hand_over",
    "judge_incident",
    "judge_likeness",
    "keep_unreported",
    "send_message",
    "verify_guest",
    "write_as_guest",
]
