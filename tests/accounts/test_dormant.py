"""Accounts that nobody uses are asked about, and closed; the last administrator stays."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from tests.accounts.people import ADMINISTRATOR, MEMBER, TESTER, person

from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import dormant
from dijkwacht.platform.accounts.models import User

pytestmark = pytest.mark.django_db


def ago(days):
    return timezone.now() - timedelta(days=days)


def is_open(user):
    return User.objects.get(id=user.id).is_active


def long_unused(email, **roles):
    user = person(email, **roles)
    User.objects.filter(id=user.id).update(last_login=ago(400), date_joined=ago(900))
    return user


def weeks_pass():
    User.objects.filter(asked_at__isnull=False).update(asked_at=ago(29))


def test_an_unused_account_is_asked_about_once_and_closed_weeks_later(mailoutbox):
    unused, used = long_unused("old@a.example", organisations={uuid4(): MEMBER}), person("new@a.example")
    assert (dormant.ask(TESTER), dormant.ask(TESTER)) == (1, 0)
    assert [mail.to for mail in mailoutbox] == [["old@a.example"]]
    assert "/account/login/" in mailoutbox[0].body
    assert dormant.close(TESTER) == 0
    weeks_pass()
    assert dormant.close(TESTER) == 1
    assert (is_open(unused), is_open(used)) == (False, True)


def test_signing_in_is_the_answer():
    user = long_unused("old@a.example", organisations={uuid4(): MEMBER})
    dormant.ask(TESTER)
    weeks_pass()
    User.objects.filter(id=user.id).update(last_login=timezone.now())
    assert dormant.close(TESTER) == 0
    assert is_open(user)
    assert User.objects.get(id=user.id).asked_at is None


def test_the_last_administrator_is_asked_but_stays():
    organisation = uuid4()
    last = long_unused("only@a.example", organisations={organisation: ADMINISTRATOR})
    dormant.ask(TESTER)
    weeks_pass()
    assert dormant.close(TESTER) == 0
    assert is_open(last)
    with tenancy.acting(TESTER):
        person("second@a.example", organisations={organisation: ADMINISTRATOR})
    assert dormant.close(TESTER) == 1


def test_an_account_that_was_never_used_counts_from_its_making():
    user = person("never@a.example")
    User.objects.filter(id=user.id).update(date_joined=ago(366))
    assert dormant.ask(TESTER) == 1
