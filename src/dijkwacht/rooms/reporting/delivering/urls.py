"""Where receivers of a law read their reports, and officers say who they are; part of the addresses of reporting."""

from django.urls import path

from dijkwacht.rooms.reporting.delivering import web

urlpatterns = [
    path("incidents/receivers", web.receivers, name="receivers"),
    path("report/for-us", web.for_us, name="for-us"),
    path("report/for-us/<uuid:for_us>", web.for_us_one, name="for-us-one"),
    path("report/for-us/<uuid:for_us>/content", web.for_us_content, name="for-us-content"),
    path("report/for-us/<uuid:for_us>/acknowledge", web.acknowledge, name="for-us-acknowledge"),
    path("report/<uuid:incident>/elsewhere", web.elsewhere, name="elsewhere"),
]
