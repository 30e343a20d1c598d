from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "dijkwacht.rooms.home"
    label = "home"
