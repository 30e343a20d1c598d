"""The addresses of plans."""

from django.urls import URLPattern, URLResolver, path

from dijkwacht.rooms.knowledge.planning import web

OF = "organisations/<uuid:organisation>/plan"
urlpatterns: list[URLPattern | URLResolver] = [
    path(OF, web.plan, name="plan"),
    path(f"{OF}/scans/<slug:scan>", web.scan, name="take-scan"),
    path(f"{OF}/scans/<slug:scan>/benchmark", web.benchmark, name="benchmark"),
    path(f"{OF}/measures/<slug:measure>", web.item, name="item"),
    path(f"{OF}/plan.pdf", web.pdf, name="plan-pdf"),
    path(f"{OF}/plan.json", web.as_json, name="plan-json"),
    path(f"{OF}/plan.oscal.json", web.oscal, name="plan-oscal"),
    path("plans/carry", web.carry, name="carry"),
]
