"""The addresses of appeals."""

from django.urls import path

from dijkwacht.rooms.phishing.warning import web

urlpatterns = [
    path("appeal", web.status, name="appeal-status"),
    path("appeal/<uuid:listed>", web.appeal, name="appeal"),
    path("appeals", web.queue, name="appeals"),
    path("appeals/<uuid:appeal>", web.one, name="appeal-one"),
    path("appeals/<uuid:appeal>/decide", web.decide, name="appeal-decide"),
]
