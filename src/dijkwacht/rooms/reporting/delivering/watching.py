"""Who watches over the sectors of an incident today: they read what must be reported there, and are told of it."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox import compose
from dijkwacht.platform.outbox.actions import Post, enqueue_many
from dijkwacht.rooms.registry.extracts.sectors import whole
from dijkwacht.rooms.registry.models import Designation, Organisation
from dijkwacht.rooms.registry.upkeep.mail import addresses
from dijkwacht.rooms.reporting import letters
from dijkwacht.rooms.reporting.models import Incident


def watchers(incident: Incident) -> list[Organisation]:
    """Return the authorities and CSIRTs that are designated today for the sectors of an incident, by name."""
    sectors, today = set(incident.shared_sectors), timezone.localdate()
    running = Q(valid_to=None) | Q(valid_to__gte=today)
    with tenancy.acting(letters.POSTMAN):
        rows = Designation.objects.select_related("reader").filter(
            running, valid_from__lte=today, reader__active=True, sector__in={*sectors, *map(whole, sectors)}
        )
        found = {row.reader_id: row.reader for row in rows}
    return sorted(found.values(), key=lambda one: (one.name, one.id))


def tell_watchers(made: Iterable[Incident], stage: str, event: UUID | None = None) -> None:
    """Tell each that there is a report, and no more than that: once for an incident, or event, and a stage.

    They read by the rows of today; whoever is designated later finds it on the desk. `event`: of a provider, of which
    the incidents are; each hears once of it all. An address that is none stops no report: the others are told.
    """
    found: dict[UUID, tuple[Organisation, Incident]] = {}
    by_sectors: dict[tuple[str, ...], list[Organisation]] = {}
    for incident in made:
        sectors = tuple(sorted(incident.shared_sectors))
        if sectors not in by_sectors:
            by_sectors[sectors] = watchers(incident)
        for reader in by_sectors[sectors]:
            found.setdefault(reader.id, (reader, incident))
    with tenancy.acting(letters.POSTMAN):
        posts = [
            post(f"watch:{event or incident.id}:{stage}:{reader.id}:{place}", reader, address, _page(incident))
            for reader, incident in found.values()
            for place, address in enumerate(letters.usable(addresses(reader)))
        ]
        if posts:
            enqueue_many(actor=letters.POSTMAN, posts=posts)


def _page(incident: Incident) -> str:
    return reverse("reporting:desk-incident", args=[incident.id])


def post(key: str, reader: Organisation, address: str, path: str, what: str = "report") -> Post:
    """Return the mail that says that there is a report, in the language of its reader. `key`: it is sent once by it."""
    subject, body = letters.words(what, path, reader.language)
    made = compose.mail(
        sender=settings.DEFAULT_FROM_EMAIL,
        recipient=address,
        subject=subject,
        text=body,
        message_id=compose.new_message_id(key),
        language=reader.language,
    )
    return Post(channel="mail", organisation=None, recipient=address, payload=made, dedupe_key=key, reference="report")
