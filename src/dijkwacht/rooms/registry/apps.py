from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "dijkwacht.rooms.registry"
    label = "registry"

    def ready(self) -> None:
        """Tell accounts which members a relay reads for; refuse a table of terms that is not in order."""
        from dijkwacht.platform.accounts.relays import register_relays
        from dijkwacht.rooms.registry.keeping import table
        from dijkwacht.rooms.registry.reach import readers

        register_relays(readers)
        table.terms()  # a table of terms that is not in order stops the system here
