"""MIME entities as bytes (RFC 2045, RFC 2046).

The standard library parses and folds every header of every part by grammar, which is most of the work of a run of some
thousand mails. Here a header that needs neither folding nor encoding is written as it stands; only others go its way.
"""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from functools import lru_cache
from typing import Final

LINE: Final = 78  # characters of a header line (RFC 5322 section 2.1.1)
POLICY: Final = SMTP.clone(cte_type="7bit", max_line_length=LINE)
_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,60}")


@dataclass(frozen=True, slots=True)
class Entity:
    """One part: its Content- headers without line ends, and its encoded body with CRLF line ends."""

    headers: tuple[bytes, ...]
    body: bytes

    def with_parameter(self, parameter: str) -> "Entity":
        """The same with one more parameter, such as `hp="cipher"`, on its first header, the Content-Type."""
        return Entity((self.headers[0] + b";\r\n " + parameter.encode("ascii"), *self.headers[1:]), self.body)

    def under(self, lines: Sequence[bytes] = ()) -> bytes:
        """The whole entity with more header lines above its own."""
        return b"\r\n".join((*lines, *self.headers, b"", self.body))


def text(content: str, subtype: str) -> Entity:
    """A text in UTF-8, quoted-printable, with a line end at its end."""
    lines = b"\r\n".join(content.encode().splitlines()) + b"\r\n"
    headers = (
        b'Content-Type: text/%s; charset="utf-8"' % subtype.encode(),
        b"Content-Transfer-Encoding: quoted-printable",
    )
    return Entity(headers, binascii.b2a_qp(lines, istext=True))


def attachment(name: str, content: bytes, media_type: str) -> Entity:
    """A file, base64. `name`: printable, without a path."""
    headers = (b"Content-Type: " + media_type.encode("ascii"), b"Content-Transfer-Encoding: base64", _disposition(name))
    return Entity(headers, encoded(content))


def encoded(content: bytes) -> bytes:
    """Base64 in lines of 76 characters."""
    return base64.encodebytes(content).replace(b"\n", b"\r\n")


def multipart(subtype: str, boundary: str, parts: Sequence[Entity]) -> Entity:
    """Parts with a boundary between them that stands in none of them."""
    line = b"--" + boundary.encode("ascii")
    body = b"".join(line + b"\r\n" + part.under() + b"\r\n" for part in parts) + line + b"--\r\n"
    return Entity((f'Content-Type: multipart/{subtype}; boundary="{boundary}"'.encode("ascii"),), body)


def header_lines(fields: Mapping[str, str]) -> list[bytes]:
    """Headers as they stand in a message, folded and encoded where they must be (RFC 5322, RFC 2047)."""
    return [_header(name, value) for name, value in fields.items()]


def _header(name: str, value: str) -> bytes:
    if value.isascii() and len(name) + 2 + len(value) <= LINE and "=?" not in value:
        return f"{name}: {value}".encode("ascii")
    return _folded(name, value)


@lru_cache(maxsize=256)  # a run of notices has few subjects, and one sender
def _folded(name: str, value: str) -> bytes:
    stored = POLICY.header_store_parse(name, value)[1]
    return POLICY.fold_binary(name, stored).removesuffix(b"\r\n")


def _disposition(name: str) -> bytes:
    if _PLAIN_NAME.fullmatch(name):
        return f'Content-Disposition: attachment; filename="{name}"'.encode("ascii")
    message = EmailMessage(policy=POLICY)
    message.add_header("Content-Disposition", "attachment", filename=name)  # any other name as RFC 2231 has it
    return message.as_bytes().removesuffix(b"\r\n\r\n")
