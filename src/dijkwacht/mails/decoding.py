"""Bytes as text, whatever they say of themselves."""

from .bounds import LARGEST
from .scanning import place_of


def plain_of(raw: bytes) -> str:
    """Give bytes of a mail as text, without the soft line ends of quoted-printable, which would cut a URL in two."""
    text = raw[:LARGEST].decode(errors="replace")
    for soft in ("=\r\n", "=\n"):
        text = text.replace(soft, "") if place_of(text, soft, rare=(0, len(soft) - 1)) >= 0 else text
    return text


def text_of(content: bytes, charset: str) -> str:
    """Decode a part; what a charset does not know, or a charset that nobody knows, becomes the replacement sign."""
    try:
        return content.decode(charset or "utf-8", errors="strict")
    except (LookupError, UnicodeDecodeError, ValueError):
        return content.decode("cp1252" if charset.lower() in {"", "us-ascii"} else "utf-8", errors="replace")
