"""What a check found, in a sentence, in Dutch and English. The texts are part of the record, so they stand here."""

from collections.abc import Mapping
from typing import Any, Final, Protocol

METHODS: Final = {
    "dns": ("TXT-record", "TXT record"),
    "file": ("bestand op de website", "file on the website"),
    "mail": ("e-mail aan een vast adres", "e-mail to a role address"),
    "parent": ("domein erboven", "domain above it"),
    "whois": ("houder volgens het internetregister", "holder in the internet registry"),
    "officer": ("bewijs aan het centrum", "evidence to the centre"),
    "import": ("ingelezen bestand", "imported file"),
}
OUTCOMES: Final = {
    "match": ("aangetoond", "proven"),
    "partial": ("een medewerker kijkt ernaar", "an officer looks at it"),
    "absent": ("niet gevonden", "not found"),
    "refused": ("niet aanvaard", "not accepted"),
    "temporary": ("kon niet kijken", "could not look"),
}
STATES: Final = {
    "open": ("wacht op bewijs", "waiting for proof"),
    "proposed": ("een medewerker kijkt ernaar", "an officer looks at it"),
    "proven": ("aangetoond", "proven"),
    "accepted": ("aanvaard", "accepted"),
    "lost": ("niet meer aangetoond", "no longer proven"),
    "expired": ("niet op tijd aangetoond", "not proven in time"),
    "withdrawn": ("ingetrokken", "withdrawn"),
    "denied": ("afgewezen", "denied"),
}
FINDINGS: Final[Mapping[str, tuple[str, str]]] = {
    "reserved": (
        "{name} is gereserveerd (RFC 6761) en bestaat op internet niet; we hebben niets opgezocht.",
        "{name} is reserved (RFC 6761) and does not exist on the internet; we looked nothing up.",
    ),
    "dns-failed": (
        "We konden {name} niet opzoeken ({why}). Dit zegt niets over uw record; we proberen het later opnieuw.",
        "We could not look up {name} ({why}). This says nothing about your record; we try again later.",
    ),
    "dns-no-name": (
        "We zochten {name} op bij {server}: die naam bestaat niet.",
        "We looked up {name} at {server}: there is no such name.",
    ),
    "dns-no-record": (
        "We zochten {name} op bij {server}: de naam bestaat, maar heeft geen TXT-record.",
        "We looked up {name} at {server}: the name exists, but has no TXT record.",
    ),
    "dns-other": (
        "We zochten {name} op bij {server} en vonden {count} TXT-record(s); geen daarvan is het uwe: {values}",
        "We looked up {name} at {server} and found {count} TXT record(s); none of them is yours: {values}",
    ),
    "dns-alias": (
        "{name} is een alias (CNAME) van {target}. Een alias telt niet; zet het TXT-record op de naam zelf.",
        "{name} is an alias (CNAME) of {target}. An alias does not count; put the TXT record at the name itself.",
    ),
    "dns-match": (
        "We zochten {name} op bij {server} en vonden uw record.",
        "We looked up {name} at {server} and found your record.",
    ),
    "http-bad-name": ("{host} is geen naam waar we heen kunnen.", "{host} is no name that we can go to."),
    "http-no-name": ("De naam {host} bestaat niet.", "The name {host} does not exist."),
    "http-no-address": ("De naam {host} heeft geen adres.", "The name {host} has no address."),
    "http-not-public": (
        "{host} wijst naar een adres dat niet op het openbare internet ligt; daar kijken we niet.",
        "{host} points to an address that is not on the public internet; we do not look there.",
    ),
    "http-redirect": (
        "{url} verwijst door naar {target}; we volgen alleen binnen hetzelfde domein, met http of https.",
        "{url} redirects to {target}; we follow only within the same domain, by http or https.",
    ),
    "http-many-redirects": (
        "We werden meer dan {most} keer doorverwezen, het laatst naar {url}.",
        "We were redirected more than {most} times, at last to {url}.",
    ),
    "http-tls": (
        "{url} heeft geen geldig certificaat ({why}), en met http vonden we niets.",
        "{url} has no valid certificate ({why}), and by http we found nothing.",
    ),
    "http-slow": ("{url} antwoordde niet binnen de tijd.", "{url} did not answer in time."),
    "http-failed": ("We kregen geen antwoord van {url} ({why}).", "We got no answer from {url} ({why})."),
    "http-status": (
        "{url} ({address}) antwoordde met status {status}.",
        "{url} ({address}) answered with status {status}.",
    ),
    "http-large": (
        "{url} is groter dan {most} bytes; zet er alleen de ene regel in.",
        "{url} is larger than {most} bytes; put only the one line in it.",
    ),
    "http-other": (
        "{url} ({address}) is er, maar uw regel staat er niet in. Het begint met: {begins}",
        "{url} ({address}) is there, but does not hold your line. It begins with: {begins}",
    ),
    "http-match": ("We vonden uw regel in {url} ({address}).", "We found your line in {url} ({address})."),
    "mail-confirmed": ("{recipient} heeft bevestigd.", "{recipient} has confirmed."),
    "mail-denied": ("{recipient} antwoordde: dit is niet van ons.", "{recipient} answered: this is not ours."),
    "mail-ended": (
        "De bevestiging van {recipient} is een jaar oud en telt niet meer.",
        "The confirmation of {recipient} is a year old and counts no longer.",
    ),
    "parent-match": (
        "Uw organisatie heeft {parent} aangetoond; dat geldt ook hiervoor.",
        "Your organisation has proven {parent}; that holds for this too.",
    ),
    "parent-none": (
        "Uw organisatie heeft geen domein boven {value} aangetoond met DNS, e-mail of bij een medewerker.",
        "Your organisation has proven no domain above {value} by DNS, by mail or to an officer.",
    ),
    "whois-none": (
        "Er is geen momentopname van een internetregister ingelezen waarin {value} staat.",
        "No snapshot of an internet registry was imported that holds {value}.",
    ),
    "whois-other": (
        "{source} van {dated} noemt als houder van {object}: {holder}. Dat herkennen we niet als uw organisatie.",
        "{source} of {dated} names as the holder of {object}: {holder}. We do not recognise that as your organisation.",
    ),
    "whois-partial": (
        "{source} van {dated} noemt als houder van {object}: {holder}. Dat past deels ({reasons}); een mens kijkt.",
        "{source} of {dated} names as the holder of {object}: {holder}. That fits in part ({reasons}); a person looks.",
    ),
    "whois-match": (
        "{source} van {dated} noemt uw organisatie als houder van {object} ({reasons}).",
        "{source} of {dated} names your organisation as the holder of {object} ({reasons}).",
    ),
    "sent-words": (
        "Aan het centrum geschreven: {characters} tekens. Een medewerker kijkt ernaar.",
        "Written to the centre: {characters} characters. An officer looks at it.",
    ),
    "sent-file": (
        "Aan het centrum gestuurd: een bestand (SHA-256 {sha256}). Een medewerker kijkt ernaar.",
        "Sent to the centre: a file (SHA-256 {sha256}). An officer looks at it.",
    ),
    "sent-both": (
        "Aan het centrum gestuurd: {characters} tekens en een bestand (SHA-256 {sha256}). Een medewerker kijkt ernaar.",
        "Sent to the centre: {characters} characters and a file (SHA-256 {sha256}). An officer looks at it.",
    ),
    "accepted": ("Een medewerker heeft dit aanvaard: {reason}", "An officer accepted this: {reason}"),
    "refused": ("Een medewerker heeft dit afgewezen: {reason}", "An officer refused this: {reason}"),
}
REASONS: Final = {
    "domain": ("e-maildomein", "mail domain"),
    "name": ("naam", "name"),
    "number": ("registratienummer", "registration number"),
    "route": ("route vanuit uw AS", "route from your AS"),
}
NOTES: Final = {
    "dnssec": (" Het antwoord is met DNSSEC bewezen.", " The answer is proven by DNSSEC."),
    "fresh": (" (gevraagd aan een eigen nameserver van het domein)", " (asked of the domain's own name server)"),
}


class Seen(Protocol):
    """A check, kept or fresh."""

    code: str
    facts: Any


def _pick(pair: tuple[str, str], language: str) -> str:
    return pair[0] if language == "nl" else pair[1]


def method(name: str, language: str) -> str:
    """Return a method's name for people; what is not in the list is itself."""
    return _pick(METHODS.get(name, (name, name)), language)


def outcome(name: str, language: str) -> str:
    """Return an outcome in words."""
    return _pick(OUTCOMES[name], language)


def state(name: str, language: str) -> str:
    """Return a challenge's state in words."""
    return _pick(STATES[name], language)


def sentence(seen: Seen, language: str) -> str:
    """Return what was seen, exactly."""
    facts = {name: _text(value) for name, value in seen.facts.items()}
    if "reasons" in seen.facts:
        facts["reasons"] = ", ".join(_pick(REASONS[one], language) for one in seen.facts["reasons"])
    said = _pick(FINDINGS[seen.code], language).format_map(facts)
    return said + "".join(_pick(note, language) for name, note in NOTES.items() if seen.facts.get(name) is True)


def _text(value: Any) -> str:
    return "; ".join(f'"{one}"' for one in value) if isinstance(value, list) else str(value)
