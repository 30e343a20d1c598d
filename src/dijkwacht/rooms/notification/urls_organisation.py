"""The addresses of an organisation's and a relay's pages."""

from django.urls import path

from dijkwacht.rooms.notification import web_organisation as web

app_name = "mine"
urlpatterns = [
    path("mine/findings", web.findings, name="findings"),
    path("mine/findings.csv", web.findings_file, {"form": "csv"}, name="findings-csv"),
    path("mine/findings.json", web.findings_file, {"form": "json"}, name="findings-json"),
    path("mine/findings/<uuid:finding>", web.finding, name="finding"),
    path("mine/notices", web.notices, name="notices"),
    path("mine/notices/<uuid:notice>", web.notice, name="notice"),
    path("members", web.members, name="members"),
    path("members/findings.csv", web.members_file, {"form": "csv"}, name="members-csv"),
    path("members/findings.json", web.members_file, {"form": "json"}, name="members-json"),
]
