from typing import Any

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "dijkwacht.rooms.reporting"
    label = "reporting"

    def ready(self) -> None:
        """Hear who left the register; hand in what is kept about people, and how long; read the office hours.

        Office hours that nobody can read are refused at the start, not when somebody reports at night.
        """
        from django.conf import settings

        from dijkwacht.rooms.registry import events
        from dijkwacht.rooms.registry.keeping import holdings
        from dijkwacht.rooms.reporting.keeping import holding
        from dijkwacht.rooms.reporting.oncall.rules import office

        holdings.register(holding.HOLDING)
        events.organisation_left.connect(_organisation_left, dispatch_uid="reporting:leaving")
        office(settings.OFFICE_HOURS)


def _organisation_left(**said: Any) -> None:
    from dijkwacht.rooms.reporting.leaving import hearing

    hearing.on_organisation_left(**said)
