"""What security.txt says of our CSAF documents (requirement 8), and our signature around it (RFC 9116 section 2.3)."""

from collections.abc import Sequence
from functools import lru_cache

from dijkwacht.rooms.advisories.publishing import folder, signing, standing
from dijkwacht.rooms.advisories.publishing.csaf import VERSIONS


def csaf_fields() -> list[str]:
    """Give the fields, the well-known address first; none where the site has no TLS: the field demands https."""
    base = standing.base()
    if not base.startswith("https://"):
        return []
    places = [folder.METADATA, *(f"{folder.root(one)}/{folder.METADATA}" for one in VERSIONS)]
    return [f"CSAF: {base}/{one}" for one in places]


def signed(lines: Sequence[str]) -> str:
    """Give the lines as a file with our signature around them; the same file as long as the lines are the same."""
    return _signed(tuple(lines), signing.current().fingerprint)


@lru_cache(maxsize=4)
def _signed(lines: tuple[str, ...], fingerprint: str) -> str:  # noqa: ARG001 - another key signs anew
    return signing.current().sign_text("\n".join(lines) + "\n")
