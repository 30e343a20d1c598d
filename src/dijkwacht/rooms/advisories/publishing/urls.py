"""The folder of a trusted provider, and the pages for everybody."""

from django.urls import URLPattern, URLResolver, path

from dijkwacht.rooms.advisories.publishing import web_folder, web_public

urlpatterns: list[URLPattern | URLResolver] = [
    path(".well-known/csaf/", web_folder.well_known, {"csaf_file": ""}, name="csaf-folder"),
    path(".well-known/csaf/<path:csaf_file>", web_folder.well_known, name="csaf-file"),
    path("advisories", web_public.advisories, name="public"),
    path("advisories/feed.atom", web_public.feed, name="public-feed"),
    path("advisories/<str:advisory_number>", web_public.advisory, name="public-one"),
    path("advisories/<str:advisory_number>/pdf", web_public.as_pdf, name="public-pdf"),
    path("advisories/<str:advisory_number>/text", web_public.as_text, name="public-text"),
]
