"""The addresses of the room. What stands under /knowledge is public and sees no cookie; see `public`."""

from django.urls import URLPattern, URLResolver, path

from dijkwacht.rooms.knowledge import web_public
from dijkwacht.rooms.knowledge.editing.urls import urlpatterns as editing
from dijkwacht.rooms.knowledge.planning.urls import urlpatterns as planning

app_name = "knowledge"
public_pages: list[URLPattern | URLResolver] = [
    path("knowledge", web_public.front, name="front"),
    path("knowledge/<str:language>", web_public.home, name="home"),
    path("knowledge/<str:language>/measures/<slug:measure>", web_public.measure, name="measure"),
    path("knowledge/<str:language>/frameworks/<slug:framework>", web_public.framework, name="framework"),
    path("knowledge/<str:language>/sources", web_public.sources, name="sources"),
    path("knowledge/<str:language>/scans/<slug:scan>", web_public.scan, name="scan"),
    path("knowledge/<str:language>/search", web_public.search, name="search"),
    path("knowledge/<str:language>/feed.atom", web_public.atom, name="feed"),
]
urlpatterns: list[URLPattern | URLResolver] = [*public_pages, *planning, *editing]
