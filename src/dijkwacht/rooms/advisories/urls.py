"""The addresses of the room; each part adds its own `urls`."""

from django.urls import URLPattern, URLResolver

from dijkwacht.rooms.advisories.assessing.urls import urlpatterns as assessing
from dijkwacht.rooms.advisories.catalogue.urls import urlpatterns as catalogue
from dijkwacht.rooms.advisories.sourcing.urls import urlpatterns as sourcing

app_name = "advisories"
urlpatterns: list[URLPattern | URLResolver] = [*assessing, *catalogue, *sourcing]
