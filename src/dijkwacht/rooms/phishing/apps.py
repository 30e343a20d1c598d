from django.apps import AppConfig


class PhishingConfig(AppConfig):
    name = "dijkwacht.rooms.phishing"
    label = "phishing"

    def ready(self) -> None:
        """Let the parts of the room hear each other."""
        from dijkwacht.rooms.phishing.deciding import hearing

        hearing.connect()
