"""A real OpenID Connect provider on loopback, in a process of its own, that insists on PKCE. Prints its address."""

import base64
import hashlib
import io
import warnings
from urllib.parse import parse_qs

warnings.simplefilter("ignore")  # what the provider's own libraries find deprecated

import oidc_provider_mock  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402

challenges: set[str] = set()


def insist_on_pkce(application):
    """Refuse a code that is redeemed without the verifier of a challenge seen before."""

    def checked(environ, start_response):
        challenges.update(parse_qs(environ.get("QUERY_STRING", "")).get("code_challenge", []))
        if environ["PATH_INFO"] == "/oauth2/token":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            environ["wsgi.input"] = io.BytesIO(body)
            verifier = parse_qs(body.decode()).get("code_verifier", [""])[0]
            seen = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
            if seen not in challenges:
                start_response("400 Bad Request", [("Content-Type", "application/json")])
                return [b'{"error": "invalid_grant"}']
        return application(environ, start_response)

    return checked


if __name__ == "__main__":
    server = make_server("127.0.0.1", 0, insist_on_pkce(oidc_provider_mock.app(require_client_registration=True)))
    print(server.server_port, flush=True)
    server.serve_forever()
