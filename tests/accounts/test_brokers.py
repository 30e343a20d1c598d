"""Brokers that prove a number: over OIDC against a real provider, over SAML with assertions signed by a real key."""

import base64
import re
import zlib
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from tests.accounts.people import person
from tests.accounts.saml_provider import ENTITY, SSO, IdentityProvider
from tests.accounts.test_single_sign_on import CALLBACK, come_back, provider  # noqa: F401 - a fixture

from dijkwacht.platform.accounts import oidc, saml
from dijkwacht.platform.accounts.brokers import SESSION
from dijkwacht.platform.accounts.models import User

pytestmark = pytest.mark.django_db
ACS = "http://localhost/account/saml/broker/acs/"
METADATA = "http://localhost/account/saml/broker/metadata/"
KVK = "68750110"


@pytest.fixture
def broker(provider, settings, tmp_path):  # noqa: F811 - the fixture
    """An OIDC broker whose claim urn:kvk holds the KvK number."""
    client = httpx.post(f"{provider}/oauth2/clients", json={"redirect_uris": [CALLBACK]}).json()
    secret = tmp_path / "secret"
    secret.write_text(client["client_secret"])
    settings.SOCIALACCOUNT_PROVIDERS = oidc.providers(
        {
            "DIJKWACHT_OIDC_DISCOVERY_URL": provider,
            "DIJKWACHT_OIDC_CLIENT_ID": client["client_id"],
            "DIJKWACHT_OIDC_SECRET_FILE": str(secret),
            "DIJKWACHT_OIDC_TOKEN_AUTH_METHOD": "client_secret_basic",
            "DIJKWACHT_OIDC_CLAIM_KVK": "urn:kvk",
            "DIJKWACHT_OIDC_CLAIM_OIN": "urn:oin",
        }
    )
    return provider


def test_somebody_with_a_proven_number_gets_an_account_that_may_register_and_nothing_else(client, broker):
    come_back(client, broker, "eh-1", **{"urn:kvk": "6875 0110"})
    assert client.session[SESSION] == {"kvk": KVK}
    assert client.get("/register/organisation").status_code == 200
    assert client.get("/mine/findings").status_code == 403
    assert client.get("/api/v1/me").status_code in {401, 403}


def test_the_same_person_comes_back_to_the_same_account(client, broker):
    come_back(client, broker, "eh-2", **{"urn:kvk": KVK})
    client.post("/account/logout/")
    come_back(client, broker, "eh-2", **{"urn:kvk": KVK})
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "claims", [{}, {"urn:kvk": "123"}, {"kvk": KVK}, {"urn:kvk": [KVK, "12345678"]}, {"urn:kvk": None}]
)
def test_without_one_right_number_in_the_named_claim_there_is_no_account(client, broker, claims):
    come_back(client, broker, f"eh-3-{len(str(claims))}", **claims)
    assert User.objects.count() == 0
    assert client.get("/register/organisation").status_code == 302


def test_an_address_that_is_somebody_elses_is_not_taken_over(client, broker):
    person("ceo@example.org", password=None)
    come_back(client, broker, "eh-4", email="ceo@example.org", email_verified=False, **{"urn:kvk": KVK})
    assert User.objects.count() == 2
    assert client.get("/register/organisation").status_code == 200
    assert User.objects.get(email="ceo@example.org").last_login is None


def test_a_later_sign_in_with_a_password_proves_nothing(client, broker):
    come_back(client, broker, "eh-5", **{"urn:kvk": KVK})
    client.post("/account/logout/")
    person("jan@example.org", password="a long enough phrase")
    client.post("/account/login/", {"login": "jan@example.org", "password": "a long enough phrase"})
    assert SESSION not in client.session


@pytest.fixture
def idp(client, settings, tmp_path):
    """A SAML identity provider, configured as the environment of an installation does it."""
    client.defaults["HTTP_HOST"] = "localhost"
    made = IdentityProvider()
    certificate = tmp_path / "idp.pem"
    certificate.write_text(made.certificate)
    settings.SOCIALACCOUNT_PROVIDERS = saml.providers(
        {
            "DIJKWACHT_SAML_IDP_ENTITY_ID": ENTITY,
            "DIJKWACHT_SAML_IDP_SSO_URL": SSO,
            "DIJKWACHT_SAML_IDP_CERTIFICATE_FILE": str(certificate),
            "DIJKWACHT_SAML_NAME": "SSO-Rijk",
            "DIJKWACHT_SAML_ATTRIBUTE_KVK": "urn:etoegang:1.9:EntityConcernedID:KvKnr",
        }
    )
    return made


def ask(client):
    """Leave for the provider; give the identifier of our request."""
    leaving = client.get("/account/saml/broker/login/")
    assert leaving["Location"].startswith(SSO)
    packed = parse_qs(urlsplit(leaving["Location"]).query)["SAMLRequest"][0]
    return re.search(r'\bID="([^"]+)"', zlib.decompress(base64.b64decode(packed), -15).decode())[1]


def answer(client, response):
    posted = client.post("/account/saml/broker/acs/", {"SAMLResponse": response})
    return client.get(posted["Location"], follow=True)


NUMBER = {"urn:etoegang:1.9:EntityConcernedID:KvKnr": KVK}


def test_our_metadata_tells_the_broker_where_to_answer(client, idp):
    text = client.get("/account/saml/broker/metadata/").content.decode()
    assert ACS in text
    assert 'WantAssertionsSigned="true"' in text


def test_a_signed_assertion_proves_the_number(client, idp):
    answer(client, idp.response(request=ask(client), acs=ACS, audience=METADATA, **NUMBER))
    assert client.session[SESSION] == {"kvk": KVK}
    assert client.get("/register/organisation").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"signed": False},
        {"minutes": -10},
        {"audience": "https://other.example/"},
        {"acs": "https://other.example/acs"},
        {"request": "_another"},
    ],
    ids=str,
)
def test_an_assertion_that_is_not_signed_not_new_or_not_for_us_opens_nothing(client, idp, wrong):
    right = {"request": ask(client), "acs": ACS, "audience": METADATA}
    answer(client, idp.response(**{**right, **wrong}, **NUMBER))
    assert User.objects.count() == 0
    assert client.get("/register/organisation").status_code == 302


def test_an_assertion_of_another_key_or_changed_after_signing_opens_nothing(client, idp):
    right = {"request": ask(client), "acs": ACS, "audience": METADATA}
    answer(client, IdentityProvider().response(**right, **NUMBER))
    changed = base64.b64decode(idp.response(**right, **NUMBER)).replace(KVK.encode(), b"12345678")
    answer(client, base64.b64encode(changed).decode())
    assert User.objects.count() == 0


def test_an_assertion_works_once(client, idp):
    response = idp.response(request=ask(client), acs=ACS, audience=METADATA, **NUMBER)
    answer(client, response)
    client.post("/account/logout/")
    answer(client, response)
    assert SESSION not in client.session


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"DIJKWACHT_SAML_IDP_ENTITY_ID": ENTITY}, "SSO_URL"),
        (
            {
                "DIJKWACHT_SAML_IDP_ENTITY_ID": ENTITY,
                "DIJKWACHT_SAML_IDP_SSO_URL": "http://broker.example",
                "DIJKWACHT_SAML_IDP_CERTIFICATE_FILE": "x",
            },
            "https",
        ),
    ],
)
def test_a_half_configured_provider_stops_the_start(environment, message):
    with pytest.raises(ValueError, match=message):
        saml.providers(environment)
    assert saml.providers({}) == {}
