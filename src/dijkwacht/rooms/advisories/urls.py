"""The addresses of the room; each part adds its own `urls`."""

from django.urls import URLPattern, URLResolver

from dijkwacht.rooms.advisories.publishing.urls import urlpatterns as publishing
from dijkwacht.rooms.advisories.writing.urls import urlpatterns as writing

app_name = "advisories"
urlpatterns: list[URLPattern | URLResolver] = [*publishing, *writing]
