"""Where acknowledgements by telephone are noted; part of the addresses of reporting."""

from django.urls import path

from dijkwacht.rooms.reporting.phoning import web

urlpatterns = [path("incidents/<uuid:incident>/phoned", web.phoned, name="phoned")]
