from django.apps import AppConfig


class AdvisoriesConfig(AppConfig):
    name = "dijkwacht.rooms.advisories"
    label = "advisories"

    def ready(self) -> None:
        """Let the parts hear each other."""
        from dijkwacht.rooms.advisories.assessing import hearing

        hearing.connect()
