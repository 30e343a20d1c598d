"""Indicators of compromise in whatever form people paste them: found, made whole again, told apart. Pure."""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dijkwacht.kernel.refang import refang

MOST: Final = 500  # of one report
LONGEST_TEXT: Final = 20_000  # characters that are looked at
LONGEST_LINE: Final = 300  # characters of what is kept as text
_TOKEN: Final = re.compile(r"[^\s,;|\"'<>`]+")
_HASHES: Final = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
_HEX: Final = re.compile(r"[0-9a-fA-F]+")
_CVE: Final = re.compile(r"CVE-\d{4}-\d{4,7}", re.IGNORECASE)
_LABEL: Final = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
_DOMAIN: Final = re.compile(rf"(?:{_LABEL}\.)+(?:xn--[a-z0-9-]{{2,59}}|[a-z]{{2,63}})", re.IGNORECASE)
_MAIL: Final = re.compile(rf"[A-Za-z0-9._%+-]{{1,64}}@{_DOMAIN.pattern}", re.IGNORECASE)
_FILES: Final = frozenset({"exe", "dll", "ps", "js", "py", "sh", "bat", "zip", "doc", "docx", "pdf", "txt", "log"})


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """An indicator: its kind (ipv4, ipv6, domain, url, mail, md5, sha1, sha256, sha512, cve) and its usual spelling."""

    kind: str
    value: str

    @property
    def defanged(self) -> str:
        """The value as it is shown: nobody can follow it by accident."""
        return self.value.replace("http", "hxxp", 1).replace(".", "[.]") if self.kind in _LIVE else self.value


_LIVE: Final = frozenset({"url", "domain", "mail", "ipv4"})


def recognise(text: str) -> list[Found]:
    """Return the indicators in a text, each once, in order; at most MOST, of its first LONGEST_TEXT characters."""
    found: dict[Found, None] = {}
    for token in _TOKEN.finditer(refang(text[:LONGEST_TEXT])):
        for one in _kinds(token[0].strip("()[]{}.!?")):
            found[one] = None
            if len(found) >= MOST:
                return list(found)
    return list(found)


def unrecognised(text: str) -> list[str]:
    """Return what of a text is no indicator that we know, line by line: a command, a file name, a word about them."""
    kept: dict[str, None] = {}
    for line in text[:LONGEST_TEXT].splitlines():
        tokens = _TOKEN.findall(refang(line))
        rest = [token for token in tokens if not any(_kinds(token.strip("()[]{}.!?")))]
        whole = " ".join((line if len(rest) == len(tokens) else " ".join(rest)).split())
        for start in range(0, len(whole), LONGEST_LINE):
            kept[whole[start : start + LONGEST_LINE].strip()] = None
    return list(kept)


def _kinds(token: str) -> Iterator[Found]:
    low = token.lower()
    if low.startswith(("http://", "https://", "ftp://")):
        if len(token) > len("http://x.y"):
            yield Found("url", token)
    elif (address := _address(token)) is not None:
        yield address
    elif _HEX.fullmatch(token) and len(token) in _HASHES:
        yield Found(_HASHES[len(token)], low)
    elif _CVE.fullmatch(token):
        yield Found("cve", token.upper())
    elif _MAIL.fullmatch(token):
        yield Found("mail", low)
    elif _DOMAIN.fullmatch(low) and len(low) <= 253 and low.rpartition(".")[2] not in _FILES:  # noqa: PLR2004 - RFC 1035
        yield Found("domain", low)


def _address(token: str) -> Found | None:
    """Return an address, without a port or prefix length behind it."""
    bare = token.partition("/")[0]
    host = bare.rpartition(":")[0] if bare.count(":") == 1 else bare
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return Found(f"ipv{address.version}", address.compressed)
