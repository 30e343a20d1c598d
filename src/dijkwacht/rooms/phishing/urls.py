"""The addresses of the room; each part adds its own `urls`."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "phishing"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("dijkwacht.rooms.phishing.deciding.urls")),
]
