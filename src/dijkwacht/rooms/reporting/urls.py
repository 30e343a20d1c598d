"""Where the pages of reporting stand: /report for whoever reports, /incidents for the desk."""

from django.urls import path

from dijkwacht.rooms.reporting import web, web_desk, web_drafts, web_files, web_guests, web_spoc, web_weighing
from dijkwacht.rooms.reporting.confidential.urls import urlpatterns as confidential
from dijkwacht.rooms.reporting.crossing.urls import urlpatterns as crossing
from dijkwacht.rooms.reporting.customers.urls import urlpatterns as customers
from dijkwacht.rooms.reporting.delivering.urls import urlpatterns as delivering
from dijkwacht.rooms.reporting.ending import web as web_ending
from dijkwacht.rooms.reporting.guests.urls import urlpatterns as guests
from dijkwacht.rooms.reporting.leaving import web as web_leaving
from dijkwacht.rooms.reporting.netcode.urls import urlpatterns as netcode
from dijkwacht.rooms.reporting.oncall.urls import urlpatterns as oncall
from dijkwacht.rooms.reporting.phoning.urls import urlpatterns as phoning

app_name = "reporting"
urlpatterns = [
    *confidential,
    *customers,
    *delivering,
    *guests,
    *oncall,
    path("report", web.start, name="start"),
    path("report/offline-form", web_files.offline_form, name="offline-form"),
    path("report/significant", web_weighing.significant, name="significant"),
    path("report/not-reported/<uuid:unreported>", web_weighing.unreported, name="unreported"),
    path("report/without-account", web_guests.without_account, name="without-account"),
    path("report/follow/<str:follow>", web_guests.follow, name="follow"),
    path("report/draft/<uuid:draft>", web_drafts.draft, name="draft"),
    path("report/draft/<uuid:draft>/check", web_drafts.check, name="check"),
    path("report/draft/<uuid:draft>/discard", web_drafts.discard, name="discard"),
    path("report/<uuid:incident>", web.incident, name="incident"),
    path("report/<uuid:incident>/stage", web.stage, name="stage"),
    path("report/<uuid:incident>/handled", web_ending.handled, name="handled"),
    path("incidents/<uuid:incident>/handled", web_ending.handled_by_word, name="desk-handled"),
    path("report/<uuid:incident>/message", web.message, name="message"),
    path("report/receipts/<uuid:report>", web_files.receipt, name="receipt"),
    path("report/contents/<uuid:report>", web_files.content, name="content"),
    path("report/files/<uuid:attachment>", web_files.attachment, name="attachment"),
    path("incidents", web_desk.queue, name="queue"),
    path("incidents/phone", web_desk.phone, name="phone"),
    path("incidents/not-reported", web_weighing.all_unreported, name="all-unreported"),
    path("incidents/quarterly", web_spoc.quarter, name="quarter"),
    path("incidents/quarterly.json", web_spoc.quarter_json, name="quarter-json"),
    path("incidents/<uuid:incident>", web_desk.incident, name="desk-incident"),
    path("incidents/<uuid:incident>/export.json", web_files.export_json, name="export-json"),
    path("incidents/<uuid:incident>/export.pdf", web_files.export_pdf, name="export-pdf"),
    path("incidents/<uuid:incident>/export.stix.json", web_files.export_stix, name="export-stix"),
    path("incidents/<uuid:incident>/stage", web_desk.stage, name="desk-stage"),
    path("incidents/<uuid:incident>/message", web_desk.message, name="desk-message"),
    path("incidents/<uuid:incident>/judge", web_desk.judge, name="judge"),
    path("incidents/<uuid:incident>/hand-over", web_desk.hand_over, name="hand-over"),
    path("incidents/<uuid:incident>/close", web_desk.close, name="close"),
    path("incidents/handovers/<uuid:handover>/acknowledge", web_desk.acknowledge, name="acknowledge"),
    path("incidents/departures/<uuid:departure>", web_leaving.settle, name="departure"),
    path("incidents/likenesses/<uuid:likeness>", web_desk.likeness, name="likeness"),
    *crossing,
    *netcode,
    *phoning,
]
