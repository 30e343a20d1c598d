"""Single sign-on: one SAML 2.0 identity provider, named by the environment. Reads settings only, so no Django here."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from dijkwacht.platform.accounts.oidc import LOOPBACK

SLUG: Final = "broker"  # in our addresses: /account/saml/broker/metadata/, …/acs/
NUMBERS: Final = {
    "kvk": "DIJKWACHT_SAML_ATTRIBUTE_KVK",
    "oin": "DIJKWACHT_SAML_ATTRIBUTE_OIN",
    "rsin": "DIJKWACHT_SAML_ATTRIBUTE_RSIN",
}


def providers(environment: Mapping[str, str]) -> dict[str, Any]:
    """The part of SOCIALACCOUNT_PROVIDERS for SAML; empty when no provider is configured.

    Assertions must be signed, with SHA-256 or better, and answer a request of ours. Raises ValueError when the provider
    is not reached by https (loopback may do without), or when it is incomplete.
    """
    entity = environment.get("DIJKWACHT_SAML_IDP_ENTITY_ID", "")
    if not entity:
        return {}
    address = environment.get("DIJKWACHT_SAML_IDP_SSO_URL", "")
    certificate = environment.get("DIJKWACHT_SAML_IDP_CERTIFICATE_FILE", "")
    if not address or not certificate:
        raise ValueError("DIJKWACHT_SAML_IDP_SSO_URL and DIJKWACHT_SAML_IDP_CERTIFICATE_FILE must be set too")
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ValueError("DIJKWACHT_SAML_IDP_SSO_URL must start with https://")
    app = {
        "provider_id": entity,
        "name": environment.get("DIJKWACHT_SAML_NAME", "") or "Single sign-on",
        "client_id": SLUG,
        "settings": {
            "idp": {"entity_id": entity, "sso_url": address, "x509cert": Path(certificate).read_text().strip()},
            "attribute_mapping": _attributes(environment),
            "broker_numbers": {
                number: attribute
                for number, name in NUMBERS.items()
                if (attribute := environment.get(name, "").strip())
            },
            "advanced": _advanced(environment),
        },
    }
    return {"saml": {"APPS": [app]}}


def apps(environment: Mapping[str, str]) -> list[str]:
    """Django's app for SAML, only where a provider is configured: its libraries are heavy."""
    return ["allauth.socialaccount.providers.saml"] if environment.get("DIJKWACHT_SAML_IDP_ENTITY_ID") else []


def _attributes(environment: Mapping[str, str]) -> dict[str, str]:
    """Which attribute says who it is, and its address; without one for who, the persistent NameID counts."""
    named = {
        "uid": environment.get("DIJKWACHT_SAML_ATTRIBUTE_SUBJECT", ""),
        "email": environment.get("DIJKWACHT_SAML_ATTRIBUTE_EMAIL", ""),
    }
    return {field: attribute for field, attribute in named.items() if attribute}


def _advanced(environment: Mapping[str, str]) -> dict[str, Any]:
    key, own = environment.get("DIJKWACHT_SAML_KEY_FILE", ""), environment.get("DIJKWACHT_SAML_CERTIFICATE_FILE", "")
    if bool(key) != bool(own):
        raise ValueError("DIJKWACHT_SAML_KEY_FILE and DIJKWACHT_SAML_CERTIFICATE_FILE are set both, or neither")
    signing: dict[str, Any] = {}
    if key:
        signing = {"private_key": Path(key).read_text().strip(), "x509cert": Path(own).read_text().strip()}
        signing |= {"authn_request_signed": True, "metadata_signed": True}
    return {
        "strict": True,
        "want_assertion_signed": True,
        "reject_deprecated_algorithm": True,
        "reject_idp_initiated_sso": True,
        "allow_repeat_attribute_name": False,
        **signing,
    }
