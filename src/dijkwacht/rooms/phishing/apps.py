from typing import Any

from django.apps import AppConfig


class PhishingConfig(AppConfig):
    name = "dijkwacht.rooms.phishing"
    label = "phishing"

    def ready(self) -> None:
        """Let the parts hear each other; hand in what is kept about people, and how long."""
        from dijkwacht.rooms.phishing import events
        from dijkwacht.rooms.phishing.deciding import hearing
        from dijkwacht.rooms.phishing.fetching import hearing as looking
        from dijkwacht.rooms.phishing.keeping import holding
        from dijkwacht.rooms.registry.keeping import holdings

        holdings.register(holding.HOLDING)
        hearing.connect()
        looking.connect()
        events.verdict_changed.connect(_verdict_changed, dispatch_uid="phishing:answers")


def _verdict_changed(**said: Any) -> None:
    from dijkwacht.rooms.phishing.answers.tasks import verdict_came

    verdict_came.defer(campaign=str(said["campaign"]), after=said["after"])
