"""Words that pages use: for what they ask, for being gone, for being nobody's."""

import re
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# what is asked -> the tokens of autocomplete (HTML, 4.10.18.7), and words in the names of fields and beside them
FIELDS: Final = {
    "password": (
        frozenset({"current-password", "new-password"}),
        re.compile(r"passw|wachtwoord|kennwort|mot.?de.?passe|\bpwd\b", re.IGNORECASE),
    ),
    "card": (
        frozenset({"cc-number", "cc-csc", "cc-exp", "cc-name"}),
        re.compile(
            r"card.?num|kaartnummer|credit.?card|\bcvv|\bcvc|pasnummer|\bpan\b|vervaldatum|expir", re.IGNORECASE
        ),
    ),
    "iban": (frozenset(), re.compile(r"\biban\b|rekeningnummer|account.?number|\bbic\b", re.IGNORECASE)),
    "2fa": (
        frozenset({"one-time-code"}),
        re.compile(
            r"\botp\b|\btan\b|one.?time|sms.?code|verificatiecode|\b2fa\b|security.?code|signeer", re.IGNORECASE
        ),
    ),
    "pin": (frozenset(), re.compile(r"\bpin\b|pincode|pin.?code", re.IGNORECASE)),
    "bsn": (frozenset(), re.compile(r"\bbsn\b|burgerservicenummer|sofinummer", re.IGNORECASE)),
}
SECRETS: Final = frozenset(FIELDS)
LANGUAGES: Final = {
    "nl": _words("de het een en van is op te dat voor met niet zijn u uw aan om ook bij naar"),
    "en": _words("the and of to is in that for with you your on are this be not have from"),
    "de": _words("der die das und ist nicht ein eine mit für auf sie ihr zu den von sind"),
    "fr": _words("le la les et est une des pour dans vous votre que pas sur avec du"),
}
PARKED: Final = (
    "domain is for sale",
    "buy this domain",
    "domein is te koop",
    "deze domeinnaam is te koop",
    "domain parking",
    "parked free",
    "this domain is parked",
    "domeinnaam is geregistreerd voor een klant",
    "related searches",
)
GONE: Final = (
    "account suspended",
    "account has been suspended",
    "this site has been suspended",
    "deze site is geblokkeerd",
    "site not found",
    "deceptive site",
    "suspected phishing",
    "this page has been removed",
    "pagina niet gevonden",
    "deployment not found",
    "there isn't a github pages site here",
)
