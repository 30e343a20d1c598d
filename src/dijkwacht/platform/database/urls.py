"""Where the database is, and as whom a process connects to it.

`DATABASE_URL` names the owner of the schema; it is used to migrate. Everything else connects as `dijkwacht_app`, a role
without SUPERUSER and BYPASSRLS, through `DATABASE_APP_URL` or, when that is empty, with a password of this
installation.
"""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from dijkwacht.platform.crypto import secrets

APP_ROLE = "dijkwacht_app"
OWNER_ROLE = "dijkwacht_owner"
DATABASE = "dijkwacht"


def existing(*paths: Path) -> Iterable[Path]:
    return [path for path in paths if path.is_dir()]


def as_owner() -> bool:
    """True in a process that migrates; set by `dijkwacht migrate` and the test set-up only."""
    return os.environ.get("DIJKWACHT_AS_OWNER") == "1"


def socket_folder(home: Path) -> Path:
    """The folder of the embedded server's socket: the data folder, which only its user may enter.

    A socket's path may have 107 bytes; a longer one goes to a folder of its own under /tmp, closed in the same way.
    """
    folder = home / "postgres"
    if len(os.fsencode(folder)) <= 90:  # noqa: PLR2004 - leaves room for /.s.PGSQL.5432
        return folder
    return Path("/tmp") / f"dijkwacht-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}"  # noqa: S108


def parse(url: str) -> dict[str, Any]:
    """Turn a PostgreSQL URL into Django's settings. Raises ValueError for another scheme."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"DATABASE_URL must start with postgresql://, not {parts.scheme}://")
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.lstrip("/")) or DATABASE,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def connection(home: Path, *, owner: bool) -> dict[str, Any]:
    """The settings to connect as the owner of the schema or as the application."""
    url = os.environ.get("DATABASE_URL", "")
    app_url = os.environ.get("DATABASE_APP_URL", "")
    if not owner and app_url:
        return parse(app_url)
    if url:
        settings = parse(url)
    else:
        settings = {
            "NAME": os.environ.get("DIJKWACHT_DATABASE", DATABASE),
            "USER": OWNER_ROLE,
            "PASSWORD": "",
            "HOST": str(socket_folder(home)),
            "PORT": "",
            "OPTIONS": {},
        }
    if not owner:
        settings |= {"USER": APP_ROLE, "PASSWORD": secrets.text(home, "database-app-password") if url else ""}
    return settings


def django_database(home: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        **connection(home, owner=as_owner()),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
