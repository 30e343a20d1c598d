"""The folder of a trusted provider, and the pages for everybody."""

from django.urls import URLPattern, URLResolver, path

from dijkwacht.rooms.advisories.publishing import web_folder

urlpatterns: list[URLPattern | URLResolver] = [
    path(".well-known/csaf/", web_folder.well_known, {"csaf_file": ""}, name="csaf-folder"),
    path(".well-known/csaf/<path:csaf_file>", web_folder.well_known, name="csaf-file"),
]
