from typing import Any

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "dijkwacht.rooms.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        """Hear who left the register; offer the measures to the search."""
        from dijkwacht.rooms.knowledge.keeping import holding
        from dijkwacht.rooms.knowledge.searching import own
        from dijkwacht.rooms.registry import events
        from dijkwacht.rooms.registry.keeping import holdings

        events.organisation_left.connect(_organisation_left, dispatch_uid="knowledge:leaving")
        own.register()
        holdings.register(holding.HOLDING)


def _organisation_left(**said: Any) -> None:
    from dijkwacht.rooms.knowledge.planning import leaving

    leaving.on_organisation_left(**said)
