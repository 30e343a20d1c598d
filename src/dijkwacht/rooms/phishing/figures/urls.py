"""The addresses of the figures, under /phishing."""

from django.urls import path

from dijkwacht.rooms.phishing.figures import web

urlpatterns = [
    path("dashboard", web.dashboard, name="dashboard"),
    path("machine", web.steer, name="steer"),
    path("statistics", web.statistics, name="statistics"),
]
