"""What each field may hold."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from pysequoia import Tsk

from dijkwacht.rooms.registry import cleaners, fields, keys, preferences, rules
from dijkwacht.rooms.registry.errors import NotAllowed, WrongState
from dijkwacht.rooms.registry.vocabulary import AssetStatus


@pytest.mark.parametrize(
    ("cleaner", "written", "stored"),
    [
        (cleaners.email, "Jan@Waterkant.Example", "Jan@waterkant.example"),
        (cleaners.email, "jan@bücher.example", "jan@xn--bcher-kva.example"),
        (cleaners.email, "", ""),
        (cleaners.phone, "+31 (20) 123-45.67", "+31201234567"),
        (cleaners.phone, "0031201234567", "+31201234567"),
        (cleaners.sectors, "1.5; 1.10b;1.5", ["1.10b", "1.5"]),
        (cleaners.sectors, "1.1", ["1.1"]),
        (cleaners.country, "nl", "NL"),
        (cleaners.flag, "ja", True),
        (cleaners.flag, False, False),
        (preferences.severity, "4", 4),
        (cleaners.https_url, "https://hook.a.example:8443/in?x=1", "https://hook.a.example:8443/in?x=1"),
    ],
)
def test_a_value_is_stored_in_its_normal_form(cleaner, written, stored):
    assert cleaner(written) == stored


@pytest.mark.parametrize(
    ("cleaner", "written"),
    [
        *((cleaners.email, text) for text in ("jan", "@a.nl", "jan@", "jan@nl", "a b@c.nl", "a@b.nl\nBcc: x@y.nl")),
        *((cleaners.email, text) for text in ("a@b@c.nl,", '"a b"@c.nl', f"{'a' * 65}@b.nl", "<a@b.nl>", "a@.nl")),
        *((cleaners.phone, text) for text in ("0201234567", "+31", "+31 20 123456789012345", "call me")),
        *((cleaners.sectors, text) for text in ("9.9", "1.5;x", "DROP TABLE")),
        *(
            (cleaners.https_url, text)
            for text in ("http://a.nl", "https://", "javascript:alert(1)", "https://u:p@a.nl")
        ),
        *((cleaners.https_url, text) for text in ("https://a.nl/#x", "https://[::1", "https://a.nl:99999", "//a.nl")),
        *((preferences.clock, text) for text in ("24:00", "7:00", "noon", "\u0662\u0662:\u0660\u0660")),
        *((cleaners.day, text) for text in ("31-12-2026", "2026-02-30")),
        (cleaners.country, "XX"),
        (cleaners.flag, "maybe"),
        (preferences.severity, "5"),
        (preferences.order, "-1"),
        (preferences.kinds, "scan http"),
    ],
)
def test_a_wrong_value_is_refused_in_both_languages(cleaner, written):
    with pytest.raises(cleaners.Refused) as refused:
        cleaner(written)
    assert refused.value.reason_nl != refused.value.reason_en


@given(st.sampled_from(sorted(fields.CONTACT)), st.text(max_size=100))
def test_no_text_in_a_field_of_a_contact_escapes_as_another_error(name, text):
    cleaned = fields.clean(fields.CONTACT, {name: text})
    assert len(cleaned.values) + len(cleaned.problems) == 1


@given(st.sampled_from(sorted(fields.ORGANISATION)), st.one_of(st.text(max_size=100), st.integers(), st.none()))
def test_no_value_of_an_organisation_escapes_as_another_error(name, value):
    cleaned = fields.clean(fields.ORGANISATION, {name: value})
    assert len(cleaned.values) + len(cleaned.problems) == 1


def test_an_openpgp_key_is_kept_and_a_secret_one_refused():
    secret = Tsk.generate("Desk <soc@a.example>")
    public = str(secret.extract_certificate())
    assert "BEGIN PGP PUBLIC KEY" in keys.openpgp(public)
    for text in (str(secret), "nonsense", public.replace("a", "b")):
        with pytest.raises(keys.InvalidKey):
            keys.openpgp(text)


def certificate(key, days):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "soc@a.example")])
    start = datetime.now(UTC) - timedelta(days=30)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(datetime.now(UTC) + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    return built.public_bytes(serialization.Encoding.PEM).decode()


def test_an_smime_certificate_must_be_valid_and_strong():
    curve = ec.generate_private_key(ec.SECP256R1())
    assert keys.smime(certificate(curve, 30)).startswith("-----BEGIN CERTIFICATE")
    weak = certificate(rsa.generate_private_key(65537, 1024), 30)  # noqa: S505 - what must be refused
    for text in (certificate(curve, -1), weak, "nonsense", "-----BEGIN PRIVATE KEY-----"):
        with pytest.raises(keys.InvalidKey):
            keys.smime(text)


def test_a_status_follows_only_its_steps():
    rules.require_step("claimed", AssetStatus.VERIFIED, rules.ASSET_STEPS)
    for now, to in (("expired", AssetStatus.DISPUTED), ("verified", AssetStatus.CLAIMED)):
        with pytest.raises(WrongState):
            rules.require_step(now, to, rules.ASSET_STEPS)
    with pytest.raises(NotAllowed):
        rules.require(False)
