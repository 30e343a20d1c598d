from django.apps import AppConfig


class NotificationConfig(AppConfig):
    name = "dijkwacht.rooms.notification"
    label = "notification"
