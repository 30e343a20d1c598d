"""What a name may hold, and when two names are of one organisation. Pure: no Django."""

import re
import unicodedata
from typing import Any, Final

from dijkwacht.rooms.registry import cleaners

UNSEEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})  # general categories (UAX 44)
SCRIPTS: Final = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "HEBREW", "ARABIC", "CJK", "FULLWIDTH")
# Legal forms say nothing about who it is, and everybody writes them in another way.
FORMS: Final = re.compile(
    r"\b(?:b ?v|n ?v|v ?o ?f|c ?v|stichting|vereniging|cooperatie|u ?a|gmbh|ltd|inc|sa|se|holding|nederland|the)\b"
)
LONGEST: Final = 200


def clean(value: Any) -> str:
    """Return a name without signs that nobody sees or that change the direction of what follows. Raises Refused."""
    found: str = cleaners.text(LONGEST, required=True)(unicodedata.normalize("NFC", str(value or "")))
    if any(unicodedata.category(sign) in UNSEEN for sign in found):
        raise cleaners.Refused("er staan onzichtbare tekens in", "it holds invisible signs")
    if not any(sign.isalnum() for sign in found):
        raise cleaners.Refused("er staat geen letter of cijfer in", "it holds no letter or digit")
    if any(sum(1 for sign in part if unicodedata.combining(sign)) > 1 for part in re.findall(r"\w\W*", found)):
        raise cleaners.Refused("er staan losse accenten in", "it holds stacked accents")
    return found


def strange(name: str) -> bool:
    """Tell whether a name mixes scripts, as one does that must look like another's (Unicode TR 39)."""
    found = set()
    for sign in name:
        if sign.isalpha():
            told = unicodedata.name(sign, "")
            found.add(next((script for script in SCRIPTS if told.startswith(script)), "OTHER"))
    return len(found) > 1 or "FULLWIDTH" in found or "OTHER" in found


def same(one: str, other: str) -> bool:
    """Tell whether two names are the same but for capitals, accents, signs and legal forms."""
    left, right = _bare(one), _bare(other)
    return bool(left) and left == right


def _bare(name: str) -> str:
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    words = re.sub(r"[^a-z0-9]+", " ", plain.casefold().replace("&", " en ").replace(".", "")).strip()
    return FORMS.sub("", words).replace(" ", "") or words.replace(" ", "")
