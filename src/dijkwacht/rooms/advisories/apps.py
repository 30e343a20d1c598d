from django.apps import AppConfig


class AdvisoriesConfig(AppConfig):
    name = "dijkwacht.rooms.advisories"
    label = "advisories"
