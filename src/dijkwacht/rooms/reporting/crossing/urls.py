"""Where the pages of what crosses a border stand; part of the addresses of reporting."""

from django.urls import path

from dijkwacht.rooms.reporting.crossing import web, web_inbound, web_received, web_share

urlpatterns = [
    path("incidents/abroad", web.abroad, name="abroad"),
    path("incidents/abroad/contacts", web.points, name="points"),
    path("incidents/abroad/contacts/<uuid:point>", web.point, name="point"),
    path("incidents/abroad/inbound", web_inbound.inbound_new, name="inbound-new"),
    path("incidents/abroad/inbound/<uuid:inbound>", web_inbound.inbound, name="inbound"),
    path("incidents/<uuid:incident>/share/<str:audience>", web_share.share, name="share"),
    path("shared", web_received.shared, name="shared"),
    path("shared/<uuid:disclosure>", web_received.shared_one, name="shared-one"),
    path("shared/<uuid:disclosure>/acknowledge", web_received.acknowledge, name="shared-acknowledge"),
    path("received/<str:passage>", web_received.received, name="received"),
]
