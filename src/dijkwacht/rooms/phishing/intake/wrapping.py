"""What is handed in without a mail around it becomes one, so that everything is read in one way. Pure."""

import re
from email.message import EmailMessage
from email.policy import SMTP as AS_SENT
from typing import Final, NamedTuple

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PICTURES: Final = {
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpeg",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
}
HEADER_LINE: Final = re.compile(rb"(?:From [^\r\n]*\r?\n)?[A-Za-z][A-Za-z0-9-]{1,60}:[^\r\n]*\r?\n", re.ASCII)
LARGEST_FILE: Final = 10 << 20  # bytes of what is uploaded
MOST_URLS: Final = 100
LONGEST_URL: Final = 8_192


class Unknown(Exception):
    """The file is no mail, no Outlook message, no picture and no PDF."""


class File(NamedTuple):
    """What a file is: mail, msg, or the main and sub type of a picture or PDF."""

    kind: str
    content: bytes


def recognised(content: bytes) -> File:
    """Say what a file is by how it begins, whatever it is called. Raises Unknown."""
    if content.startswith(OLE):
        return File("msg", content)
    if content.startswith(b"%PDF-"):
        return File("application/pdf", content)
    for start, kind in PICTURES.items():
        if content.startswith(start):
            return File(f"image/{kind}", content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return File("image/webp", content)
    plain = content.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if HEADER_LINE.match(plain):
        return File("mail", plain)
    raise Unknown


def as_mail(urls: list[str], file: File | None = None) -> bytes:
    """Give a mail that holds what was handed in. A mail alone stays as it is."""
    if file is not None and file.kind == "mail" and not urls:
        return file.content
    mail = EmailMessage(policy=AS_SENT)
    mail.set_content("\r\n".join(" ".join(url.split())[:LONGEST_URL] for url in urls) + "\r\n", cte="base64")
    if file is not None:
        names = {"mail": ("application", "octet-stream", "mail.eml"), "msg": ("application", "vnd.ms-outlook", "a.msg")}
        main, sub, name = names.get(file.kind) or (*file.kind.split("/"), "")
        mail.add_attachment(file.content, maintype=main, subtype=sub, filename=name or f"file.{sub}")
    return mail.as_bytes()
