"""Where the pages of answers stand."""

from django.urls import path

from dijkwacht.rooms.phishing.answers import web

urlpatterns = [path("answers/<str:opt_out>/stop", web.opt_out, name="opt-out")]
