"""The addresses of the room; each part adds its own `urls`."""

from django.urls import URLPattern, URLResolver

from dijkwacht.rooms.advisories.assessing.urls import urlpatterns as assessing
from dijkwacht.rooms.advisories.catalogue.urls import urlpatterns as catalogue
from dijkwacht.rooms.advisories.delivery.urls import urlpatterns as delivery
from dijkwacht.rooms.advisories.inventory.urls import urlpatterns as inventory
from dijkwacht.rooms.advisories.publishing.urls import urlpatterns as publishing
from dijkwacht.rooms.advisories.sourcing.urls import urlpatterns as sourcing
from dijkwacht.rooms.advisories.writing.urls import urlpatterns as writing

app_name = "advisories"
# Those of the desk before the public ones: a published advisory has its number where they have a word.
urlpatterns: list[URLPattern | URLResolver] = [
    *assessing,
    *catalogue,
    *sourcing,
    *delivery,
    *inventory,
    *publishing,
    *writing,
]
