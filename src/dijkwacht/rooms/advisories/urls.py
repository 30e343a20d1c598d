"""The addresses of the room; each part adds its own `urls`."""

from django.urls import URLPattern, URLResolver

app_name = "advisories"
urlpatterns: list[URLPattern | URLResolver] = []
