"""The addresses of the list: files for everybody, pages for the centre."""

from django.urls import path

from dijkwacht.rooms.phishing.listing import web_public

urlpatterns = [
    path("list", web_public.about, name="list"),
    path("list/<str:list_file>", web_public.download, name="list-file"),
    path("misp/<str:misp_file>", web_public.misp, name="list-misp"),
]
