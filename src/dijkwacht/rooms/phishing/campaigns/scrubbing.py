"""Take out of a mail what says who reported it, before anything of it is stored outside the vault. Pure."""

import re
from collections.abc import Iterable
from typing import Final

import msgspec

from dijkwacht.mails.reading import Link, Mail
from dijkwacht.mails.urls import EVERYBODYS, without_reporter
from dijkwacht.rooms.phishing.judging.knowledge import brand_words

ADDRESS: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
NUMBER: Final = re.compile(r"\d[\d .-]{4,}\d")  # of a customer, an account or a telephone
PARTS: Final = re.compile(r"[^\W\d_]{3,}")
GONE: Final = "…"
MOST_SENDERS: Final = 20
COMMON: Final = EVERYBODYS | {"aan", "van", "den", "der", "het", "the", "for", "and", "phishing", "com", "nieuws"}


def scrubbed(mail: Mail, reporter: Iterable[str], own: Iterable[str] = ()) -> Mail:
    """Give a mail without its reporter: names and addresses in subject and link texts, tokens in links, the sender.

    `reporter`: mail addresses, and names as they stand in From. `own`: our report addresses.
    """
    reporters = [*reporter]
    people = [*reporters, *mail.recipients]
    addresses = {one.lower() for one in people if "@" in one}
    names = _names([*people, *(one.partition("<")[0] for one in mail.senders if _is_of(one, addresses))])
    senders = [one for one in mail.senders if not _is_of(one, addresses | {one.lower() for one in own})]
    return msgspec.structs.replace(
        mail,
        subject=without(mail.subject, names)[:300],
        senders=[_sender(one, names)[:200] for one in senders[:MOST_SENDERS]],
        recipients=[],
        files=[],
        links=[_link(link, reporters, mail.recipients, names) for link in mail.links],
    )


def _names(people: Iterable[str]) -> frozenset[str]:
    """Give the words that name somebody, of names and of local parts of addresses."""
    words = {word for one in people for word in PARTS.findall(one.partition("@")[0].lower())}
    return frozenset(words - COMMON - brand_words())


def nameless(reporter: Iterable[str]) -> list[str]:
    """Give addresses of reporters whose local part may be taken out of a path: not where a brand is called so."""
    return [one for one in reporter if one.partition("@")[0].strip().lower() not in brand_words()]


def _is_of(sender: str, addresses: set[str]) -> bool:
    return any(found.lower() in addresses for found in ADDRESS.findall(sender))


def _sender(sender: str, names: frozenset[str]) -> str:
    """Keep the address of whom a mail says it is from, and take others' names out of what it calls itself."""
    shown, bracket, address = sender.partition("<")
    if not bracket:
        return sender.strip() if ADDRESS.fullmatch(sender.strip()) else without(sender, names)
    return f"{without(shown, names).strip()} <{address}".strip()


def without(text: str, names: frozenset[str]) -> str:
    """Give a text without mail addresses, long numbers and names."""
    plain = NUMBER.sub(GONE, ADDRESS.sub(GONE, text))
    return PARTS.sub(lambda found: GONE if found[0].lower() in names else found[0], plain)


def _link(link: Link, reporter: list[str], received: list[str], names: frozenset[str]) -> Link:
    """Let the link without tokens stand for what stood in the mail."""
    shown = link.shown
    if "@" in shown or PARTS.search(shown):
        is_url = shown.startswith("http")
        shown = without_reporter(shown, nameless(reporter), received) if is_url else without(shown, names)
    return msgspec.structs.replace(link, canonical=link.clean, shown=shown)
