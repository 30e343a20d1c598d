"""Signing in: password, second factor, limits, and the end of a session."""

import re
import time
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from tests.accounts.people import ADMINISTRATOR, MEMBER, person

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform.accounts.middleware import IDLE, LONGEST, SEEN

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough phrase"
ACTIVATE = "/account/2fa/totp/activate/"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def real(settings):
    """A real installation: the demo's ease is off."""
    settings.DEMO = False


def sign_in(client, email, password=PASSWORD):
    return client.post("/account/login/", {"login": email, "password": password})


def code_of(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_a_person_signs_in_by_password(client):
    person("member@example.org", organisations={uuid4(): MEMBER})
    assert sign_in(client, "Member@example.org").status_code == 302
    assert client.get("/api/v1/me").status_code == 200


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client):
    person("member@example.org")
    answers = [sign_in(client, address, "not the phrase") for address in ("member@example.org", "other@example.org")]
    pages = [
        re.sub(r"csrfmiddlewaretoken\W+value=.[A-Za-z0-9]+|(member|other)@", "", answer.content.decode())
        for answer in answers
    ]
    assert pages[0] == pages[1]


def test_guessing_passwords_is_stopped_even_for_the_right_one(client):
    person("member@example.org")
    for _ in range(6):
        sign_in(client, "member@example.org", "not the phrase")
    assert sign_in(client, "member@example.org").status_code != 302


def test_nobody_signs_up(client):
    for address in ("/account/signup/", "/account/3rdparty/signup/", "/account/email/"):
        assert client.get(address).status_code == 404


def test_a_signed_in_person_cannot_change_the_address_that_the_invitation_vouched_for(client):
    client.force_login(person("member@example.org"))
    assert client.post("/account/email/", {"email": "other@example.org", "action_add": ""}).status_code == 404


@pytest.mark.usefixtures("real")
@pytest.mark.parametrize("who", ["officer", "administrator of an organisation"])
def test_who_needs_a_second_factor_reaches_nothing_but_its_set_up(client, who):
    roles = {"centre": [CentreRole.OFFICER]} if who == "officer" else {"organisations": {uuid4(): ADMINISTRATOR}}
    person("a@example.org", **roles)
    sign_in(client, "a@example.org")
    assert client.get("/account/tokens")["Location"] == "/account/2fa/"
    assert client.get("/account/2fa/").status_code == 200
    answer = client.get("/api/v1/me")
    assert (answer.status_code, answer.json()["title"]) == (403, "Second factor missing")


@pytest.mark.usefixtures("real")
def test_a_member_may_work_without_a_second_factor(client):
    person("a@example.org", organisations={uuid4(): MEMBER})
    sign_in(client, "a@example.org")
    assert client.get("/api/v1/me").status_code == 200


@pytest.mark.usefixtures("real")
def test_setting_up_an_authenticator_app_opens_the_doors_and_is_asked_for_at_the_next_sign_in(client):
    user = person("a@example.org", organisations={uuid4(): ADMINISTRATOR})
    sign_in(client, "a@example.org")
    assert client.get(ACTIVATE)["Location"].startswith("/account/reauthenticate/")
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    secret = re.search(r'value="([A-Z2-7]{32})"', client.get(ACTIVATE).content.decode())[1]
    assert client.post(ACTIVATE, {"code": code_of(secret)}).status_code == 302
    assert client.get("/account/tokens").status_code == 200
    stored = Authenticator.objects.get(user=user, type="totp").data["secret"]
    assert secret not in stored

    client.logout()
    assert sign_in(client, "a@example.org")["Location"].startswith("/account/2fa/authenticate/")
    assert client.get("/api/v1/me").status_code == 401


@pytest.mark.usefixtures("real")
def test_a_session_without_the_factor_that_its_person_has_must_give_it(client):
    user = person("a@example.org", organisations={uuid4(): ADMINISTRATOR})
    TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/account/tokens")["Location"].startswith("/account/2fa/reauthenticate/?next=%2Faccount%2Ftokens")
    client.post("/account/2fa/reauthenticate/", {"code": code_of("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")})
    assert client.get("/account/tokens").status_code == 200


@pytest.mark.usefixtures("real")
def test_the_last_second_factor_of_an_administrator_stays(client):
    user = person("a@example.org", organisations={uuid4(): ADMINISTRATOR})
    TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/account/2fa/reauthenticate/", {"code": code_of("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")})
    client.post("/account/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=user, type="totp").exists()


def test_the_demo_says_that_it_asks_for_no_second_factor(client, settings):
    page = client.get("/account/login/", headers={"Accept-Language": "en"}).content.decode()
    assert "no second factor is asked" in page
    settings.DEMO = False
    page = client.get("/account/login/", headers={"Accept-Language": "en"}).content.decode()
    assert "no second factor is asked" not in page


@pytest.mark.parametrize(("key", "seconds"), [("seen", IDLE), ("began", LONGEST)])
def test_a_session_ends_when_left_alone_or_old(client, key, seconds):
    person("a@example.org", organisations={uuid4(): MEMBER})
    sign_in(client, "a@example.org")
    assert client.get("/api/v1/me").status_code == 200
    session = client.session
    assert SEEN in session
    session[key] = int(time.time()) - seconds - 1
    session.save()
    assert client.get("/api/v1/me").status_code == 401


def test_signing_in_gives_the_session_a_new_name(client):
    person("a@example.org", organisations={uuid4(): MEMBER})
    session = client.session
    session["before"] = 1
    session.save()
    before = session.session_key
    sign_in(client, "a@example.org")
    assert client.session.session_key != before


def test_a_closed_account_is_out_at_once(client):
    user = person("a@example.org", organisations={uuid4(): MEMBER})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    user.is_active = False
    user.save()
    assert client.get("/api/v1/me").status_code == 401
