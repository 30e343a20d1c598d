"""The addresses of the first page."""

from django.urls import path

from dijkwacht.rooms.home import web

app_name = "home"
urlpatterns = [
    path("home", web.mine, name="mine"),
    path("home/<uuid:organisation>", web.organisation, name="organisation"),
]
