"""Where somebody without an account goes on; part of the addresses of reporting."""

from django.urls import path

from dijkwacht.rooms.reporting.guests import web

urlpatterns = [path("report/follow/<str:follow>/stage", web.stage, name="follow-stage")]
