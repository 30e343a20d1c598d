"""The settings of a test run: a home folder of its own, made before anything reads the settings."""

import os
import tempfile
from pathlib import Path

# Workers of pytest-xdist and every subprocess inherit these.
os.environ.setdefault("DIJKWACHT_HOME", tempfile.mkdtemp(prefix="dijkwacht-test-"))
os.environ.setdefault("DIJKWACHT_DEMO", "1")
# The second validator of CSAF documents, where `make setup` puts it.
os.environ.setdefault("DIJKWACHT_NODE_MODULES", str(Path(__file__).parents[1] / "var" / "frontend" / "node_modules"))

from dijkwacht.portal import messages
from dijkwacht.settings import *  # noqa: F403

if "PYTEST_XDIST_WORKER" not in os.environ:
    messages.compile_all(PACKAGE)  # noqa: F405 - the Dutch texts, once, before anything reads them

INSTALLED_APPS += ["allauth.socialaccount.providers.saml"]  # noqa: F405 - elsewhere only where a provider is configured
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - WhiteNoise warns about a folder that is not there
PASSWORD_HASHERS = ["tests.accounts.cheap_hasher.CheapArgon2"]
