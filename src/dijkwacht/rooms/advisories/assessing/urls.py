"""The addresses of assessing."""

from django.urls import path

from dijkwacht.rooms.advisories.assessing import web

urlpatterns = [path("advisories/matters/<uuid:matter>/assess", web.assess, name="assess")]
