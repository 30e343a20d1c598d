"""The addresses of the centre's pages."""

from django.urls import path

from dijkwacht.rooms.notification import web_officer as web

app_name = "notification"
urlpatterns = [
    path("day", web.day, name="day"),
    path("feeds", web.feeds_page, name="feeds"),
    path("batches", web.batches, name="batches"),
    path("batches/<uuid:batch>", web.batch, name="batch"),
    path("batches/<uuid:batch>/replay", web.replay, name="replay"),
    path("findings", web.findings, name="findings"),
    path("findings.<str:form>", web.findings_file, name="findings-file"),
    path("findings/<uuid:finding>", web.finding, name="finding"),
    path("decisions", web.decisions, name="decisions"),
    path("decisions/<int:decision>", web.decision, name="decision"),
    path("notices", web.notices, name="notices"),
    path("held", web.held, name="held"),
    path("calls", web.calls, name="calls"),
    path("figures", web.figures_page, name="figures"),
]
