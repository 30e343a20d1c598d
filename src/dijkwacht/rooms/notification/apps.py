from django.apps import AppConfig


class NotificationConfig(AppConfig):
    name = "dijkwacht.rooms.notification"
    label = "notification"

    def ready(self) -> None:
        """Hear what happens to our notices, to assets and to contacts."""
        from dijkwacht.rooms.notification import hearing

        hearing.connect()
