"""The addresses of deciding, under /phishing."""

from django.urls import path

from dijkwacht.rooms.phishing.deciding import web

urlpatterns = [
    path("queue", web.queue, name="queue"),
    path("campaigns/<uuid:phishing_campaign>", web.campaign, name="campaign"),
    path("decisions/<uuid:phishing_decision>", web.decision, name="decision"),
]
