"""A mail as a tree of parts: by a fast parser, or by the standard library's where that one gives up."""

import email
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.message import Message
from email.policy import compat32
from typing import Any, cast

import fast_mail_parser


class UnreadableError(Exception):
    """Neither parser makes anything of these bytes."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One part with content. `layer` counts the messages around it; `headers` are those of the message it is in."""

    kind: str  # as in text/html; lower case
    charset: str
    filename: str
    content: bytes
    layer: int
    headers: dict[str, list[str]]  # names in lower case


def leaves(raw: bytes) -> tuple[list[Leaf], str]:
    """Give the parts of a mail and which parser read them. Raises UnreadableError."""
    try:
        root = fast_mail_parser.parse_email_tree(raw)
        found = list(_fast(root, 0, _lower(root.headers)))
        if found:
            return found, "fast"
    except (fast_mail_parser.ParseError, ValueError):
        pass
    try:
        return list(_slow(email.message_from_bytes(raw, policy=compat32), 0)), "compat32"
    except (MessageError, ValueError, LookupError, RecursionError) as error:
        raise UnreadableError(str(error)) from error


def _lower(headers: Any) -> dict[str, list[str]]:
    return {name.lower(): [str(value) for value in values] for name, values in headers.items()}


def _fast(part: Any, layer: int, headers: dict[str, list[str]]) -> Iterator[Leaf]:
    if part.is_message and part.children:
        for child in part.children:
            yield from _fast(child, layer + 1, _lower(child.headers))
        return
    for child in part.children:
        yield from _fast(child, layer, headers)
    if part.content is not None:
        declared = next((value[0] for name, value in part.headers.items() if name.lower() == "content-type"), "")
        yield Leaf(
            _kind(declared),
            _parameter(declared, "charset"),
            part.filename or _parameter(declared, "name"),
            part.content,
            layer,
            headers,
        )


def _slow(message: "Message[str, str]", layer: int) -> Iterator[Leaf]:
    headers: dict[str, list[str]] = {}
    for name, value in message.items():
        headers.setdefault(name.lower(), []).append(_readable(value))
    yield from _slow_parts(message, layer, headers)


def _slow_parts(part: "Message[str, str]", layer: int, headers: dict[str, list[str]]) -> Iterator[Leaf]:
    content = part.get_payload()
    if part.get_content_type() == "message/rfc822" and isinstance(content, list):
        for inner in content:
            yield from _slow(cast("Message[str, str]", inner), layer + 1)
    elif isinstance(content, list):
        for inner in content:
            yield from _slow_parts(cast("Message[str, str]", inner), layer, headers)
    else:
        charset = str(part.get_content_charset() or "")
        body = part.get_payload(decode=True)
        given = body if isinstance(body, bytes) else str(content or "").encode(errors="surrogateescape")
        yield Leaf(part.get_content_type(), charset, _readable(part.get_filename() or ""), given, layer, headers)


def _readable(value: object) -> str:
    """Give what the library hands out as text; bytes that are none, which it hides in it, become the sign for that."""
    return str(value).encode(errors="surrogateescape").decode(errors="replace")


def _kind(declared: str) -> str:
    return declared.partition(";")[0].strip().lower() or "text/plain"


def _parameter(declared: str, name: str) -> str:
    for part in declared.split(";")[1:]:
        key, _, value = part.partition("=")
        if key.strip().lower() == name:
            return value.strip().strip("\"'")
    return ""
