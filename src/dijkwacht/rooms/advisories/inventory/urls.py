"""The addresses of inventories."""

from django.urls import path

from dijkwacht.rooms.advisories.inventory import web

urlpatterns = [
    path("mine/inventory", web.inventories, name="inventories"),
    path("mine/inventory/<uuid:inventory>", web.inventory, name="inventory"),
    path("mine/inventory/<uuid:inventory>.csv", web.export, {"form": "csv"}, name="inventory-csv"),
    path("mine/inventory/<uuid:inventory>.json", web.export, {"form": "json"}, name="inventory-json"),
    path("mine/inventory/lines/<uuid:line>", web.line, name="inventory-line"),
]
