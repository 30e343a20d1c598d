"""Whoever receives under a law is told that there is a report, once for an incident (or event), law and stage."""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse

from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox.actions import Post, enqueue_many
from dijkwacht.rooms.registry.upkeep.mail import addresses
from dijkwacht.rooms.reporting import letters
from dijkwacht.rooms.reporting.delivering.models import RegimeReceiver
from dijkwacht.rooms.reporting.delivering.reached import receivers_of
from dijkwacht.rooms.reporting.delivering.watching import post
from dijkwacht.rooms.reporting.models import Report


def tell_waiting(row: RegimeReceiver) -> None:
    """Tell a receiver that was designated after reports came in that there are some, and where they stand."""
    with tenancy.acting(letters.POSTMAN):
        path = reverse("reporting:for-us")
        posts = [
            post(f"receive:waiting:{row.id}:{place}", row.reader, address, path, "reports")
            for place, address in enumerate(letters.usable(addresses(row.reader)))
        ]
        if posts:
            enqueue_many(actor=letters.POSTMAN, posts=posts)


def tell_receivers(reports: Iterable[Report], event: UUID | None = None) -> None:
    """Tell each receiver of a law that there is a report under it, and no more than that.

    `event`: of a provider, of which the incidents are; each receiver hears once of it all.
    """
    posts: dict[str, Post] = {}
    with tenancy.acting(letters.POSTMAN):
        for one in reports:
            path = reverse("reporting:for-us-one", args=[one.id])
            for row in receivers_of(one.regime, one.sectors):
                once = f"{event or one.incident_id}:{one.regime}:{one.stage}:{row.reader_id}"
                for place, address in enumerate(letters.usable(addresses(row.reader))):
                    made = post(f"receive:{once}:{place}", row.reader, address, path)
                    posts.setdefault(made.dedupe_key, made)
        if posts:
            enqueue_many(actor=letters.POSTMAN, posts=list(posts.values()))
