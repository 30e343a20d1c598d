from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "dijkwacht.rooms.reporting"
    label = "reporting"
