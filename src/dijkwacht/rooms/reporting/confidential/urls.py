"""Where the pages of confidential criteria stand."""

from django.urls import path

from dijkwacht.rooms.reporting.confidential import web

urlpatterns = [
    path("incidents/criteria", web.find, name="criteria"),
    path("incidents/criteria/of/<uuid:organisation>", web.criteria, name="criteria-of"),
    path("incidents/criteria/<uuid:criterion>/end", web.end, name="criterion-end"),
]
