"""The addresses of the catalogue."""

from django.urls import path

from dijkwacht.rooms.advisories.catalogue import web

urlpatterns = [
    path("advisories/products", web.products, name="products"),
    path("advisories/products/aliases.csv", web.aliases, name="aliases"),
    path("advisories/products/questions", web.questions, name="name-questions"),
    path("advisories/products/questions/<uuid:name_question>", web.question, name="name-question"),
    path("advisories/products/<uuid:catalogue_product>", web.product, name="product"),
]
