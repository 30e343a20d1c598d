"""The mails about leaving: to the organisation and its people, and to who had a mandate with it."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from dijkwacht.rooms.registry.leaving.models import Deregistration
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.registry.upkeep.mail import addresses, post


def tell(row: Deregistration, people: Iterable[str]) -> None:
    """Tell an organisation and its people how a deregistration stands: asked, confirmed, withdrawn, refused or done."""
    link = f"{settings.BASE_URL}{reverse('registry:leave', args=[row.organisation_id])}"
    to = dict.fromkeys([*addresses(row.organisation), *people])
    post(row.organisation, to, "registry/deregistration.txt", row=row, link=link, name=row.organisation.name)


def mandate_ended(other: Organisation, gone: str) -> None:
    """Tell the other side of a mandate that it ended, because `gone` left the register."""
    post(other, addresses(other), "registry/mandate_ended.txt", gone=gone)
