"""Single sign-on: one OpenID Connect provider, named by the environment. Reads settings only, so no Django here."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
NUMBERS = {  # which claim of a broker holds which number (see brokers.py)
    "kvk": "DIJKWACHT_OIDC_CLAIM_KVK",
    "oin": "DIJKWACHT_OIDC_CLAIM_OIN",
    "rsin": "DIJKWACHT_OIDC_CLAIM_RSIN",
}


def providers(environment: Mapping[str, str]) -> dict[str, Any]:
    """The value of SOCIALACCOUNT_PROVIDERS; empty when no provider is configured.

    Code flow with PKCE. Raises ValueError when the provider is not reached by https (loopback may do without), or when
    its client is incomplete.
    """
    server = environment.get("DIJKWACHT_OIDC_DISCOVERY_URL", "")
    if not server:
        return {}
    parts = urlsplit(server)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ValueError("DIJKWACHT_OIDC_DISCOVERY_URL must start with https://")
    client, secret = environment.get("DIJKWACHT_OIDC_CLIENT_ID", ""), environment.get("DIJKWACHT_OIDC_SECRET_FILE", "")
    if not client or not secret:
        raise ValueError("DIJKWACHT_OIDC_CLIENT_ID and DIJKWACHT_OIDC_SECRET_FILE must be set too")
    method = environment.get("DIJKWACHT_OIDC_TOKEN_AUTH_METHOD", "")  # empty: as the provider's description says
    app = {
        "provider_id": "sso",
        "name": environment.get("DIJKWACHT_OIDC_NAME", "") or "Single sign-on",
        "client_id": client,
        "secret": Path(secret).read_text().strip(),
        "settings": {
            "server_url": server,
            "oauth_pkce_enabled": True,
            "token_auth_method": method,
            "broker_numbers": {
                number: claim for number, name in NUMBERS.items() if (claim := environment.get(name, "").strip())
            },
        },
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
