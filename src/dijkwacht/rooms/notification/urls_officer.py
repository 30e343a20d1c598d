"""The addresses of the centre's pages."""

from django.urls import path

from dijkwacht.rooms.notification import web_campaigns, web_law, web_whatif
from dijkwacht.rooms.notification import web_officer as web

app_name = "notification"
urlpatterns = [
    path("day", web.day, name="day"),
    path("feeds", web.feeds_page, name="feeds"),
    path("batches", web.batches, name="batches"),
    path("batches/<uuid:batch>", web.batch, name="batch"),
    path("batches/<uuid:batch>/replay", web.replay, name="replay"),
    path("findings", web.findings, name="findings"),
    path("findings.csv", web.findings_file, {"form": "csv"}, name="findings-csv"),
    path("findings.json", web.findings_file, {"form": "json"}, name="findings-json"),
    path("findings/<uuid:finding>", web.finding, name="finding"),
    path("decisions", web_law.decisions, name="decisions"),
    path("decisions/<int:decision>", web_law.decision, name="decision"),
    path("notices", web.notices, name="notices"),
    path("answers", web.answers, name="answers"),
    path("law", web_law.explain, name="explain"),
    path("campaigns", web_campaigns.campaigns, name="campaigns"),
    path("campaigns/<uuid:campaign>", web_campaigns.campaign, name="campaign"),
    path("what-if", web_whatif.proposals, name="proposals"),
    path("what-if/<uuid:proposal>", web_whatif.proposal, name="proposal"),
    path("held", web.held, name="held"),
    path("calls", web.calls, name="calls"),
    path("figures", web.figures_page, name="figures"),
]
