from django.apps import AppConfig


class NotificationConfig(AppConfig):
    name = "dijkwacht.rooms.notification"
    label = "notification"

    def ready(self) -> None:
        """Hear from the outbox what became of our notices, and from the registry when an asset is proven."""
        from dijkwacht.rooms.notification import following, retro
        from dijkwacht.rooms.registry import events

        following.connect()
        events.asset_verified.connect(retro.on_asset_verified, dispatch_uid="notification:look-back")
        events.assets_imported.connect(retro.on_assets_imported, dispatch_uid="notification:look-back-import")
