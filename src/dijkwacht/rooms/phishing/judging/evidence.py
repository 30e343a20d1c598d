"""What in a mail speaks for phishing, link by link. Pure: no network, no clock."""

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from dijkwacht.mails.finding import trimmed
from dijkwacht.mails.reading import Link, Mail
from dijkwacht.mails.urls import canonical, host_of

from .knowledge import Brand, brands, owner_of, registrable, sentence, sentences
from .names import likeness, mixes_scripts, shown


class Evidence(msgspec.Struct, frozen=True):
    """One fact that speaks for phishing, in words."""

    code: str
    family: str
    nl: str
    en: str


class Claims(msgspec.Struct, frozen=True):
    """What a mail as a whole says of itself: read once, for all its links."""

    brand: Brand | None
    pretended: set[str]
    asks_password: bool


def claims(mail: Mail) -> Claims:
    """Read what a mail says of itself."""
    return Claims(named_brand(mail), pretended(mail), mail.password_forms > 0)


def evidence(link: Link, said: Claims) -> list[Evidence]:
    """Give what speaks against a link; nothing for a host of a protected brand, or one that the mail only pretends.

    Nor for what a page loads: phishing borrows the images of whom it imitates. Pretended: the text of another link
    names it. A warning for it would hit whom the mail imitates.
    """
    if (
        link.where == "resource"
        or owner_of(link.host) is not None
        or (link.where == "text" and link.host in said.pretended)
    ):
        return []
    return [*_content(link, said), *of_name(link.host)]


def _say(code: str, **found: object) -> Evidence:
    nl, en = (sentence(code, language, **found) for language in ("nl", "en"))
    return Evidence(code, sentences()[code].family, nl, en)


def _content(link: Link, said: Claims) -> Iterator[Evidence]:
    promised = _promised(link.shown)
    if promised and registrable(promised) != registrable(link.host):
        yield _say("shown-other", shown=promised, host=link.host)
    if said.brand is not None and link.where != "pdf":
        yield _say("brand-elsewhere", brand=said.brand.names[0], host=link.host)
    if link.where == "form" and said.asks_password:
        yield _say("password-form", host=link.host)


def of_name(host: str) -> Iterator[Evidence]:
    """Give what the name of a host says by itself."""
    if found := likeness(host):
        yield _say(found[1], host=shown(host), brand=found[0].names[0])
    if host.startswith("[") or host.rpartition(".")[2].isdigit():
        yield _say("address-as-host", host=host)
    if mixes_scripts(host):
        yield _say("mixed-script", host=host, shown=shown(host))


def pretended(mail: Mail) -> set[str]:
    """Give the hosts that links of the mail name and do not go to."""
    return {host for link in mail.links if (host := _promised(link.shown)) and host != link.host}


def _promised(text: str) -> str:
    """Give the host that the text of a link names, where the text is one."""
    first = trimmed(text.split(" ", 1)[0]) if text else ""
    if "." not in first or "@" in first:
        return ""
    url = canonical(first if "://" in first else f"http://{first}")
    return host_of(url) if url and registrable(host_of(url)) else ""


def named_brand(mail: Mail) -> Brand | None:
    """Give the brand that a mail says it is from: in the name of a sender, or else in the subject.

    Not where that sender's own address is of the brand: then links elsewhere (a survey, a video) are its own choice.
    """
    senders = [one.partition("<")[0] or one for one in mail.senders]
    for brand, pattern in _patterns():
        if any(map(pattern.search, [*senders, mail.subject])) and not any(
            _from_own(one, brand) for one in mail.senders
        ):
            return brand
    return None


@cache
def _patterns() -> list[tuple[Brand, re.Pattern[str]]]:
    """Give what each brand is called, as words by themselves."""
    return [
        (brand, re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, brand.names))})(?!\w)", re.IGNORECASE))
        for brand in brands()
    ]


def _from_own(sender: str, brand: Brand) -> bool:
    domain = sender.rpartition("@")[2].strip(" >").lower()
    return registrable(domain) in brand.domains if domain else False
