from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "dijkwacht.rooms.registry"
    label = "registry"

    def ready(self) -> None:
        """Tell accounts whom a relay reads for and what organisations are called; look at the table of terms."""
        from dijkwacht.platform.accounts.organisations import register_namer
        from dijkwacht.platform.accounts.relays import register_relays
        from dijkwacht.rooms.registry.keeping import holdings, moments, table
        from dijkwacht.rooms.registry.reach import readers
        from dijkwacht.rooms.registry.reads import called

        register_relays(readers)
        register_namer(called)
        # A table of terms that is not in order stops the system here.
        holdings.register(holdings.Holding("registry", table.HERE, table.LAW, moments.place))
