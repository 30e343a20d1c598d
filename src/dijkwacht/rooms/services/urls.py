"""The addresses of products."""

from django.urls import path

from dijkwacht.rooms.services import web

app_name = "services"
urlpatterns = [
    path("organisations/<uuid:organisation>/services/<slug:product>", web.product, name="product"),
]
