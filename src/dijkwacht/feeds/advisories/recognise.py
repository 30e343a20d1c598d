"""What a file is, by what stands in it; its name is a hint and never the reason."""

import re
from typing import Final, Literal

HEAD: Final = 1 << 16
Kind = Literal["csaf", "cve", "kev", "epss", "news", "mail", "list", "listing", "unknown"]
_HEADER: Final = re.compile(rb"\A(?:[!-9;-~]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){2}")
# The header of a table of product status: in Markdown, in CSV, or the first names of its JSON.
_STATUS_LIST: Final = re.compile(
    rb"""^(?:\|\s*Supplier\s*\|\s*Product\s*\||Supplier,Product,|\[\s*\{\s*"Supplier"\s*:)""", re.MULTILINE
)
_CHECKSUM: Final = re.compile(rb"\A[0-9a-fA-F]{64,128}[ \t*\r\n]")


def kind_of(raw: bytes, name: str = "") -> Kind:
    """Say what kind of source a file is of. "listing": a provider's list of documents, or a signature, no item."""
    start = raw[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"\x1f\x8b", b"#model_version", b"cve,epss")):
        return "epss"
    if start.startswith(b"{"):
        return _json(raw, start)
    if start.startswith(b"<") or _STATUS_LIST.search(start):
        return "news" if start.startswith(b"<") else "list"
    if name.endswith((".sha256", ".sha512", ".asc")) or _CHECKSUM.match(start):
        return "listing"
    if start.startswith((b"-----BEGIN PGP", b"csaf_files/")) or name.endswith(("changes.csv", "index.txt")):
        return "listing"
    return "mail" if _HEADER.match(start) or name.endswith(".eml") else "unknown"


def _json(raw: bytes, start: bytes) -> Kind:
    """Tell JSON apart by names that no other kind has. What has none of them is unknown, and said so."""
    if b'"CVE_RECORD"' in start or b'"CVE_RECORD"' in raw[-HEAD:]:
        return "cve"
    if b'"catalogVersion"' in start:
        return "kev"
    if b'"feed"' in start[:200] or b'"canonical_url"' in start or b'"aggregator_version"' in start:
        return "listing"
    return "csaf" if b'"csaf_version"' in raw else "unknown"
