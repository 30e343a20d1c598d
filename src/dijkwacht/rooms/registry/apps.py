from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "dijkwacht.rooms.registry"
    label = "registry"
