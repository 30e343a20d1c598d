"""Say a decision in a sentence that a lawyer and a duty officer both understand, in Dutch and in English."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from dijkwacht.kernel.errors import Language
from dijkwacht.law.decide import decide
from dijkwacht.law.decision import Citation, Decision, Ruling
from dijkwacht.law.facts import Facts, Information, ReceiverClass, Route
from dijkwacht.law.policies import PolicySet

WHO: Final[dict[Language, dict[ReceiverClass, str]]] = {
    "nl": {
        ReceiverClass.ESSENTIAL: "een essentiële entiteit",
        ReceiverClass.IMPORTANT: "een belangrijke entiteit",
        ReceiverClass.OTHER: "een andere organisatie",
        ReceiverClass.CITIZEN: "een burger",
        ReceiverClass.FOREIGN: "een organisatie in het buitenland",
    },
    "en": {
        ReceiverClass.ESSENTIAL: "an essential entity",
        ReceiverClass.IMPORTANT: "an important entity",
        ReceiverClass.OTHER: "another organisation",
        ReceiverClass.CITIZEN: "a citizen",
        ReceiverClass.FOREIGN: "an organisation abroad",
    },
}
WHAT: Final[dict[Language, dict[Information, str]]] = {
    "nl": {
        Information.VICTIM: "als slachtoffer",
        Information.TARGET: "als doelwit",
        Information.VULNERABILITY: "wegens een kwetsbaarheid",
    },
    "en": {
        Information.VICTIM: "as a victim",
        Information.TARGET: "as a target",
        Information.VULNERABILITY: "because of a vulnerability",
    },
}
WAY: Final[dict[Language, dict[Route, str]]] = {
    "nl": {
        Route.DIRECT: "rechtstreeks",
        Route.RELAY: "via de schakelorganisatie",
        Route.NETWORK_OWNER: "via de beheerder van het netwerk",
        Route.FOREIGN_CSIRT: "via het CSIRT van het land",
    },
    "en": {
        Route.DIRECT: "directly",
        Route.RELAY: "through the relay",
        Route.NETWORK_OWNER: "through the owner of the network",
        Route.FOREIGN_CSIRT: "through the CSIRT of the country",
    },
}
BIND_RECEIVER: Final = ("passive-only", "unseen-by-adversary", "forward-to-member-only")  # obligations of it
PHRASES: Final[dict[Language, dict[str, str]]] = {
    "nl": {
        "told": "Dit gaat over {who}, {what}: het bericht gaat {how}.",
        "way": "{way} op grond van {grounds}",
        "with": "Daarbij geldt: {duties}.",
        "not_told": "Dit gaat over {who}, {what}: niemand krijgt dit bericht. {reasons}",
        "no_way": "Er is geen contact, schakelorganisatie, netwerkbeheerder of buitenlands CSIRT bekend.",
        "allowed": "{way} mag op grond van {grounds}: {reasons}.",
        "refused": "{way} mag niet: {reasons}.",
        "no_ground": "{way} mag niet: geen wet of afspraak geeft daarvoor op deze datum een grond.",
        "reason": "{sentence} ({ground})",
        "unverified": "{ground} (niet geverifieerd)",
        "and": "en",
    },
    "en": {
        "told": "This concerns {who}, {what}: the notice goes {how}.",
        "way": "{way} on the ground of {grounds}",
        "with": "With it goes: {duties}.",
        "not_told": "This concerns {who}, {what}: nobody gets this notice. {reasons}",
        "no_way": "No contact, relay, network owner or foreign CSIRT is known.",
        "allowed": "{way} is allowed on the ground of {grounds}: {reasons}.",
        "refused": "{way} is not allowed: {reasons}.",
        "no_ground": "{way} is not allowed: no law or agreement gives a ground for it on this date.",
        "reason": "{sentence} ({ground})",
        "unverified": "{ground} (unverified)",
        "and": "and",
    },
}


def explain(decision: Decision, language: Language) -> str:
    """Return who gets what by which route on which ground and with what obligations, or why nobody does."""
    phrases, facts = PHRASES[language], decision.facts
    who, what = WHO[language][facts.receiver_class], WHAT[language][facts.information]
    if not decision.chosen:
        reasons = " ".join(explain_rulings(decision, language).values()) or phrases["no_way"]
        return phrases["not_told"].format(who=who, what=what, reasons=reasons)
    ways = [_way(ruling, language) for ruling in decision.chosen]
    sentence = phrases["told"].format(who=who, what=what, how=_listed(ways, language))
    cited = (citation for ruling in decision.chosen for citation in ruling.obligations)
    duties = list(dict.fromkeys(_sentence(citation, language) for citation in cited))
    return f"{sentence} {phrases['with'].format(duties='; '.join(duties))}" if duties else sentence


def explain_to_receiver(sentence: str, record: Mapping[str, Any], language: Language) -> str:
    """Return why its receiver is told, and the obligations that bind the receiver; those of the centre stay out.

    `sentence`: what `explain` said of the decision when it was taken; `record`: the decision as it was stored.
    """
    phrase, routes = PHRASES[language]["with"], record.get("routes", ())
    cited = (one for ruling in record.get("rulings", ()) if ruling["route"] in routes for one in ruling["obligations"])
    duties = dict.fromkeys(one[f"sentence_{language}"] for one in cited if one["obligation"] in BIND_RECEIVER)
    why = sentence.partition(f" {phrase.partition('{')[0]}")[0]
    return f"{why} {phrase.format(duties='; '.join(duties))}" if duties else why


def explain_rulings(decision: Decision, language: Language) -> dict[Route, str]:
    """Return for each possible route a sentence that says whether it is allowed and why."""
    return {ruling.route: _ruling(ruling, language) for ruling in decision.rulings}


def explain_facts(facts: Facts, policies: PolicySet | None = None) -> dict[str, Any]:
    """Decide and explain: `sentence_nl`, `sentence_en`, `rulings_nl`, `rulings_en`, `decision`; all JSON values."""
    decision = decide(facts, policies or PolicySet.load())
    return {
        "sentence_nl": explain(decision, "nl"),
        "sentence_en": explain(decision, "en"),
        "rulings_nl": {route.value: text for route, text in explain_rulings(decision, "nl").items()},
        "rulings_en": {route.value: text for route, text in explain_rulings(decision, "en").items()},
        "decision": decision.to_record(),
    }


def explain_record(record: Mapping[str, Any], language: Language) -> str:
    """Explain a stored decision with the words it was taken with, whatever the policies say now."""
    return explain(Decision.from_record(record), language)


def _way(ruling: Ruling, language: Language) -> str:
    return PHRASES[language]["way"].format(way=WAY[language][ruling.route], grounds=_grounds(ruling, language))


def _ruling(ruling: Ruling, language: Language) -> str:
    """Say one ruling; each prohibition with its own ground."""
    phrases, way = PHRASES[language], WAY[language][ruling.route].capitalize()
    if not ruling.determining:
        return phrases["no_ground"].format(way=way)
    if ruling.allowed:
        reasons = dict.fromkeys(_sentence(citation, language) for citation in ruling.determining)
        return phrases["allowed"].format(way=way, grounds=_grounds(ruling, language), reasons="; ".join(reasons))
    refusals = (
        phrases["reason"].format(sentence=_sentence(citation, language), ground=_ground(citation, language))
        for citation in ruling.determining
    )
    return phrases["refused"].format(way=way, reasons="; ".join(refusals))


def _grounds(ruling: Ruling, language: Language) -> str:
    return _listed(dict.fromkeys(_ground(citation, language) for citation in ruling.determining), language)


def _ground(citation: Citation, language: Language) -> str:
    ground = citation.ground_nl if language == "nl" else citation.ground_en
    return PHRASES[language]["unverified"].format(ground=ground) if citation.unverified else ground


def _sentence(citation: Citation, language: Language) -> str:
    return citation.sentence_nl if language == "nl" else citation.sentence_en


def _listed(parts: Iterable[str], language: Language) -> str:
    """Join parts as a reader does: a, b and c."""
    *first, last = parts
    return f"{', '.join(first)} {PHRASES[language]['and']} {last}" if first else last
