"""The address of the audit log's page."""

from django.urls import path

from dijkwacht.platform.audit import web

urlpatterns = [path("audit", web.log, name="audit")]
