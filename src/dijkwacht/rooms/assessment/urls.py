"""The addresses under /assess."""

from django.urls import path

from dijkwacht.rooms.assessment import web

app_name = "assessment"
urlpatterns = [
    path("assess", web.place, name="start"),
    path("assess/activities", web.activities, name="activities"),
    path("assess/details", web.details, name="details"),
    path("assess/size", web.size, name="size"),
    path("assess/decisions", web.decisions, name="decisions"),
    path("assess/result", web.result, name="result"),
    path("assess/facts.schema.json", web.schema, {"kind": "facts"}, name="facts-schema"),
    path("assess/assessment.schema.json", web.schema, {"kind": "assessment"}, name="assessment-schema"),
]
