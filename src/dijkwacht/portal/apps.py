from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "dijkwacht.portal"
    label = "portal"
