"""The addresses of the room; each part adds its own `urls`."""

from django.urls import URLPattern, URLResolver

from dijkwacht.rooms.phishing.listing import urls as listing
from dijkwacht.rooms.phishing.warning import urls as warning

app_name = "phishing"
urlpatterns: list[URLPattern | URLResolver] = [*listing.urlpatterns, *warning.urlpatterns]
