from django.apps import AppConfig


class PhishingConfig(AppConfig):
    name = "dijkwacht.rooms.phishing"
    label = "phishing"
