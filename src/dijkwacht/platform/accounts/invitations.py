"""The link by which an invited person chooses a password: once, within three days."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from dijkwacht.platform.accounts.models import User


def link(user: User) -> str:
    """The address where `user` chooses a password; it ends with its first use."""
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return f"{settings.BASE_URL}{path}"


def send(user: User, template: str = "accounts/invitation.txt") -> None:
    """Mail the link to `user`, in the language of the account."""
    with translation.override(user.language):
        text = render_to_string(template, {"link": link(user), "centre_name": settings.CENTRE_NAME})
    subject, _, body = text.partition("\n\n")
    send_mail(subject.strip(), body, settings.DEFAULT_FROM_EMAIL, [user.email])


def remind(user: User) -> None:
    """Ask somebody who has not signed in for long whether the account is still needed."""
    with translation.override(user.language):
        context = {"centre_name": settings.CENTRE_NAME, "link": f"{settings.BASE_URL}{reverse('account_login')}"}
        text = render_to_string("accounts/dormant.txt", {**context, "days": settings.DORMANT_CLOSE_DAYS})
    subject, _, body = text.partition("\n\n")
    send_mail(subject.strip(), body, settings.DEFAULT_FROM_EMAIL, [user.email])
