"""Every change of proof: actor first; permission, change and audit in one transaction."""

from dijkwacht.rooms.proof.actions.answers import confirm_mail, deny_mail, judge_proposal
from dijkwacht.rooms.proof.actions.asking import ask_check, start_challenge, withdraw_challenge
from dijkwacht.rooms.proof.actions.checks import end_challenge, end_mail_proof, record_check
from dijkwacht.rooms.proof.actions.sending import send_evidence
from dijkwacht.rooms.proof.actions.snapshots import prune_snapshots

__all__ = [
    "ask_check",
    "confirm_mail",
    "deny_mail",
    "end_challenge",
    "end_mail_proof",
    "judge_proposal",
    "prune_snapshots",
    "record_check",
    "send_evidence",
    "start_challenge",
    "withdraw_challenge",
]
