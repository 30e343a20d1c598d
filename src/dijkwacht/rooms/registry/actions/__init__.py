"""Every change of the registry: actor first; permission, change and audit in one transaction."""

from dijkwacht.rooms.registry.actions.assets import (
    claim_asset,
    dispute_asset,
    expire_asset,
    expire_due_assets,
    remove_asset,
    verify_asset,
)
from dijkwacht.rooms.registry.actions.belongings import move_belonging, swap_standing, swap_standings
from dijkwacht.rooms.registry.actions.changes import ask_change, dismiss_change, remind_of_changes, tell_change
from dijkwacht.rooms.registry.actions.comparisons import (
    accept_difference,
    accept_differences,
    ask_about_difference,
    compare_register,
    dismiss_difference,
)
from dijkwacht.rooms.registry.actions.conflicts import decide_conflict, reopen_conflict, rest_conflict
from dijkwacht.rooms.registry.actions.contacts import (
    add_contact,
    remove_contact,
    renew_webhook_secret,
    set_contact_status,
    set_optional_kinds,
    update_contact,
)
from dijkwacht.rooms.registry.actions.deregistrations import (
    ask_deregistration,
    confirm_deregistration,
    deregister_due,
    refuse_deregistration,
    reregister,
    withdraw_deregistration,
)
from dijkwacht.rooms.registry.actions.designations import designate, end_designation
from dijkwacht.rooms.registry.actions.extracts import extract_enisa, extract_identified, extract_numbers
from dijkwacht.rooms.registry.actions.imports import export_file, import_file
from dijkwacht.rooms.registry.actions.joined_conflicts import close_between, open_between
from dijkwacht.rooms.registry.actions.mandates import add_mandate, resume_mandate, suspend_mandate, withdraw_mandate
from dijkwacht.rooms.registry.actions.organisations import create_organisation, update_organisation
from dijkwacht.rooms.registry.actions.retention import forecast_retention, forget_due
from dijkwacht.rooms.registry.actions.reviews import confirm_review, mail_reviews, start_review

__all__ = [
    "accept_difference",
    "accept_differences",
    "add_contact",
    "add_mandate",
    "ask_about_difference",
    "ask_change",
    "ask_deregistration",
    "claim_asset",
    "close_between",
    "compare_register",
    "confirm_deregistration",
    "confirm_review",
    "create_organisation",
    "decide_conflict",
    "deregister_due",
    "designate",
    "dismiss_change",
    "dismiss_difference",
    "dispute_asset",
    "end_designation",
    "expire_asset",
    "expire_due_assets",
    "export_file",
    "extract_enisa",
    "extract_identified",
    "extract_numbers",
    "forecast_retention",
    "forget_due",
    "import_file",
    "mail_reviews",
    "move_belonging",
    "open_between",
    "refuse_deregistration",
    "remind_of_changes",
    "remove_asset",
    "remove_contact",
    "renew_webhook_secret",
    "reopen_conflict",
    "reregister",
    "rest_conflict",
    "resume_mandate",
    "set_contact_status",
    "set_optional_kinds",
    "start_review",
    "suspend_mandate",
    "swap_standing",
    "swap_standings",
    "tell_change",
    "update_contact",
    "update_organisation",
    "verify_asset",
    "withdraw_deregistration",
    "withdraw_mandate",
]
