"""The addresses of the room; each part adds its own `urls`."""

from django.urls import URLPattern, URLResolver

from dijkwacht.rooms.advisories.publishing.urls import urlpatterns as publishing

app_name = "advisories"
urlpatterns: list[URLPattern | URLResolver] = [*publishing]
