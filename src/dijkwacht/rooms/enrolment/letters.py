"""What the maker of a registration is told by mail: approved, asked, refused. It holds no more than the page does."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.adapters import reachable
from dijkwacht.platform.accounts.models import User
from dijkwacht.rooms.enrolment.models import Registration


def send(registration: Registration) -> None:
    """Mail the state of a registration; somebody whose address the broker did not give reads it on the page."""
    with tenancy.acting(system("enrolment:letters")):
        user = User.objects.filter(id=registration.account).first()
    if user is None or not reachable(user):
        return
    path = reverse("enrolment:registration", args=[registration.id])
    context = {"registration": registration, "link": f"{settings.BASE_URL}{path}", "centre_name": settings.CENTRE_NAME}
    with translation.override(registration.language):
        text = render_to_string("enrolment/letter.txt", context)
    subject, _, body = text.strip().partition("\n\n")
    send_mail(subject.strip(), body, settings.DEFAULT_FROM_EMAIL, [user.email])
