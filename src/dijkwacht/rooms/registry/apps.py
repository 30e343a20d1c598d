from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "dijkwacht.rooms.registry"
    label = "registry"

    def ready(self) -> None:
        """Tell accounts which members a relay reads for, and what organisations are called."""
        from dijkwacht.platform.accounts.organisations import register_namer
        from dijkwacht.platform.accounts.relays import register_relays
        from dijkwacht.rooms.registry.reads import called, readers

        register_relays(readers)
        register_namer(called)
