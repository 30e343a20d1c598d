from typing import Any

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "dijkwacht.rooms.reporting"
    label = "reporting"

    def ready(self) -> None:
        """Hear who left the register; hand in what is kept about people, and how long."""
        from dijkwacht.rooms.registry import events
        from dijkwacht.rooms.registry.keeping import holdings
        from dijkwacht.rooms.reporting.keeping import holding

        holdings.register(holding.HOLDING)
        events.organisation_left.connect(_organisation_left, dispatch_uid="reporting:leaving")


def _organisation_left(**said: Any) -> None:
    from dijkwacht.rooms.reporting.leaving import hearing

    hearing.on_organisation_left(**said)
