"""The addresses of the room; each part adds its own `urls`."""

from django.urls import URLPattern, URLResolver

from dijkwacht.rooms.phishing.answers.urls import urlpatterns as answers

app_name = "phishing"
urlpatterns: list[URLPattern | URLResolver] = [
    *answers,
]
