"""The addresses of the demo mailbox's pages."""

from django.urls import path

from dijkwacht.platform.outbox import web

app_name = "outbox"
urlpatterns = [
    path("outbox/mailbox", web.mailbox, name="mailbox"),
    path("outbox/mailbox/<str:name>", web.letter, name="letter"),
]
