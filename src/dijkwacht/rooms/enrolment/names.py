"""What a name may hold, and when two names are of one organisation. Pure: no Django."""

import re
import unicodedata
from typing import Any, Final

from dijkwacht.rooms.registry import cleaners
from dijkwacht.rooms.registry.naming import same

__all__ = ["clean", "same", "strange"]

UNSEEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})  # general categories (UAX 44)
SCRIPTS: Final = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "HEBREW", "ARABIC", "CJK", "FULLWIDTH")
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
