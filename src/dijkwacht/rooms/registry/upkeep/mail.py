"""The mails that ask an organisation to look at its registration. They hold no value: those stand behind sign-in."""

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from dijkwacht.rooms.registry.models import Contact, Organisation
from dijkwacht.rooms.registry.upkeep.models import ChangeNotice, Review
from dijkwacht.rooms.registry.vocabulary import ContactRole, ContactStatus


def addresses(organisation: Organisation) -> list[str]:
    """Return where to write about a registration: its own addresses, or those of its working security contacts."""
    if organisation.emails:
        return list(organisation.emails)
    rows = Contact.objects.filter(organisation=organisation, role=ContactRole.SECURITY, status=ContactStatus.WORKING)
    return [email for email in rows.order_by("order").values_list("email", flat=True) if email]


def ask(notice: ChangeNotice, *, again: bool = False) -> None:
    """Ask about a change, in the language of the organisation; nothing goes out where no address is known."""
    path = reverse("registry:tell-change", args=[notice.organisation_id])
    send(
        notice.organisation,
        "registry/change_asked.txt",
        link=f"{settings.BASE_URL}{path}",
        notice=notice,
        again=again,
    )


def review(row: Review) -> None:
    """Ask an organisation to look at its registration, or remind it."""
    path = reverse("registry:review", args=[row.organisation_id])
    send(row.organisation, "registry/review_asked.txt", link=f"{settings.BASE_URL}{path}", review=row)


def send(organisation: Organisation, template: str, **context: object) -> None:
    """Send one mail to an organisation; the first line of the template is the subject."""
    post(organisation, addresses(organisation), template, **context)


def post(organisation: Organisation, to: Iterable[str], template: str, **context: object) -> None:
    """Send a mail to each of these addresses, in the language of the organisation; a wrong address stops no other."""
    with translation.override(organisation.language):
        text = render_to_string(template, {"centre_name": settings.CENTRE_NAME, **context})
    subject, _, body = text.partition("\n\n")
    for address in to:
        send_mail(subject.strip(), body, settings.DEFAULT_FROM_EMAIL, [address], fail_silently=True)
