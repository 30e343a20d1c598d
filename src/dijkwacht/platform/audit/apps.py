from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "dijkwacht.platform.audit"
    label = "audit"

    def ready(self) -> None:
        from dijkwacht.platform.audit import sign_ins

        sign_ins.connect()
