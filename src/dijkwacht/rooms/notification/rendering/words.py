"""The words of a notice in the languages of its receivers."""

from collections.abc import Mapping
from typing import Final

SEVERITY: Final[Mapping[str, tuple[str, ...]]] = {
    "nl": ("informatief", "laag", "middel", "hoog", "kritiek"),
    "en": ("info", "low", "medium", "high", "critical"),
}
ANSWERS: Final[Mapping[str, Mapping[str, str]]] = {
    "nl": {
        "fixed": "Het is opgelost",
        "working": "We zijn ermee bezig",
        "not-ours": "Dit is niet van ons",
        "false-alarm": "Dit klopt niet",
        "wrong-contact": "Ik ben niet de juiste persoon",
    },
    "en": {
        "fixed": "It is fixed",
        "working": "We are working on it",
        "not-ours": "This is not ours",
        "false-alarm": "This is a false alarm",
        "wrong-contact": "I am not the right person",
    },
}
TLP: Final[Mapping[str, Mapping[str, str]]] = {
    "nl": {
        "RED": "alleen voor u persoonlijk; deel dit met niemand",
        "AMBER+STRICT": "alleen voor uw eigen organisatie",
        "AMBER": "voor uw eigen organisatie en haar leveranciers die het moeten weten",
        "GREEN": "te delen binnen uw gemeenschap, niet openbaar",
        "CLEAR": "vrij te delen",
    },
    "en": {
        "RED": "for you alone; share it with nobody",
        "AMBER+STRICT": "for your own organisation only",
        "AMBER": "for your own organisation and those of its suppliers who need to know",
        "GREEN": "to be shared within your community, not in public",
        "CLEAR": "to be shared freely",
    },
}
PAP: Final[Mapping[str, Mapping[str, str]]] = {
    "nl": {
        "RED": "alleen kijken in eigen systemen; doe niets wat van buitenaf te zien is",
        "AMBER": "onderzoek zonder contact met de systemen van de aanvaller",
        "GREEN": "ook blokkeren en ander contact met het doel mag",
        "CLEAR": "geen beperking",
    },
    "en": {
        "RED": "look in your own systems only; do nothing that can be seen from outside",
        "AMBER": "investigate without touching the attacker's systems",
        "GREEN": "blocking and other contact with the target is allowed too",
        "CLEAR": "no restriction",
    },
}
STATE: Final[Mapping[str, Mapping[str, str]]] = {
    "nl": {
        "open": "open",
        "acknowledged": "in behandeling",
        "resolved": "opgelost",
        "gone": "niet meer gezien",
        "disputed": "betwist",
        "reopened": "opnieuw gezien",
    },
    "en": {
        "open": "open",
        "acknowledged": "being worked on",
        "resolved": "fixed",
        "gone": "no longer seen",
        "disputed": "disputed",
        "reopened": "seen again",
    },
}
PHRASES: Final[Mapping[str, Mapping[str, str]]] = {
    "nl": {
        "one": "1 bevinding",
        "many": "{n} bevindingen",
        "and_more": "en {n} andere soorten",
        "greeting": "Goedendag,",
        "intro": "Wij zagen iets op internet dat van {whose} is en uw aandacht nodig heeft: {count}.",
        "yours": "uw organisatie",
        "members": "leden van uw organisatie",
        "customers": "het netwerk dat u beheert",
        "abroad": "organisaties in uw land",
        "findings": "Wat we zagen",
        "first": "De eerste {shown} van {total}, de ernstigste eerst. De bijlage bevat ze allemaal.",
        "attached": "Dezelfde gegevens gaan als bijlage mee: als CSV voor een rekenblad, als JSON voor een programma.",
        "member": "Lid",
        "number": "Aantal",
        "per_member": "Per lid",
        "members_more": "En {n} andere leden; de bijlage bevat ze allemaal.",
        "what": "Wat",
        "where": "Waar",
        "asset": "Hoort bij",
        "severity": "Ernst",
        "seen": "Gezien (UTC)",
        "details": "Bijzonderheden",
        "state": "Stand",
        "campaign": "Over deze melding",
        "source": "Gevonden door {source}.",
        "answer": "Laat het ons weten",
        "answer_how": "Kies een antwoord; u hoeft niet in te loggen. Er gebeurt pas iets als u op de pagina bevestigt.",
        "page": "Alle bevindingen bekijken en antwoorden",
        "why": "Waarom u dit krijgt",
        "why_intro": "{centre} is de nationale cyberbeveiligingsorganisatie. Op deze gronden mogen we u dit vertellen:",
        "unsubscribe": "Geen berichten meer over deze soorten",
        "footer": "Dit bericht is automatisch verstuurd door {centre}. Kenmerk: {id}.",
        "key_subject": "Er staat een bericht voor u klaar",
        "key_text": (
            "Er staat een bericht van {centre} voor u klaar in het portaal. We sturen het niet per e-mail, omdat de "
            "sleutel of het certificaat dat we van u hebben niet bruikbaar is.\n\nLog in om het te lezen:\n{url}\n\n"
            "Geef ons een nieuwe sleutel bij uw voorkeuren, of neem contact met ons op."
        ),
    },
    "en": {
        "one": "1 finding",
        "many": "{n} findings",
        "and_more": "and {n} other kinds",
        "greeting": "Hello,",
        "intro": "We saw something on the internet that belongs to {whose} and needs your attention: {count}.",
        "yours": "your organisation",
        "members": "members of your organisation",
        "customers": "the network you run",
        "abroad": "organisations in your country",
        "findings": "What we saw",
        "first": "The first {shown} of {total}, the most severe first. The attachment has them all.",
        "attached": "The same data are attached, as CSV for a spreadsheet and as JSON for a program.",
        "member": "Member",
        "number": "Number",
        "per_member": "By member",
        "members_more": "And {n} other members; the attachment has them all.",
        "what": "What",
        "where": "Where",
        "asset": "Belongs to",
        "severity": "Severity",
        "seen": "Seen (UTC)",
        "details": "Details",
        "state": "State",
        "campaign": "About this notice",
        "source": "Found by {source}.",
        "answer": "Let us know",
        "answer_how": "Choose an answer; you need not sign in. Nothing happens until you confirm on the page.",
        "page": "See all findings and answer",
        "why": "Why you get this",
        "why_intro": "{centre} is the national cybersecurity organisation. We may tell you this on these grounds:",
        "unsubscribe": "No more notices of these kinds",
        "footer": "This notice was sent automatically by {centre}. Reference: {id}.",
        "key_subject": "There is a notice for you",
        "key_text": (
            "There is a notice of {centre} for you in the portal. We do not send it by mail, because the key or "
            "certificate that we have of you cannot be used.\n\nSign in to read it:\n{url}\n\n"
            "Give us a new key at your preferences, or contact us."
        ),
    },
}
WHOSE: Final[Mapping[str, str]] = {
    "direct": "yours",
    "relay": "members",
    "network-owner": "customers",
    "foreign-csirt": "abroad",
}


def language_of(language: str) -> str:
    """A language we write in: the contact's, or English."""
    return language if language in PHRASES else "en"


def count(number: int, language: str) -> str:
    """A number of findings in words."""
    phrases = PHRASES[language]
    return phrases["one"] if number == 1 else phrases["many"].format(n=number)
