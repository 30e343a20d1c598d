"""Where the pages of the intake stand."""

from django.urls import path

from dijkwacht.rooms.phishing.intake import web

urlpatterns = [
    path("report", web.report, name="report"),
    path("report/<str:phishing_status>", web.status, name="status"),
]
