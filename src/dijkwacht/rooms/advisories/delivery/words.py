"""The words of what is told, in the languages of its receivers: said of rows, whatever the language of the request."""

from collections.abc import Mapping
from typing import Final

from dijkwacht.kernel.errors import Language

ANSWERS: Final[Mapping[str, Mapping[str, str]]] = {
    "nl": {
        "received": "Ontvangen, wij kijken ernaar",
        "working": "Wij zijn ermee bezig",
        "mitigated": "Het risico is beperkt, de update volgt",
        "patched": "Wij hebben bijgewerkt",
        "not_affected": "Wij zijn niet kwetsbaar",
    },
    "en": {
        "received": "Received, we are looking at it",
        "working": "We are working on it",
        "mitigated": "The risk is mitigated, the update follows",
        "patched": "We are patched",
        "not_affected": "We are not affected",
    },
}
VERDICTS: Final[Mapping[str, Mapping[str, str]]] = {
    "nl": {
        "affected": "kwetsbaar",
        "unknown": "onbekend: kijk dit na",
        "not_affected": "niet kwetsbaar",
    },
    "en": {"affected": "affected", "unknown": "unknown: please check", "not_affected": "not affected"},
}
SOURCES: Final[Mapping[str, Mapping[str, str]]] = {
    "nl": {
        "picked": "gekozen uit onze lijst van producten",
        "text": "gelezen uit de tekst die u plakte",
        "csv": "gelezen uit uw CSV-bestand",
        "cyclonedx": "gelezen uit uw SBOM (CycloneDX)",
        "spdx": "gelezen uit uw SBOM (SPDX)",
        "api": "door uw programma doorgegeven",
        "notices": "gezien in een bericht dat wij u stuurden",
    },
    "en": {
        "picked": "chosen from our list of products",
        "text": "read from the text that you pasted",
        "csv": "read from your CSV file",
        "cyclonedx": "read from your SBOM (CycloneDX)",
        "spdx": "read from your SBOM (SPDX)",
        "api": "told by your program",
        "notices": "seen in a notice that we sent you",
    },
}
PHRASES: Final[Mapping[str, Mapping[str, str]]] = {
    "nl": {
        "urgent": "DRINGEND",
        "digest": "{n} beveiligingsadviezen die u aangaan",
        "hello": "U krijgt dit bericht van {centre}.",
        "runs": "U gebruikt {what} ({source}, {day}). Het advies zegt: {evidence}. Oordeel: {verdict}.",
        "runs_member": "{member} gebruikt {what} ({source}, {day}). Het advies zegt: {evidence}. Oordeel: {verdict}.",
        "unsure": "Wij weten niet zeker of dit hetzelfde product is.",
        "no_version": "zonder versie",
        "more": "En nog {n} regels; die staan in het portaal.",
        "remedy": "Wat te doen: {remedy}",
        "subscription": "U krijgt dit omdat u zich op onze adviezen hebt geabonneerd. Vertel ons wat u gebruikt, en u "
        "krijgt alleen wat u aangaat: {url}",
        "correction": "Eerder lieten wij weten dat dit u aangaat. Volgens deze versie is dat niet (meer) zo.",
        "named": "Dit advies is voor u bestemd.",
        "no_longer": "Dit advies is niet meer voor u bestemd. Wat u er eerder van kreeg, houdt u.",
        "withdrawn": "Dit advies is ingetrokken.",
        "answer": "Laat ons weten hoe het staat (een klik, zonder inloggen):",
        "portal": "In het portaal: {url}",
        "read": "Het hele advies: {url}",
        "why": "Waarom u dit krijgt: {sentence}.",
        "key_subject": "Er staat een beveiligingsadvies voor u klaar",
        "key_text": "{centre} heeft een beveiligingsadvies voor u. De sleutel van uw contact werkt niet, daarom "
        "staat er hier niets in. Log in: {url}",
        "what_this_means": "Wat dit voor u betekent",
    },
    "en": {
        "urgent": "URGENT",
        "digest": "{n} security advisories that concern you",
        "hello": "You get this message from {centre}.",
        "runs": "You run {what} ({source}, {day}). The advisory says: {evidence}. Verdict: {verdict}.",
        "runs_member": "{member} runs {what} ({source}, {day}). The advisory says: {evidence}. Verdict: {verdict}.",
        "unsure": "We are not sure that this is the same product.",
        "no_version": "without a version",
        "more": "And {n} more lines; they stand in the portal.",
        "remedy": "What to do: {remedy}",
        "subscription": "You get this because you subscribed to our advisories. Tell us what you run, and you get only "
        "what concerns you: {url}",
        "correction": "Earlier we told you that this concerns you. By this version it does not (any more).",
        "named": "This advisory is for you.",
        "no_longer": "This advisory is no longer for you. What you got of it earlier stays yours.",
        "withdrawn": "This advisory was withdrawn.",
        "answer": "Tell us how it stands (one click, without signing in):",
        "portal": "In the portal: {url}",
        "read": "The whole advisory: {url}",
        "why": "Why you get this: {sentence}.",
        "key_subject": "A security advisory waits for you",
        "key_text": "{centre} has a security advisory for you. The key of your contact does not work, so nothing of "
        "it stands here. Sign in: {url}",
        "what_this_means": "What this means for you",
    },
}


def language_of(value: str) -> Language:
    """The language that we write in for somebody who prefers `value`."""
    return "en" if value == "en" else "nl"
