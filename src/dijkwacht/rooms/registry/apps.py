from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "dijkwacht.rooms.registry"
    label = "registry"

    def ready(self) -> None:
        """Tell accounts which members a relay reads for."""
        from dijkwacht.platform.accounts.relays import register_relays
        from dijkwacht.rooms.registry.reach import readers

        register_relays(readers)
