from django.apps import AppConfig


class AdvisoriesConfig(AppConfig):
    name = "dijkwacht.rooms.advisories"
    label = "advisories"

    def ready(self) -> None:
        """Let the parts hear each other; hand in what is kept about people, and how long."""
        from dijkwacht.rooms.advisories.delivery import hearing, library, published

        hearing.connect()
        published.register(library.Shelf())
