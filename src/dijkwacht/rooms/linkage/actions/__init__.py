"""Every change of linkage: actor first; permission, change and audit in one transaction."""

from dijkwacht.rooms.linkage.actions.joining import join_organisations, take_apart, undo_joining
from dijkwacht.rooms.linkage.actions.merges import apply_merge, hand_in, withdraw_merge
from dijkwacht.rooms.linkage.actions.pairs import answer_pair

__all__ = [
    "answer_pair",
    "apply_merge",
    "hand_in",
    "join_organisations",
    "take_apart",
    "undo_joining",
    "withdraw_merge",
]
