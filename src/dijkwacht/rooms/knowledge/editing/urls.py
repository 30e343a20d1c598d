"""The addresses of the desk."""

from django.urls import URLPattern, URLResolver, path

from dijkwacht.rooms.knowledge.editing import web

urlpatterns: list[URLPattern | URLResolver] = [
    path("knowledge-desk", web.desk, name="desk"),
    path("knowledge-desk/new", web.begin, name="begin"),
    path("knowledge-desk/measures/<slug:measure>", web.edit, name="edit"),
    path("knowledge-desk/measures/<slug:measure>/lessons", web.lesson, name="note-lesson"),
    path("knowledge-desk/revisions/<uuid:revision>", web.revision, name="revision"),
    path("knowledge-desk/lessons/<uuid:lesson>/aside", web.aside, name="set-aside"),
]
