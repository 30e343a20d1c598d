from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "dijkwacht.rooms.reporting"
    label = "reporting"

    def ready(self) -> None:
        """Refuse office hours that nobody can read at the start, not when somebody reports at night."""
        from django.conf import settings

        from dijkwacht.rooms.reporting.oncall.rules import office

        office(settings.OFFICE_HOURS)
