"""Who may see which row, enforced by PostgreSQL under everything the application checks.

A model that holds rows of an organisation declares `row_owner = "organisation_id"` (or the name of another column that
holds the owner). After each migration `install` gives its table the policies; the house test fails on a table without.
`row_also_read` is a condition in SQL under which a row is read besides, such as by whom a sector is watched over.
`row_owner = ""` closes a table to everyone but the centre; a tuple of columns lets each owner read and the first write.
A transaction without a scope sees no row at all.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.apps import apps
from django.db import connection, models, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from dijkwacht.kernel.actor import ANONYMOUS, Actor, Kind
from dijkwacht.platform.database.away import GONE, Away, is_loss, lost

_FUNCTIONS = """
create or replace function dijkwacht_centre() returns boolean language sql stable parallel safe as
$$ select coalesce(current_setting('dijkwacht.scope', true), '') = 'centre' $$;
create or replace function dijkwacht_readable() returns uuid[] language sql stable parallel safe as
$$ select coalesce(nullif(current_setting('dijkwacht.readable', true), ''), '{}')::uuid[] $$;
create or replace function dijkwacht_sectors() returns text[] language sql stable parallel safe as
$$ select coalesce(nullif(current_setting('dijkwacht.sectors', true), ''), '{}')::text[] $$;
create or replace function dijkwacht_writable() returns uuid[] language sql stable parallel safe as
$$ select coalesce(nullif(current_setting('dijkwacht.writable', true), ''), '{}')::uuid[] $$;
"""
_POLICIES = """
alter table {table} enable row level security;
alter table {table} force row level security;
drop policy if exists owner_reads on {table};
drop policy if exists owner_writes on {table};
create policy owner_reads on {table} for select using ((select dijkwacht_centre()){reads});
create policy owner_writes on {table} for all using ((select dijkwacht_centre()){writes});
"""
SETTINGS = (
    "dijkwacht.scope",
    "dijkwacht.readable",
    "dijkwacht.writable",
    "dijkwacht.sectors",
    "dijkwacht.actor",
    "dijkwacht.source",
)
_OWNED = " or {owner} = any ((select dijkwacht_{right}())::uuid[])"


def owned_models() -> dict[type[models.Model], tuple[str, ...]]:
    """Every model whose rows belong to an organisation, with the columns that name it: the first one may write."""
    return {
        model: (owner,) if isinstance(owner := model.row_owner, str) and owner else tuple(owner)
        for model in apps.get_models()
        if hasattr(model, "row_owner")
    }


def install() -> None:
    """Give every owned table its row-level policies. Runs as the owner of the schema, after each migration."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FUNCTIONS)
        for model, owners in owned_models().items():
            rights = {
                "reads": "".join(_OWNED.format(owner=f'"{owner}"', right="readable") for owner in owners)
                + (f" or {also}" if (also := getattr(model, "row_also_read", "")) else ""),
                "writes": "".join(_OWNED.format(owner=f'"{owner}"', right="writable") for owner in owners[:1]),
            }
            cursor.execute(_POLICIES.format(table=f'"{model._meta.db_table}"', **rights))


def enter(actor: Actor) -> None:
    """Set the scope of the running transaction to what `actor` may see. It ends with the transaction.

    `dijkwacht.actor` and `dijkwacht.source` say who changes rows and where from: triggers that keep history read them.
    """
    _set(_scope(actor))


def _scope(actor: Actor) -> list[str]:
    return [
        "centre" if actor.is_centre else "organisations",
        _array(actor.readable | actor.account),
        _array(actor.writable | actor.account),
        _array(actor.sectors),
        actor.id,
        source_of(actor),
    ]


def source_of(actor: Actor) -> str:
    """Return where a change by `actor` comes from when nothing more precise is said."""
    if actor.kind is Kind.SYSTEM:
        return "system"
    return "officer" if actor.is_centre else "organisation"


def _array(identifiers: frozenset[Any]) -> str:
    return "{" + ",".join(map(str, sorted(identifiers, key=str))) + "}"


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    """Open a transaction in which the database shows what `actor` may see; the scope before it comes back after it."""
    with transaction.atomic():
        before = _exchanged(_scope(actor))
        yield actor
        _set(before)


def _exchanged(values: list[str]) -> list[str]:
    """Set a scope and return the one before it, in one round: the old one is read in full before the new one is set."""
    old = ", ".join(f"coalesce(current_setting('{name}', true), '') as s{place}" for place, name in enumerate(SETTINGS))
    kept = ", ".join(f"s{place}" for place, _ in enumerate(SETTINGS))
    new = ", ".join(f"set_config('{name}', %s, true)" for name in SETTINGS)
    with connection.cursor() as cursor:
        cursor.execute(f"with before as materialized (select {old}) select {kept}, {new} from before", values)
        return list(cursor.fetchone()[: len(SETTINGS)])


def _set(values: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select " + ", ".join(f"set_config('{name}', %s, true)" for name in SETTINGS), values)


class TransactionMiddleware:
    """One transaction a request, rolled back when the answer is an error of ours.

    So a change and its audit row stand or fall together.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        keeping = False
        try:
            with transaction.atomic():
                enter(ANONYMOUS)
                response = self.get_response(request)
                if lost():  # whatever the view made of it: nothing of it can be kept
                    response = Away(in_doubt=False)
                if response.status_code >= 500:  # noqa: PLR2004
                    transaction.set_rollback(True)
                keeping = response.status_code < 500  # noqa: PLR2004
        except GONE as error:
            if not is_loss(error):
                raise
            return Away(in_doubt=keeping)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            actor: Actor = getattr(request, "actor", ANONYMOUS)
            pieces = cast("Iterator[bytes]", response.streaming_content)
            response.streaming_content = _streamed(actor, pieces)
        return response


def _streamed(actor: Actor, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Give an answer's pieces in a transaction with its actor's scope: the request's own ended before the first."""
    with acting(actor):
        yield from pieces


class ScopeMiddleware:
    """Give the request its actor, and the transaction that actor's scope. Tokens are resolved by the API's own door."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        from dijkwacht.platform.accounts import actors

        request.actor = actors.of_request(request)  # type: ignore[attr-defined]
        enter(request.actor)  # type: ignore[attr-defined]
        return self.get_response(request)
