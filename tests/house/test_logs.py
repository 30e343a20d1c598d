"""What stands in the log of requests that were refused."""

import logging

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
