"""Links in what is attached: codes in images, PDF files, winmail.dat and Outlook's own files."""

import io
import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from .finding import Found, in_text

LARGEST_IMAGE: Final = 40_000_000  # pixels
# What mail programs show, and no more: for some others (EPS) the library starts a program on a stranger's bytes.
PICTURES: Final = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "ICO")
PDF_PAGES: Final = 50
PDF_PICTURES: Final = 50
# How pictures of these kinds begin, whatever they are called.
PICTURE: Final = re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|BM|II\*\x00|MM\x00\*|RIFF....WEBP|\x00\x00\x01\x00", re.DOTALL)
OF_MAIL: Final = re.compile(
    rb"^(?:from|to|subject|received|return-path|message-id|mime-version|delivered-to):", re.IGNORECASE | re.MULTILINE
)
OBJECT: Final = re.compile(r"<[^<>]* at 0x[0-9a-f]+>")  # what Python calls a thing that has no name
MIME_LIKE: Final = re.compile(rb"\A(?:[A-Za-z][A-Za-z0-9-]{1,60}:[^\r\n]{0,998}\r?\n(?:[ \t][^\r\n]*\r?\n)*){2,}")


class FileUnreadableError(Exception):
    """An attached file is not what it says, or is beyond a bound."""


@contextmanager
def unreadable() -> Iterator[None]:
    """Turn whatever a library raises for a broken file into FileUnreadableError: they raise anything."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except FileUnreadableError:
        raise
    except Exception as error:
        raise FileUnreadableError(f"{type(error).__name__}: {OBJECT.sub('the file', str(error))}") from error


def in_image(content: bytes) -> list[Found]:
    """Give what the codes (QR and others) in an image say, where it is a URL. Raises FileUnreadableError."""
    import zxingcpp
    from PIL import Image

    with unreadable():
        image = Image.open(io.BytesIO(content), formats=PICTURES)
        if image.width * image.height > LARGEST_IMAGE:
            raise FileUnreadableError(f"the image has {image.width} x {image.height} pixels")
        codes = zxingcpp.read_barcodes(image.convert("L"))
    return [found for code in codes for found in in_text(code.text, "code")]


def in_pdf(content: bytes) -> list[Found]:
    """Give the links of a PDF: those that can be clicked, and those in its text. Raises FileUnreadableError."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it says of each broken file what is broken
    found: list[Found] = []
    pictures = 0
    with unreadable():
        for page in pypdf.PdfReader(io.BytesIO(content)).pages[:PDF_PAGES]:
            for annotation in page.get("/Annots") or ():
                action = annotation.get_object().get("/A")
                uri = action.get_object().get("/URI") if action is not None else None
                found += [Found(str(uri), "pdf")] if uri is not None else []
            found += in_text(page.extract_text(), "pdf")
            found += _codes_on(page, PDF_PICTURES - pictures) if pictures < PDF_PICTURES else []
            pictures += len(page.images)
    return found


def _codes_on(page: Any, most: int) -> list[Found]:
    """Give what codes in the pictures of a page of a PDF say; a picture that cannot be read is passed over."""
    found: list[Found] = []
    for number in range(min(len(page.images), most)):
        with suppress(FileUnreadableError), unreadable():
            found += in_image(page.images[number].data)
    return found


def in_winmail(content: bytes) -> tuple[list[tuple[str, str]], list[tuple[str, bytes]]]:
    """Give the texts (kind, text) and the files (name, bytes) of a winmail.dat (TNEF). Raises FileUnreadableError."""
    import tnefparse

    with unreadable():
        read = tnefparse.TNEF(content, do_checksum=False)
        texts = [("text/html", _text(read.htmlbody)), ("text/plain", _text(read.body))]
        files = [(_text(one.long_filename() or one.name), bytes(one.data)) for one in read.attachments]
    return [(kind, text) for kind, text in texts if text], files


def in_outlook(content: bytes) -> tuple[list[tuple[str, str]], list[tuple[str, bytes]], str, str]:
    """Give texts, files, the sender and the subject of an Outlook .msg file. Raises FileUnreadableError."""
    import oxmsg

    with unreadable():
        message = oxmsg.Message.load(io.BytesIO(content))
        texts = [("text/html", _text(message.html_body)), ("text/plain", _text(message.body))]
        files = [(str(one.file_name or ""), bytes(one.file_bytes or b"")) for one in message.attachments]
        sender, subject = str(message.sender or ""), str(message.subject or "")
    return [(kind, text) for kind, text in texts if text], files, sender, subject


def is_mail(content: bytes) -> bool:
    """Whether bytes begin as a mail does: two header lines at least, and one of those that every mail has."""
    found = MIME_LIKE.match(content[:8192])
    return found is not None and OF_MAIL.search(found[0]) is not None


def guessed(name: str, content: bytes) -> str:
    """Give the kind of a file by how it begins and what it is called."""
    if PICTURE.match(content):
        return "image/*"
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    return "text/plain" if name.lower().endswith((".txt", ".csv")) else "application/octet-stream"


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return str(value or "")
