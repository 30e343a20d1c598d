"""The addresses of sourcing."""

from django.urls import path

from dijkwacht.rooms.advisories.sourcing import web

urlpatterns = [
    path("advisories/matters", web.matters, name="matters"),
    path("advisories/matters/<uuid:matter>", web.matter, name="matter"),
    path("advisories/items/<uuid:source_item>", web.item, name="item"),
    path("advisories/items/<uuid:source_item>/as-it-came", web.as_it_came, name="as-it-came"),
    path("advisories/sources", web.sources, name="sources"),
    path("advisories/set-aside", web.aside, name="aside"),
    path("advisories/set-aside/<uuid:set_aside>", web.aside_one, name="aside-one"),
]
