from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "dijkwacht.platform.outbox"
    label = "outbox"
