"""Where advisories are written."""

from django.urls import URLPattern, URLResolver, path

from dijkwacht.rooms.advisories.writing import web

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/advisories", web.desk, name="desk"),
    path("desk/advisories/begin", web.begin, name="begin"),
    path("desk/advisories/<uuid:written_advisory>", web.write, name="write"),
    path("desk/advisories/<uuid:written_advisory>/preview", web.preview, name="preview"),
    path("desk/advisories/<uuid:written_advisory>/offer", web.offer, name="offer"),
    path("desk/advisories/<uuid:written_advisory>/approve", web.approve, name="approve"),
    path("desk/advisories/<uuid:written_advisory>/give-back", web.give_back, name="give-back"),
    path("desk/advisories/<uuid:written_advisory>/discard", web.discard, name="discard"),
    path("desk/advisories/<uuid:written_advisory>/recipients", web.recipients, name="recipients"),
]
