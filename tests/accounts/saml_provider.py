"""A SAML identity provider for tests: it signs real assertions with a key of its own (xmlsec, SHA-256)."""

import base64
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from onelogin.saml2.utils import OneLogin_Saml2_Utils as Saml

ENTITY = "https://broker.example/idp"
SSO = "https://broker.example/sso"
ASSERTION = """<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{identifier}" Version="2.0"
 IssueInstant="{now}"><saml:Issuer>{issuer}</saml:Issuer><saml:Subject><saml:NameID
 Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{subject}</saml:NameID><saml:SubjectConfirmation
 Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="{until}" Recipient="{acs}"
 InResponseTo="{request}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{since}"
 NotOnOrAfter="{until}"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>
</saml:Conditions><saml:AuthnStatement AuthnInstant="{now}"><saml:AuthnContext><saml:AuthnContextClassRef>
urn:etoegang:core:assurance-class:loa3</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"""
RESPONSE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="{identifier}" Version="2.0"
 IssueInstant="{now}" Destination="{acs}" InResponseTo="{request}"><saml:Issuer
 xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{issuer}</saml:Issuer><samlp:Status><samlp:StatusCode
 Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{assertion}</samlp:Response>"""


class IdentityProvider:
    """Signs in whom the test says."""

    def __init__(self):
        key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "broker.example")])
        now = datetime.now(UTC)
        made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        made = made.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        signed = made.not_valid_after(now + timedelta(days=9)).sign(key, hashes.SHA256())
        self.certificate = signed.public_bytes(serialization.Encoding.PEM).decode()
        self.key = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()

    def response(self, *, request, acs, audience, subject="pseudonym-1", minutes=5, signed=True, **attributes):
        """The base64 of a response to `request`; attributes are values, or lists of them."""
        now = datetime.now(UTC)
        shown = "".join(
            f'<saml:Attribute Name="{name}">'
            + "".join(
                f"<saml:AttributeValue>{v}</saml:AttributeValue>"
                for v in ([value] if isinstance(value, str) else value)
            )
            + "</saml:Attribute>"
            for name, value in attributes.items()
        )
        common = {
            "now": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            "since": f"{now - timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}",
            "until": f"{now + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}",
            "issuer": ENTITY,
            "acs": acs,
            "request": request,
        }
        assertion = ASSERTION.format(
            identifier=f"_{uuid4().hex}", audience=audience, subject=subject, attributes=shown, **common
        ).replace("\n", "")
        if signed:
            assertion = Saml.add_sign(assertion, self.key, self.certificate).decode()
            assertion = assertion.removeprefix("<?xml version='1.0' encoding='UTF-8'?>").strip()
        whole = RESPONSE.format(identifier=f"_{uuid4().hex}", assertion=assertion, **common)
        return base64.b64encode(whole.encode()).decode()
