"""What security.txt says of our CSAF documents, signed with the key that signs them."""

import pysequoia
import pytest

from dijkwacht.rooms.advisories.publishing import signing

pytestmark = pytest.mark.django_db


def test_it_names_the_metadata_with_the_well_known_address_first_and_is_signed(client, settings):
    settings.CSAF_URL = "https://csirt.example/.well-known/csaf"
    text = client.get("/.well-known/security.txt").content.decode()
    named = [line.partition(": ")[2] for line in text.splitlines() if line.startswith("CSAF: ")]
    assert named[0] == "https://csirt.example/.well-known/csaf/provider-metadata.json"
    assert all(one.startswith("https://") for one in named)
    certificate = pysequoia.Cert.from_bytes(signing.current().public.encode())
    checked = pysequoia.verify(text.encode(), store=lambda _: [certificate])
    assert checked.valid_sigs
    assert b"Contact: mailto:" in checked.bytes
    assert b"Expires: " in checked.bytes


def test_a_site_without_tls_names_none_because_the_field_demands_https(client, settings):
    settings.CSAF_URL = "http://127.0.0.1:8000/.well-known/csaf"
    assert b"CSAF:" not in client.get("/.well-known/security.txt").content
