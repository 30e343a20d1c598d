"""Lay out the pages' own files (styles, scripts) under their hashed names, when one of them changed."""

import fcntl
import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect() -> bool:
    """Collect the static files into `STATIC_ROOT` unless they stand there already; give whether it was needed.

    Raises FileNotFoundError when `dijkwacht assets` was never run: the pages would have no style.
    """
    if not (settings.HOME / "assets").is_dir():
        raise FileNotFoundError(f"{settings.HOME / 'assets'} is missing: run `dijkwacht assets` first.")
    target = Path(settings.STATIC_ROOT)
    target.mkdir(parents=True, exist_ok=True)
    with (target.parent / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two web processes may start on one home
        known, wanted = target / ".sources", _sources()
        if known.is_file() and known.read_text() == wanted:
            return False
        call_command("collectstatic", interactive=False, verbosity=0)
        known.write_text(wanted)
        return True


def _sources() -> str:
    """A digest over the name, size and time of every file that is collected."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(None):
            facts = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
