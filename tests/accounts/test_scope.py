"""The scope of the database around a request."""

import pytest
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from tests.accounts.people import TESTER

from dijkwacht.kernel.actor import ANONYMOUS
from dijkwacht.platform import tenancy

pytestmark = pytest.mark.django_db


def scope():
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('dijkwacht.scope', true)")
        return cursor.fetchone()[0]


def test_an_answer_that_is_streamed_is_read_in_its_actors_scope(rf):
    def view(request):
        request.actor = TESTER
        return StreamingHttpResponse(scope().encode() for _ in range(2))

    answer = tenancy.TransactionMiddleware(view)(rf.get("/"))
    tenancy.enter(ANONYMOUS)
    assert list(answer) == [b"centre", b"centre"]
    assert scope() == "organisations"


def test_an_error_of_ours_leaves_no_trace(rf):
    def view(request):
        tenancy.enter(TESTER)
        return HttpResponse(status=500)

    tenancy.enter(ANONYMOUS)
    tenancy.TransactionMiddleware(view)(rf.get("/"))
    assert scope() == "organisations"
