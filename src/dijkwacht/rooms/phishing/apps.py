from typing import Any

from django.apps import AppConfig


class PhishingConfig(AppConfig):
    name = "dijkwacht.rooms.phishing"
    label = "phishing"

    def ready(self) -> None:
        """Let the parts hear each other."""
        from dijkwacht.rooms.phishing import events

        events.verdict_changed.connect(_verdict_changed, dispatch_uid="phishing:answers")


def _verdict_changed(**said: Any) -> None:
    from dijkwacht.rooms.phishing.answers.tasks import verdict_came

    verdict_came.defer(campaign=str(said["campaign"]), after=said["after"])
