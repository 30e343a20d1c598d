"""Where a reference on a page leads, as a browser understands it."""

import re
from urllib.parse import urljoin

from dijkwacht.mails.urls import canonical

_IGNORED = re.compile(r"[\t\n\r]")


def resolved(base: str, reference: str) -> str:
    """Give the canonical URL of a reference on `base`, or "" when it is no http(s) URL.

    The library for URLs takes no base, and the standard library's joining does not know that a browser takes `\\` for
    `/`: it is put right before, and the outcome is read by the WHATWG rules.
    """
    cut = _IGNORED.sub("", reference.strip())[:8192]
    if not cut:
        return ""
    end = next((at for at, sign in enumerate(cut) if sign in "?#"), len(cut))
    try:
        return canonical(urljoin(base, cut[:end].replace("\\", "/") + cut[end:]))
    except ValueError:
        return ""
