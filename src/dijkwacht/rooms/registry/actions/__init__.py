"""Every change of the registry: actor first; permission, change and audit in one transaction."""

from dijkwacht.rooms.registry.actions.assets import (
    claim_asset,
    dispute_asset,
    expire_asset,
    expire_due_assets,
    remove_asset,
    verify_asset,
)
from dijkwacht.rooms.registry.actions.belongings import move_belonging
from dijkwacht.rooms.registry.actions.conflicts import decide_conflict
from dijkwacht.rooms.registry.actions.contacts import (
    add_contact,
    remove_contact,
    renew_webhook_secret,
    set_contact_status,
    set_optional_kinds,
    update_contact,
)
from dijkwacht.rooms.registry.actions.extracts import extract_numbers
from dijkwacht.rooms.registry.actions.imports import export_file, import_file
from dijkwacht.rooms.registry.actions.mandates import add_mandate, resume_mandate, suspend_mandate, withdraw_mandate
from dijkwacht.rooms.registry.actions.organisations import create_organisation, update_organisation

__all__ = [
    "add_contact",
    "add_mandate",
    "claim_asset",
    "create_organisation",
    "decide_conflict",
    "dispute_asset",
    "expire_asset",
    "expire_due_assets",
    "export_file",
    "extract_numbers",
    "import_file",
    "move_belonging",
    "remove_asset",
    "remove_contact",
    "renew_webhook_secret",
    "resume_mandate",
    "set_contact_status",
    "set_optional_kinds",
    "suspend_mandate",
    "update_contact",
    "update_organisation",
    "verify_asset",
    "withdraw_mandate",
]
