"""The settings of a test run: a home folder of its own, made before anything reads the settings."""

import os
import tempfile

# Workers of pytest-xdist and every subprocess inherit these.
os.environ.setdefault("DIJKWACHT_HOME", tempfile.mkdtemp(prefix="dijkwacht-test-"))
os.environ.setdefault("DIJKWACHT_DEMO", "1")
# Playwright keeps an event loop in the thread of the browser tests; the tests after them in that process use the ORM.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

from dijkwacht.settings import *  # noqa: F403

INSTALLED_APPS += ["allauth.socialaccount.providers.saml"]  # noqa: F405 - elsewhere only where a provider is configured
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - WhiteNoise warns about a folder that is not there
PASSWORD_HASHERS = ["tests.accounts.cheap_hasher.CheapArgon2"]
