"""The door: the bytes of a mail in, the links in it out. Never raises for what the bytes are."""

import re
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from itertools import islice
from typing import Final

import msgspec

from .bounds import beyond
from .decoding import plain_of, text_of
from .files import PICTURE, FileUnreadableError, guessed, in_image, in_outlook, in_pdf, in_winmail, is_mail
from .finding import DEEPEST, Found, asks_password, deeper, in_html, in_source, in_text
from .headers import addresses_of, decoded
from .inside import page_in, picture_in, uuencoded
from .pictures import words_in
from .sketch import FEWEST_WORDS, MOST_WORDS, key_of, sketch_of, words_of
from .trees import Leaf, UnreadableError, leaves
from .urls import read_urls

MAX_LINKS: Final = 2_000
MAX_LOADED: Final = 1_000  # pictures and styles, besides
MAX_LAYERS: Final = 6
MAX_RECIPIENTS: Final = 200
MAX_READ: Final = 2  # pictures in which words are read
FEW_LINKS: Final = 3  # a mail with more is no picture of a message with a signature below it
MAX_FILES: Final = 50  # attachments whose inside is looked at
SAID: Final = 100_000  # characters of a part that are compared with other mails
NAME_PARTS: Final = re.compile(r"[^\W\d_]{2,}")
PAGE: Final = re.compile(
    rb"\s*(?:<!doctype html|<html|<head|<body|<script|<svg)\b", re.IGNORECASE
)  # whatever it is called
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ADDRESS_HEADERS: Final = ("from", "reply-to", "sender", "return-path", "to", "cc", "delivered-to", "x-original-to")
QUOTED_SENDER: Final = re.compile(r"^[> \t*]*(?:from|van|von|de)\s*:\s*\*?\s*(.{3,200})$", re.IGNORECASE | re.MULTILINE)


class Link(msgspec.Struct, frozen=True, gc=False):
    """A link of a mail; the words are those of the README. `shown` is what the reader saw, for a link of HTML."""

    canonical: str
    host: str
    clean: str
    key: str
    where: str
    layer: int
    shown: str = ""


class Mail(msgspec.Struct):
    """What was read of one mail. `how` is fast, compat32 or text; `senders` per layer what stands in From."""

    how: str
    subject: str = ""
    senders: list[str] = []
    recipients: list[str] = []
    links: list[Link] = []
    files: list[str] = []
    password_forms: int = 0  # pages in it that ask for a password
    problems: list[str] = []
    layers: int = 0
    words: int = 0  # of the innermost text that says something
    text_key: str = ""  # equal for equal texts, whoever got them
    sketch: list[int] = []  # of the text, to tell nearly equal ones: see `sketch`
    images: list[str] = []  # SHA-256 of the attached images and files, for mails that are a picture


def read_mail(raw: bytes, reporter: Iterable[str] = (), *, uploaded: bool = False) -> Mail:
    """Read a mail. `reporter` names the mail addresses of whoever sent it in; who it went to is found in it.

    `uploaded`: it did not come by mail, so its outermost From is of whoever wrote it and not of the reporter.
    """
    if not raw.strip():
        return Mail("nothing", problems=["empty: there is nothing in it"])
    crossed = beyond(raw)
    if crossed:
        mail = as_text(raw, [*reporter])
        mail.problems.append(str(crossed))
        return mail
    try:
        parts, how = leaves(raw)
    except UnreadableError as error:
        mail = as_text(raw, [*reporter])
        mail.problems.append(f"unreadable: {error}")
        return mail
    reading = _Reading(Mail(how), [*reporter], uploaded=uploaded)
    reading.take(parts, 0)
    reading.written()
    if not reading.found:  # what no parser takes for a part: uuencode, a broken border
        reading.text(plain_of(raw), 0, says=not (reading.files or any(map("".join, reading.said.values()))))
    return reading.done()


def as_text(raw: bytes, reporter: list[str]) -> Mail:
    """Read the bytes of a mail as one text, as far as the bound goes."""
    reading = _Reading(Mail("text"), reporter)
    reading.text(plain_of(raw), 0)
    return reading.done()


class _Reading:
    """Collects what stands in the parts of one mail."""

    def __init__(self, mail: Mail, reporter: list[str], *, uploaded: bool = False) -> None:
        self.mail = mail
        self.uploaded = uploaded
        self.reporter = reporter
        self.found: dict[tuple[str, str, int], Found] = {}
        self.said: dict[int, list[str]] = {}  # by layer what can be read
        self.files = 0
        self.loaded = 0  # what pages load by themselves
        self.pictures: list[bytes] = []  # that may hold the message itself

    def take(self, parts: list[Leaf], layer: int) -> None:
        """Read the parts of a message that stands `layer` deep."""
        seen: list[int] = []
        for part in parts:
            if id(part.headers) not in seen:
                seen.append(id(part.headers))
                self.header(part.headers, layer + part.layer)
            self.part(part, layer + part.layer)

    def header(self, headers: dict[str, list[str]], layer: int) -> None:
        self.mail.layers = max(self.mail.layers, layer)
        sender = decoded("".join(headers.get("from", [])[:1]))
        self.sender(sender)
        if not self.mail.subject or layer:  # the innermost: what the reporter complains of
            self.mail.subject = decoded("".join(headers.get("subject", [])[:1])) or self.mail.subject
        receivers = [value for name in ADDRESS_HEADERS[4:] for value in headers.get(name, [])]
        reporters = headers.get("from", []) if not layer and not self.uploaded else []
        for address in addresses_of([decoded(one) for one in (*receivers, *reporters)]):
            if len(self.mail.recipients) >= MAX_RECIPIENTS:
                break
            if "@" in address and address not in self.mail.recipients:
                self.mail.recipients.append(address)

    def sender(self, text: str) -> None:
        if text and text not in self.mail.senders:
            self.mail.senders.append(text)

    def part(self, part: Leaf, layer: int) -> None:
        """Read one part by what it is, or by what it says it is."""
        kind, name, content = part.kind, part.filename.lower(), part.content
        if part.filename:
            self.mail.files.append(part.filename[:200])
        try:
            if (
                kind == "text/html"
                or PAGE.match(content)
                or name.endswith((".html", ".htm", ".xhtml", ".svg", ".shtml"))
            ):
                self.page(text_of(content, part.charset), layer, opened=bool(name))
            elif name.endswith(".eml") or kind == "message/rfc822" or (name and is_mail(content)):
                self.message(content, layer)
            elif kind.startswith("text/"):
                self.text(text_of(content, part.charset), layer)
            elif self.files < MAX_FILES:
                self.files += 1
                self.file(kind, name, content, layer)
            else:
                self.mail.problems.append(f"files: more than {MAX_FILES}")
        except FileUnreadableError as error:
            self.mail.problems.append(f"{part.filename[:80] or kind}: {str(error)[:200]}")

    def file(self, kind: str, name: str, content: bytes, layer: int) -> None:
        self.mail.images.append(sha256(content).hexdigest())
        if kind.startswith("image/") or PICTURE.match(content):  # whatever it is called
            codes = in_image(content)
            self.add(codes, layer)
            if not layer and not codes and len(self.pictures) < MAX_READ:
                self.pictures.append(content)
        elif content.startswith(b"%PDF-") or kind == "application/pdf":
            self.add(in_pdf(content), layer)
        elif kind == "application/ms-tnef" or name == "winmail.dat":
            texts, files = in_winmail(content)
            self.bodies(texts, files, layer)
        elif content.startswith(OLE) and (name.endswith(".msg") or kind == "application/vnd.ms-outlook"):
            texts, files, sender, subject = in_outlook(content)
            self.sender(sender)
            self.mail.subject = decoded(subject) or self.mail.subject
            self.bodies(texts, files, layer + 1)

    def bodies(self, texts: list[tuple[str, str]], files: list[tuple[str, bytes]], layer: int) -> None:
        for kind, text in texts:
            self.page(text, layer) if kind == "text/html" else self.text(text, layer)
        for name, content in files:
            if layer < MAX_LAYERS:
                self.part(Leaf(guessed(name, content), "", name, content, layer, {}), layer)

    def message(self, content: bytes, layer: int) -> None:
        """Read a mail that is attached as a file."""
        if layer >= MAX_LAYERS:
            self.mail.problems.append(f"layers: more than {MAX_LAYERS}")
            return
        if crossed := beyond(content):
            self.mail.problems.append(f"attached mail, {crossed}")
            self.text(content.decode(errors="replace"), layer + 1)
            return
        try:
            self.take(leaves(content)[0], layer + 1)
        except UnreadableError:
            self.text(content.decode(errors="replace"), layer + 1)

    def page(self, source: str, layer: int, *, opened: bool = False) -> None:
        self.mail.password_forms += asks_password(source)
        if deep := deeper(source):
            self.mail.problems.append(f"depth: {deep:,} elements, at most {DEEPEST:,}")
            self.add(in_source(source), layer)
            return
        found = [*in_html(source, self.said.setdefault(layer, []), opened=opened)]
        self.add(found, layer)
        if layer < MAX_LAYERS:
            for one in found:
                if one.text[:5].lower() == "data:":
                    self.within(one.text, layer)

    def within(self, url: str, layer: int) -> None:
        """Read a page or a picture that stands in a URL."""
        if inner := page_in(url):
            self.page(inner, layer + 1, opened=True)
        elif (content := picture_in(url)) and self.files < MAX_FILES:
            self.files += 1
            with suppress(FileUnreadableError):
                self.add(in_image(content), layer)

    def text(self, text: str, layer: int, *, says: bool = True) -> None:
        """Read a text. `says`: it is what its reader sees, and not the source of that."""
        for match in islice(QUOTED_SENDER.finditer(text[:20_000]), 3):
            self.sender(match[1].strip(" *\r"))
        if says:
            self.said.setdefault(layer, []).append(text[:SAID])
        self.add(in_text(text), layer)
        for name, content in uuencoded(text) if layer < MAX_LAYERS else ():
            if self.files < MAX_FILES:
                self.files += 1
                self.part(Leaf(guessed(name, content), "", name, content, layer, {}), layer + 1)

    def add(self, found: Iterable[Found], layer: int) -> None:
        for one in found:
            if one.where == "resource":
                self.loaded += 1
                if self.loaded > MAX_LOADED:  # pictures without end push no link out
                    self.mail.problems.append(f"pictures: more than {MAX_LOADED}")
                    continue
            if len(self.found) >= MAX_LINKS + min(self.loaded, MAX_LOADED):
                self.mail.problems.append(f"links: more than {MAX_LINKS}")
                return
            self.found.setdefault((one.text, one.where, layer), one)

    def written(self) -> None:
        """Read the words in pictures of a mail that is little else: somebody's screen with a text message."""
        links = sum(one.where != "resource" for one in self.found.values())
        for content in self.pictures if links <= FEW_LINKS and not self.mail.layers else ():
            try:
                text = words_in(content)
            except FileUnreadableError as error:
                self.mail.problems.append(f"a picture: {error}")
            else:
                self.said.setdefault(0, []).append(text[:SAID])
                self.add(in_text(text, "picture"), 0)

    def done(self) -> Mail:
        """Read what looks like a URL, now that it is known who the mail went to."""
        known = dict.fromkeys([*self.reporter, *self.mail.recipients])
        links: dict[tuple[str, str], Link] = {}
        urls = read_urls([one.text for one in self.found.values()], self.reporter, self.mail.recipients)
        for url, ((_, where, layer), found) in zip(urls, self.found.items(), strict=True):
            if url is not None:
                link = Link(url.canonical, url.host, url.clean, url.key, where, layer, found.shown)
                links.setdefault((url.canonical, where), link)
        self.mail.links = list(links.values())
        self.mail.problems = list(dict.fromkeys(self.mail.problems))
        self.sketch([*known])
        return self.mail

    def sketch(self, addresses: list[str]) -> None:
        """Take the innermost layer that says something, without the names of whoever got the mail."""
        names = {part for one in addresses for part in NAME_PARTS.findall(one.partition("@")[0].lower())}
        if self.mail.senders and self.mail.layers:
            names |= set(NAME_PARTS.findall(self.mail.senders[0].partition("<")[0].lower()))
        words: list[str] = []
        for layer in sorted(self.said, reverse=True):
            words = []
            for text in self.said[layer]:  # plain and HTML say the same: the first that is long enough will do
                words += words_of(text, names) if len(words) < MOST_WORDS else []
            if len(words) >= FEWEST_WORDS:
                break
        words = words[:MOST_WORDS]
        self.mail.words = len(words)
        self.mail.text_key, self.mail.sketch = key_of(words) if words else "", sketch_of(words)
