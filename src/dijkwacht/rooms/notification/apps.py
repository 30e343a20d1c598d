from django.apps import AppConfig


class NotificationConfig(AppConfig):
    name = "dijkwacht.rooms.notification"
    label = "notification"

    def ready(self) -> None:
        """Hear from the outbox what became of our notices, from the registry of proven assets and new contacts."""
        from dijkwacht.rooms.notification import following, retro, unreached
        from dijkwacht.rooms.registry import events

        following.connect()
        events.asset_verified.connect(retro.on_asset_verified, dispatch_uid="notification:look-back")
        events.assets_imported.connect(retro.on_assets_imported, dispatch_uid="notification:look-back-import")
        events.contact_changed.connect(unreached.on_contact_changed, dispatch_uid="notification:tell-waiting")
        events.contacts_imported.connect(
            unreached.on_contacts_imported, dispatch_uid="notification:tell-waiting-import"
        )
