from typing import Any

from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "dijkwacht.rooms.services"
    label = "services"

    def ready(self) -> None:
        """Hear who left the register."""
        from dijkwacht.rooms.registry import events

        events.organisation_left.connect(_organisation_left, dispatch_uid="services:leaving")


def _organisation_left(**said: Any) -> None:
    from dijkwacht.rooms.services import leaving

    leaving.on_organisation_left(**said)
