from django.apps import AppConfig


class LinkageConfig(AppConfig):
    name = "dijkwacht.rooms.linkage"
    label = "linkage"
