"""The addresses under /api/."""

from django.urls import path

from dijkwacht.api.shell import api

urlpatterns = [path("v1/", api.urls)]
