"""Where the pages of the network code stand; part of the addresses of reporting."""

from django.urls import path

from dijkwacht.rooms.reporting.netcode import web

urlpatterns = [
    path("incidents/netcode", web.impact_entities, name="impact-entities"),
    path("incidents/<uuid:incident>/confidentiality", web.confidentiality, name="confidentiality"),
]
