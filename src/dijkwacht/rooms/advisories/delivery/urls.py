"""The addresses of advisories as they concern an organisation, and of the centre's page of who was told."""

from django.urls import path

from dijkwacht.rooms.advisories.delivery import web, web_centre, web_link

urlpatterns = [
    path("mine/advisories", web.advisories, name="mine"),
    path("mine/advisories/<uuid:told>", web.advisory, name="mine-one"),
    path("members/advisories", web.members, name="members"),
    path("advisories/<uuid:told>/reach", web_centre.reach, name="reach"),
    path("advisories/<uuid:told>/reach.csv", web_centre.export, {"form": "csv"}, name="reach-csv"),
    path("advisories/<uuid:told>/reach.json", web_centre.export, {"form": "json"}, name="reach-json"),
    path("advisories/<uuid:told>/inventories", web_centre.inventories, name="met"),
    path("advisories/reach", web_centre.advisories, name="told"),
    path("f/advisories/<str:token>", web_link.answer, name="answer-link"),
]
