"""`/metrics`: figures for Prometheus, read from the database at each scrape, so that any web process gives all."""

from collections.abc import Iterator
from typing import Final

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import origins, tokens
from dijkwacht.platform.accounts.permissions import allows, public_page

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})
SCRAPER: Final = system("portal:metrics")
_LINES: Final = "select '', count(*) from notification_setasideline where state = 'open'"
_PENDING: Final = "select '', count(*) from audit_pending"
_OLDEST: Final = """
select '', coalesce(extract(epoch from now() - min(next_attempt_at)), 0) from outbox_message
where state = 'new' and next_attempt_at < now()
"""
# name, what it says, label, query of (label, number)
GAUGES: Final = (
    ("batches", "Batches by state.", "state", "select state, count(*) from notification_batch group by 1"),
    ("notices", "Notices by state.", "state", "select state, count(*) from notification_notice group by 1"),
    ("findings", "Findings by state.", "state", "select state, count(*) from notification_finding group by 1"),
    ("outbox_messages", "Outbox messages by state.", "state", "select state, count(*) from outbox_message group by 1"),
    ("jobs", "Jobs by status.", "status", "select status::text, count(*) from procrastinate_jobs group by 1"),
    ("calls_waiting", "Organisations to call.", "", "select '', count(*) from notification_call where done_at is null"),
    ("lines_set_aside", "Lines that wait for a correction.", "", _LINES),
    ("outbox_oldest_seconds", "Age of the oldest message that should have left.", "", _OLDEST),
    ("audit_pending", "Audit events that wait for their place in the tree.", "", _PENDING),
)


class Figures:
    """A collector of prometheus-client that asks the database."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        with tenancy.acting(SCRAPER), connection.cursor() as cursor:
            for name, text, label, query in GAUGES:
                gauge = GaugeMetricFamily(f"dijkwacht_{name}", text, labels=[label] if label else [])
                cursor.execute(query)
                for value, number in cursor.fetchall():
                    gauge.add_metric([value] if label else [], float(number))
                yield gauge


def admitted(request: HttpRequest) -> bool:
    """From this machine itself, or with a token of the centre that may read figures."""
    origin = origins.address(request)
    if origin in LOOPBACK:
        return True
    scheme, _space, presented = request.headers.get("Authorization", "").partition(" ")
    actor = tokens.resolve(presented.strip(), origin=origin) if scheme.lower() == "bearer" else None
    return actor is not None and allows(actor, "figures:read")


@require_safe
@public_page("asks for a token itself, or to be called from this machine")
def page(request: HttpRequest) -> HttpResponse:
    """Give the figures; who may not have them sees that there is nothing."""
    if not admitted(request):
        return HttpResponse("not found\n", status=404, content_type="text/plain")
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
