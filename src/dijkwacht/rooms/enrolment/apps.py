from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    name = "dijkwacht.rooms.enrolment"
    label = "enrolment"
