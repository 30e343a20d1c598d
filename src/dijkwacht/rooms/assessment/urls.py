"""The addresses under /assess."""

from django.urls import path

from dijkwacht.rooms.assessment import web

app_name = "assessment"
urlpatterns = [
    path("", web.place, name="start"),
    path("/activities", web.activities, name="activities"),
    path("/details", web.details, name="details"),
    path("/size", web.size, name="size"),
    path("/decisions", web.decisions, name="decisions"),
    path("/result", web.result, name="result"),
    path("/facts.schema.json", web.schema, {"kind": "facts"}, name="facts-schema"),
    path("/assessment.schema.json", web.schema, {"kind": "assessment"}, name="assessment-schema"),
]
