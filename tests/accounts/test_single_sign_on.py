"""Single sign-on against a real provider on loopback: code flow with PKCE, invited people only."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest
from tests.accounts.people import MEMBER, person

from dijkwacht.platform.accounts import oidc
from dijkwacht.platform.accounts.models import User

pytestmark = pytest.mark.django_db
CALLBACK = "http://testserver/account/oidc/sso/login/callback/"


@pytest.fixture(scope="module")
def provider():
    """The provider's address."""
    process = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("oidc_provider.py")],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"},
        text=True,
    )
    yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    process.kill()
    process.communicate()


@pytest.fixture
def sso(provider, settings, tmp_path):
    """Our side, configured as the environment of an installation does it."""
    client = httpx.post(f"{provider}/oauth2/clients", json={"redirect_uris": [CALLBACK]}).json()
    secret = tmp_path / "secret"
    secret.write_text(client["client_secret"] + "\n")
    settings.SOCIALACCOUNT_PROVIDERS = oidc.providers(
        {
            "DIJKWACHT_OIDC_DISCOVERY_URL": provider,
            "DIJKWACHT_OIDC_CLIENT_ID": client["client_id"],
            "DIJKWACHT_OIDC_SECRET_FILE": str(secret),
            "DIJKWACHT_OIDC_NAME": "Rijksdienst",
            "DIJKWACHT_OIDC_TOKEN_AUTH_METHOD": "client_secret_basic",
        }
    )
    return provider


def come_back(client, provider, subject, **claims):
    """Sign in at the provider as `subject` and return to us with the code."""
    httpx.put(f"{provider}/users/{subject}", json=claims).raise_for_status()
    leaving = client.get("/account/oidc/sso/login/?process=login")
    asked = parse_qs(urlsplit(leaving["Location"]).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    answer = httpx.post(leaving["Location"], data={"sub": subject})
    back = urlsplit(answer.headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def test_an_invited_person_with_the_same_verified_address_signs_in(client, sso):
    assert "Rijksdienst" in client.get("/account/login/").content.decode()
    person("jan@example.org", password=None, organisations={uuid4(): MEMBER})
    answer = come_back(client, sso, "jan", email="Jan@example.org", email_verified=True)
    assert answer.status_code == 302
    me = client.get("/api/v1/me").json()
    assert (me["name"], me["roles"]) == ("jan@example.org", [])


@pytest.mark.parametrize("verified", [False, "false", "true", None])
def test_an_address_that_is_not_verified_opens_nothing(client, sso, verified):
    person("jan@example.org", password=None)
    come_back(client, sso, f"imposter-{verified}", email="jan@example.org", email_verified=verified)
    assert client.get("/api/v1/me").status_code == 401


def test_somebody_who_was_not_invited_gets_no_account(client, sso):
    come_back(client, sso, "stranger", email="stranger@example.org", email_verified=True)
    assert not User.objects.filter(email="stranger@example.org").exists()
    assert client.get("/api/v1/me").status_code == 401


def test_roles_in_the_claims_mean_nothing(client, sso):
    person("jan@example.org", password=None)
    claims = {"roles": ["administrator"], "groups": ["officer"], "is_staff": True}
    come_back(client, sso, "climber", email="jan@example.org", email_verified=True, **claims)
    answer = client.get("/api/v1/me")
    assert (answer.status_code, answer.json()["title"]) == (403, "Forbidden")


def test_an_answer_that_we_did_not_ask_for_is_refused(client, sso):
    person("jan@example.org", password=None)
    client.get("/account/oidc/sso/login/callback/?code=stolen&state=invented")
    assert client.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"DIJKWACHT_OIDC_DISCOVERY_URL": "http://sso.example.org"}, "https"),
        ({"DIJKWACHT_OIDC_DISCOVERY_URL": "https://sso.example.org"}, "CLIENT_ID"),
    ],
)
def test_a_half_configured_provider_stops_the_start(environment, message):
    with pytest.raises(ValueError, match=message):
        oidc.providers(environment)


def test_without_a_provider_there_is_none(client):
    assert oidc.providers({}) == {}
    assert client.get("/account/oidc/sso/login/").status_code == 404
