"""What this room hears from others, and who in it answers. Those are imported when there is something to hear, so that
a command that has nothing to do with notices starts at once.
"""

from typing import Any

from dijkwacht.platform.outbox import events as outbox
from dijkwacht.platform.supervisor import events as supervisor
from dijkwacht.rooms.registry import events as registry


def connect() -> None:
    """Hear from the outbox what became of our messages, from the registry of proven assets and new contacts."""
    outbox.delivered.connect(_delivered, dispatch_uid="notification:delivered")
    outbox.bounced.connect(_bounced, dispatch_uid="notification:bounced")
    outbox.failed_permanently.connect(_failed, dispatch_uid="notification:failed")
    registry.organisation_left.connect(_organisation_left, dispatch_uid="notification:leaving")
    registry.asset_verified.connect(_asset_verified, dispatch_uid="notification:look-back")
    registry.assets_imported.connect(_assets_imported, dispatch_uid="notification:look-back-import")
    registry.organisations_joined.connect(_joined, dispatch_uid="notification:carry")
    registry.organisations_parted.connect(_parted, dispatch_uid="notification:carry-back")
    registry.contact_changed.connect(_contact_changed, dispatch_uid="notification:tell-waiting")
    registry.contacts_imported.connect(_contacts_imported, dispatch_uid="notification:tell-waiting-import")
    supervisor.worker_starting.connect(_worker_starting, dispatch_uid="notification:pool")
    supervisor.worker_started.connect(_worker_started, dispatch_uid="notification:warm")


def _delivered(**said: Any) -> None:
    from dijkwacht.rooms.notification import following

    following.delivered(**said)


def _bounced(**said: Any) -> None:
    from dijkwacht.rooms.notification import following

    following.bounced(**said)


def _failed(**said: Any) -> None:
    from dijkwacht.rooms.notification import following

    following.failed(**said)


def _asset_verified(**said: Any) -> None:
    from dijkwacht.rooms.notification import retro

    retro.on_asset_verified(**said)


def _assets_imported(**said: Any) -> None:
    from dijkwacht.rooms.notification import retro

    retro.on_assets_imported(**said)


def _joined(**said: Any) -> None:
    from dijkwacht.rooms.notification import carrying

    carrying.carry(actor=said["actor"], away=said["gone"], to=said["kept"])


def _parted(**said: Any) -> None:
    from dijkwacht.rooms.notification import carrying

    carrying.carry(actor=said["actor"], away=said["kept"], to=said["gone"])


def _contact_changed(**said: Any) -> None:
    from dijkwacht.rooms.notification import unreached

    unreached.on_contact_changed(**said)


def _contacts_imported(**said: Any) -> None:
    from dijkwacht.rooms.notification import unreached

    unreached.on_contacts_imported(**said)


def _worker_starting(*, queues: list[str], **_: Any) -> None:
    if not queues or {"ingest", "notices"} & set(queues):
        from dijkwacht.rooms.notification import warming

        warming.begin_threads()


def _worker_started(*, queues: list[str], **_: Any) -> None:
    if not queues or {"ingest", "notices"} & set(queues):
        from dijkwacht.rooms.notification import warming

        warming.warm()


def _organisation_left(**said: Any) -> None:
    from dijkwacht.rooms.notification import leaving

    leaving.on_organisation_left(**said)
