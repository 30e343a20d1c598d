from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "dijkwacht.rooms.services"
    label = "services"
