"""A document that was fetched is held against the OpenPGP keys that its provider publishes."""

import json

import pysequoia
import pytest
from tests.advisories.conftest import HOST
from tests.advisories.said import TAKER, csaf

from dijkwacht.rooms.advisories.sourcing import actions, models, scheduling
from dijkwacht.rooms.advisories.sourcing.errors import StillWrong

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_the_centre")]
KEY, OTHER = (pysequoia.Tsk.generate(user_id=f"{name} <{name}@vendor.example>") for name in ("key", "other"))
RAW = json.dumps(csaf("ADV-1", "CVE-2026-1001")).encode()
PROVIDER, TRUSTED = "csaf_provider", "csaf_trusted_provider"


def signed(by, content=RAW):
    return bytes(pysequoia.sign(by.signer(), content, mode=pysequoia.SignatureMode.DETACHED))


def provider(site, *, role=PROVIDER, keys=(KEY,), fingerprint=None, rolie=False):
    """A provider with one document, that publishes these keys."""
    certificates = [one.extract_certificate() for one in keys]
    named = [
        {"url": f"https://{HOST}/{at}.asc", "fingerprint": fingerprint or str(one.fingerprint).upper()}
        for at, one in enumerate(certificates)
    ]
    for at, one in enumerate(certificates):
        site.pages[f"/{at}.asc"] = (200, {}, str(one).encode())
    ways = [{"directory_url": f"https://{HOST}/csaf/"}]
    if rolie:
        ways = [{"rolie": {"feeds": [{"url": f"https://{HOST}/feed.json"}]}}]
        document = f"https://{HOST}/csaf/2026/a.json"
        links = [{"rel": "self", "href": document}, {"rel": "signature", "href": f"https://{HOST}/elsewhere.asc"}]
        entry = {"content": {"src": document}, "updated": "2026-11-01T00:00:00Z", "link": links}
        site.pages["/feed.json"] = (200, {}, json.dumps({"feed": {"entry": [entry]}}).encode())
    metadata = {"canonical_url": "x", "publisher": {"name": "V", "namespace": "https://vendor.example"}, "role": role}
    metadata |= {"public_openpgp_keys": named, "distributions": ways}
    site.pages["/provider-metadata.json"] = (200, {}, json.dumps(metadata).encode())
    site.pages["/csaf/changes.csv"] = (200, {}, b"2026/a.json,2026-11-01T00:00:00Z")
    site.pages["/csaf/2026/a.json"] = (200, {}, RAW)


def beside(site, signature, path="/csaf/2026/a.json.asc"):
    site.pages[path] = (200, {}, signature)


@pytest.fixture
def ask(overlay, egress):
    overlay("vendor", "/provider-metadata.json")
    return lambda: scheduling.ask("vendor", egress)


def came():
    return models.Item.objects.filter(source="vendor").count()


def why():
    return models.SetAside.objects.get().findings[0]


def test_a_document_that_its_provider_signed_comes_in(site, ask):
    provider(site, role=TRUSTED)
    beside(site, signed(KEY))
    assert (ask().error, came()) == ("", 1)


def test_a_document_that_another_key_signed_is_set_aside_and_says_which_keys_would_do(site, ask):
    provider(site)
    beside(site, signed(OTHER))
    ask()
    assert came() == 0
    assert "its OpenPGP signature, by " in why()
    assert str(KEY.extract_certificate().fingerprint).lower() in why()


def test_a_document_that_was_changed_after_it_was_signed_is_set_aside(site, ask):
    provider(site)
    beside(site, signed(KEY, RAW + b"\n"))
    ask()
    assert came() == 0
    assert "does not hold" in why()


def test_a_signature_that_is_none_is_set_aside(site, ask):
    provider(site)
    beside(site, b"<html>not here</html>")
    ask()
    assert came() == 0
    assert "cannot be read" in why()


@pytest.mark.parametrize(("role", "in_"), [(PROVIDER, 1), ("csaf_publisher", 1), (TRUSTED, 0)])
def test_without_a_signature_the_role_of_the_provider_decides(role, in_, site, ask):
    provider(site, role=role)
    ask()
    assert came() == in_
    assert in_ or "a trusted provider signs each document" in why()


def test_a_trusted_provider_without_a_key_vouches_for_nothing(site, ask):
    provider(site, role=TRUSTED, keys=())
    beside(site, signed(KEY))
    ask()
    assert came() == 0
    assert "publishes no OpenPGP key" in why()


def test_a_signature_that_a_feed_names_is_taken_from_there_and_must_be_there(site, ask):
    provider(site, rolie=True)
    ask()
    assert "which is not there" in why()
    beside(site, signed(KEY), "/elsewhere.asc")
    models.SetAside.objects.all().delete()
    models.Fetched.objects.all().delete()
    ask()
    assert came() == 1


def test_a_key_that_is_not_the_one_that_is_named_vouches_for_nothing_and_is_asked_again(site, ask):
    provider(site, fingerprint="0" * 40)
    beside(site, signed(KEY))
    state = ask()
    assert came() == 0
    assert not models.SetAside.objects.exists()
    assert "its fingerprint is" in state.error
    provider(site)
    ask()
    assert came() == 1


def test_a_list_without_a_provider_is_held_against_the_provider_that_the_source_names(site, overlay, egress, settings):
    overlay("vendor", "/csaf/changes.csv")
    file = settings.HOME / "overlay" / "advisories" / "vendor.toml"
    file.write_text(f'provider = "https://{HOST}/provider-metadata.json"\n{file.read_text()}')
    provider(site)
    beside(site, signed(OTHER))
    scheduling.ask("vendor", egress)
    assert came() == 0
    assert "does not hold" in why()


def test_what_is_not_vouched_for_is_only_replayed_by_who_says_why(site, ask):
    provider(site)
    beside(site, signed(OTHER))
    ask()
    aside = models.SetAside.objects.get().id
    with pytest.raises(StillWrong, match="signature"):
        actions.replay(actor=TAKER, aside=aside)
    actions.replay(actor=TAKER, aside=aside, despite="the provider said by telephone that its key is new")
    assert came() == 1
