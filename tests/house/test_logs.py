"""What stands in the log of requests that were refused."""

import json
import logging
import os
import subprocess
import sys

import pytest
from django.conf import settings

from dijkwacht.portal.logs import Refused


@pytest.mark.parametrize(("status", "traced"), [(403, False), (404, False), (500, True), (None, True)])
def test_only_a_fault_of_ours_leaves_a_traceback(status, traced):
    fault = PermissionError()
    trace = (PermissionError, fault, None)
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, "said", (), trace)
    if status is not None:
        record.status_code = status
    assert Refused().filter(record)
    assert (record.exc_info is not None) is traced


def test_every_handler_has_it():
    assert all("refused" in handler["filters"] for handler in settings.LOGGING["handlers"].values())


FAILS = """
from django.conf import settings
settings.DEBUG
import structlog
def work():
    held = "the key itself"
    raise ValueError("broken")
try:
    work()
except ValueError:
    structlog.get_logger().exception("it failed", what="a job")
"""


@pytest.mark.parametrize("style", ["text", "json"])
def test_a_trace_goes_to_standard_error_without_values(style):
    told = os.environ | {"DJANGO_SETTINGS_MODULE": "dijkwacht.settings", "DIJKWACHT_LOG_FORMAT": style}
    ran = subprocess.run([sys.executable, "-c", FAILS], env=told, capture_output=True, text=True, check=True)
    assert ran.stdout == ""
    assert all(word in ran.stderr for word in ("it failed", "a job", "ValueError: broken", "in work"))
    assert "the key itself" not in ran.stderr
    if style == "json":
        assert json.loads(ran.stderr)["level"] == "error"
