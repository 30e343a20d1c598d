from typing import Any

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "dijkwacht.rooms.reporting"
    label = "reporting"

    def ready(self) -> None:
        """Hear who left the register."""
        from dijkwacht.rooms.registry import events

        events.organisation_left.connect(_organisation_left, dispatch_uid="reporting:leaving")


def _organisation_left(**said: Any) -> None:
    from dijkwacht.rooms.reporting.leaving import hearing

    hearing.on_organisation_left(**said)
