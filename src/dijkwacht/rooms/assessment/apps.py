from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "dijkwacht.rooms.assessment"
    label = "assessment"
