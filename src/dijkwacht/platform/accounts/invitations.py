"""Mails of accounts, among them the link by which an invited person chooses a password: once, within three days."""

from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from dijkwacht.platform.accounts import organisations, words
from dijkwacht.platform.accounts.models import User
from dijkwacht.platform.accounts.rules import Role


def link(user: User) -> str:
    """The address where `user` chooses a password; it ends with its first use."""
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return f"{settings.BASE_URL}{path}"


def known(user: User) -> bool:
    """Tell whether `user` ever came in, or can: who has no password yet and never signed in is only invited."""
    return bool(user.last_login) or user.has_usable_password()


def way_in(user: User) -> str:
    """Where `user` begins: at the sign-in page, or by choosing a password."""
    return f"{settings.BASE_URL}{reverse('account_login')}" if known(user) else link(user)


def send(user: User, template: str, **context: Any) -> None:
    """Mail `user` a text, in the language of the account. Its first paragraph is the subject."""
    with translation.override(user.language):
        context = {"link": link(user), "centre_name": settings.CENTRE_NAME, **context}
        text = render_to_string(template, context)
    subject, _, body = text.partition("\n\n")
    send_mail(" ".join(subject.split()), body.strip() + "\n", settings.DEFAULT_FROM_EMAIL, [user.email])


def invite(user: User, role: Role) -> None:
    """Tell somebody of a role, and how to begin. It reads the same to who was known and who was not."""
    with translation.override(user.language):
        place = organisations.name(role.organisation) if role.organisation else settings.CENTRE_NAME
        said = words.role(role.name)
    page = f"{settings.BASE_URL}{reverse('account_organisations')}"
    asked = bool(role.organisation)  # a role at the centre is no invitation: it counts at once
    about = {"place": place, "role": said, "page": page, "asked": asked}
    send(user, "accounts/invitation.txt", link=way_in(user), new=not known(user), **about)


def remind(user: User) -> None:
    """Ask somebody who has not signed in for long whether the account is still needed."""
    begin = f"{settings.BASE_URL}{reverse('account_login')}"
    send(user, "accounts/dormant.txt", link=begin, days=settings.DORMANT_CLOSE_DAYS)
