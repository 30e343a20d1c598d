"""POST once: a request repeated with the same Idempotency-Key gets the first answer again.

Only answers below 400 are kept: what was refused changed nothing and may simply be tried again.
(draft-ietf-httpapi-idempotency-key-header)
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Concatenate, Final, ParamSpec, TypeVar

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Status

from dijkwacht.api import errors
from dijkwacht.api.models import KeptAnswer
from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.platform.crypto import fields
from dijkwacht.platform.crypto.house import house_keys

KEPT_FOR: Final = timedelta(hours=24)
LONGEST_KEY: Final = 255
HEADER: Final = "Idempotency-Key"
KEEPER: Final = system("api:idempotency")

P = ParamSpec("P")
R = TypeVar("R")
Endpoint = Callable[Concatenate[HttpRequest, P], R]


class Replay(Exception):
    """The request was answered before: this is that answer."""

    def __init__(self, answer: KeptAnswer) -> None:
        self.answer = answer
        super().__init__(answer.key)


def idempotent(endpoint: Endpoint[P, R]) -> Endpoint[P, R]:
    """Let a POST route honour the Idempotency-Key header. Stands under `@router.post(...)`.

    Raises InvalidIdempotencyKey, IdempotencyKeyReused (another request), RequestInProgress (at the same time).
    """

    @wraps(endpoint)
    def once(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> R:
        key = request.headers.get(HEADER)
        if key is not None:
            _claim(request, key)
        result = endpoint(request, *args, **kwargs)
        if isinstance(result, Status) and result.value is None:  # ninja answers without a body by itself
            keep(request, HttpResponse(status=result.status_code))
        return result

    once.idempotent = True  # type: ignore[attr-defined]
    return once


def _claim(request: HttpRequest, key: str) -> None:
    """Answer a known key by Replay; hold an unknown one until the transaction ends."""
    if not (1 <= len(key) <= LONGEST_KEY and all("!" <= letter <= "~" for letter in key)):
        raise errors.InvalidIdempotencyKey
    actor, digest = actor_of(request).id, _digest(request)
    with tenancy.acting(KEEPER):
        if not _lock(f"{actor} {key}"):
            raise errors.RequestInProgress
        oldest = timezone.now() - KEPT_FOR
        answer = KeptAnswer.objects.filter(actor_id=actor, key=key, created_at__gt=oldest).first()
    if answer is None:
        request.idempotency = (actor, key, digest)  # type: ignore[attr-defined]
    elif bytes(answer.request_digest) == digest:
        raise Replay(answer)
    else:
        raise errors.IdempotencyKeyReused


def _digest(request: HttpRequest) -> bytes:
    head = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(head + request.body).digest()


def _lock(name: str) -> bool:
    """Take a lock that the end of the transaction gives back; False when somebody else holds it."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [number])
        row = cursor.fetchone()
    return bool(row and row[0])


def keep(request: HttpRequest, response: HttpResponse) -> None:
    """Keep the answer to a claimed key, in the transaction of what it did; forget what is older than a day."""
    claimed: tuple[str, str, bytes] | None = getattr(request, "idempotency", None)
    if claimed is None or response.status_code >= 400:  # noqa: PLR2004
        return
    actor, key, digest = claimed
    with tenancy.acting(KEEPER):
        KeptAnswer.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
        KeptAnswer.objects.create(
            actor_id=actor,
            key=key,
            request_digest=digest,
            status=response.status_code,
            body=fields.seal(house_keys(), response.content, **_place(actor, key)),
        )


def _place(actor: str, key: str) -> dict[str, str]:
    """Where a kept body stands sealed: it may hold a secret that is shown once, such as a webhook's."""
    return {"table": "api_keptanswer", "row": f"{actor} {key}", "column": "body"}


def replay(answer: KeptAnswer) -> HttpResponse:
    """Give the kept answer again."""
    keys = house_keys()
    body = fields.unseal(keys, bytes(answer.body), **_place(answer.actor_id, answer.key))
    response = HttpResponse(body, status=answer.status, content_type="application/json; charset=utf-8")
    response["Idempotency-Replayed"] = "true"
    return response
