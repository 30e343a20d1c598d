"""Where the pages of events of a provider stand."""

from django.urls import path

from dijkwacht.rooms.reporting.customers import web

urlpatterns = [
    path("report/customers", web.choose, name="customers"),
    path("report/customers/<uuid:event>", web.event, name="event"),
    path("report/customers/<uuid:event>/stage", web.stage, name="event-stage"),
    path("report/customers/<uuid:event>/leave-out", web.leave_out, name="event-leave-out"),
    path("report/customers/<uuid:event>/receipts.zip", web.receipts, name="event-receipts"),
]
