"""Where the pages of on-call duty stand."""

from django.urls import path

from dijkwacht.rooms.reporting.oncall import web

urlpatterns = [
    path("incidents/duty", web.duty, name="duty"),
    path("incidents/duty/import", web.import_shifts, name="duty-import"),
    path("incidents/duty/shifts/<uuid:shift>/remove", web.remove, name="duty-remove"),
    path("incidents/duty/alarms/<uuid:alarm>/acknowledge", web.acknowledge, name="duty-acknowledge"),
    path("duty/<str:duty_link>", web.link, name="duty-link"),
]
