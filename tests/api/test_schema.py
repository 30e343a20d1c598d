"""The API against its own description: generated requests to every operation, as different callers.

No answer may be an error of ours, and each must be as described: its status, its type of content, its schema.
"""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.attacks import objects, world

from dijkwacht.api import limits
from dijkwacht.api.shell import api

CALLERS = ("anonymous", "token-of-a", "token-of-relay", "token-of-centre")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 4  # generated requests per operation, caller and mode
schemathesis.serializer.alias("message/rfc822", "application/octet-stream")
SCHEMA = schemathesis.openapi.from_dict(api.get_openapi_schema(path_prefix="/api/v1/"))
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]


@pytest.fixture(scope="module")
def callers(django_db_setup, django_db_blocker):
    """The headers of each caller, in a transaction that is rolled back at the end of the module."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)  # a connection in a transaction would be closed with each request
    with django_db_blocker.unblock(), transaction.atomic():
        made = world.build()
        for parameter in ("finding", "notice", "asset", "contact", "challenge"):
            objects.identifiers(made, parameter, "uuid")
        yield {
            role: {"Authorization": f"Bearer {made.tokens[role]}"} if role in made.tokens else {} for role in CALLERS
        }
        transaction.set_rollback(True)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_every_answer_is_as_described(operation, caller, mode, callers):
    SCHEMA.app = application = get_wsgi_application()

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=HealthCheck)
    @given(case=operation.as_strategy(generation_mode=mode))
    def conforms(case):
        for buckets in (limits.PER_ADDRESS, limits.PER_TOKEN, limits.WRONG_TOKENS):
            buckets.clear()
        for credential in ("Authorization", "authorization"):
            case.headers.pop(credential, None)
        case.cookies.clear()
        with transaction.atomic():
            answer = case.call(headers=callers[caller], app=application)
            transaction.set_rollback(True)
        case.validate_response(answer, checks=CHECKS)

    try:
        conforms()
    except Unsatisfiable:
        pytest.skip("this operation takes nothing that could be wrong")
