from django.apps import AppConfig


class AdvisoriesConfig(AppConfig):
    name = "dijkwacht.rooms.advisories"
    label = "advisories"

    def ready(self) -> None:
        """Let the parts hear each other; say which part knows the published advisories."""
        from dijkwacht.rooms.advisories.assessing import hearing as assessing
        from dijkwacht.rooms.advisories.delivery import hearing as delivery
        from dijkwacht.rooms.advisories.delivery import library, published
        from dijkwacht.rooms.advisories.keeping import holding
        from dijkwacht.rooms.advisories.publishing import finding
        from dijkwacht.rooms.registry.keeping import holdings

        assessing.connect()
        delivery.connect()
        published.register(library.Shelf())
        finding.register()
        holdings.register(holding.HOLDING)
