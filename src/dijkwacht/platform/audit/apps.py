from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "dijkwacht.platform.audit"
    label = "audit"
