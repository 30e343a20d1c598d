"""The addresses of the links in our mails; the portal mounts them under `f/`."""

from django.urls import path

from dijkwacht.rooms.notification import feedback_web

urlpatterns = [
    path("<str:token>", feedback_web.answer, name="answer-notice"),
    path("<str:token>/unsubscribe", feedback_web.unsubscribe, name="unsubscribe"),
]
