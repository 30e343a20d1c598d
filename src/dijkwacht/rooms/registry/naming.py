"""When two names are of one organisation. Pure: no Django."""

import re
import unicodedata
from typing import Final

# Legal forms say nothing about who it is, and everybody writes them in another way.
FORMS: Final = re.compile(
    r"\b(?:b ?v|n ?v|v ?o ?f|c ?v|stichting|vereniging|cooperatie|u ?a|gmbh|ltd|inc|sa|se|holding|nederland|the)\b"
)


def same(one: str, other: str) -> bool:
    """Tell whether two names are the same but for capitals, accents, signs and legal forms."""
    left, right = _bare(one), _bare(other)
    return bool(left) and left == right


def _bare(name: str) -> str:
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    words = re.sub(r"[^a-z0-9]+", " ", plain.casefold().replace("&", " en ").replace(".", "")).strip()
    return FORMS.sub("", words).replace(" ", "") or words.replace(" ", "")
