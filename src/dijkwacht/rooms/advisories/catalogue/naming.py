"""Names of vendors and products in one spelling, and the identifiers that a product is known by. Pure."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

LONGEST: Final = 300  # characters of a name that are looked at
_WORD: Final = re.compile(r"[a-z0-9]+(?:\+\+|#)?")
# Legal forms and words that vendors add to their name and drop again.
_FORMS: Final = frozenset(
    (
        "ag", "gmbh", "kg", "kgaa", "co", "corp", "corporation", "company", "inc", "incorporated", "ltd",
        "limited", "llc", "llp", "lp", "plc", "bv", "nv", "sa", "sas", "sarl", "srl", "spa", "sl", "slu", "oy",
        "oyj", "ab", "as", "asa", "aps", "se", "pte", "pty", "pvt", "kk", "sro", "doo", "zoo", "eood", "ood",
        "ltda", "holding", "holdings", "group", "international", "intl", "technologies", "technology",
        "systems", "solutions", "software", "the", "by",
    )
)  # fmt: skip
_DOTTED: Final = re.compile(r"\b(?:[a-z]\.){2,6}(?=[\s,)]|\Z)")  # "B.V.", "S.p.A." after lowering
_FILLER: Final = frozenset(("the", "r", "tm"))
# An order number: letters and digits mixed, at least seven signs, such as 6ES7511-1AK00-0AB0 or 1756-L71.
_MODEL: Final = re.compile(
    r"\b(?=[a-z0-9./-]*[0-9])[a-z0-9]{1,12}(?:[-/.][a-z0-9]{1,12}){1,6}\b|\b[0-9][a-z]{2}[0-9][a-z0-9]{3,16}\b"
)
_SHORTEST_MODEL: Final = 9
UNNAMED: Final = frozenset(("", "n/a", "unknown", "unspecified", "-", "na", "none"))


def fold(text: str) -> str:
    """Lower case, without accents, trade marks and the like."""
    plain = unicodedata.normalize("NFKD", text[:LONGEST].replace("™", " ").replace("®", " ")).lower()
    return "".join(c for c in plain if not unicodedata.combining(c))


@lru_cache(maxsize=65_536)
def vendor_key(vendor: str) -> str:
    """A vendor without its legal form: "Siemens AG" and "SIEMENS" are one; "" for none.

    >>> vendor_key("Mitsubishi Electric Corporation"), vendor_key("Acme B.V.")
    ('mitsubishi electric', 'acme')
    """
    lowered = fold(vendor)
    if lowered.strip() in UNNAMED:
        return ""
    words = _WORD.findall(_DOTTED.sub(lambda found: found[0].replace(".", ""), lowered.replace("_", " ")))
    kept = [word for word in words if word not in _FORMS]
    key = " ".join(kept or words)
    return "" if key in UNNAMED else key


@lru_cache(maxsize=262_144)
def product_words(vendor: str, product: str) -> tuple[str, ...]:
    """The words of a product, without its vendor in front: ("simatic", "s7", "1500").

    "aqt1000" and "aqt1000_firmware" are one: sources name the device and what runs on it by turns.
    """
    lowered = fold(product)
    if lowered.strip() in UNNAMED:
        return ()
    words = [word for word in _WORD.findall(lowered.replace("_", " ")) if word not in _FILLER]
    own = vendor_key(vendor).split()
    if own and words[: len(own)] == own and len(words) > len(own):
        words = words[len(own) :]
        while len(words) > 1 and words[0] in _FORMS:
            words = words[1:]
    told = tuple(word for word in words if word != "firmware") or tuple(words)
    return () if " ".join(told) in UNNAMED else told


def product_key(vendor: str, product: str) -> str:
    """The product in one spelling. "simatic_s7-1500" and "Siemens SIMATIC S7-1500" of Siemens give one."""
    return " ".join(product_words(vendor, product))


@lru_cache(maxsize=65_536)
def model_key(model: str) -> str:
    """An order number without its separators; "" where it is too short to mean one product."""
    key = re.sub(r"[^a-z0-9]", "", fold(model))
    return key if len(key) >= _SHORTEST_MODEL and any(c.isdigit() for c in key) else ""


@lru_cache(maxsize=65_536)
def models_in(product: str) -> tuple[str, ...]:
    """Order numbers that stand in a name: "CPU 1511-1 PN (6ES7511-1AK00-0AB0)" holds one."""
    found = (model_key(one) for one in _MODEL.findall(fold(product)))
    return tuple(dict.fromkeys(key for key in found if key and not key.isalpha() and not key.isdigit()))


@lru_cache(maxsize=65_536)
def cpe_key(cpe: str) -> str:
    """Vendor and product of a CPE name: "siemens:simatic_s7-1500"; "" where it names no product.

    Operating system, application and hardware are one here: sources use "o" and "h" for the same device.
    """
    fields = re.split(r"(?<!\\):", cpe.strip().lower())
    if fields[:2] == ["cpe", "2.3"]:
        named = fields[3:5]
    elif fields[:1] == ["cpe"] and fields[1:2] and fields[1].startswith("/"):
        named = fields[2:4]
    else:
        return ""
    named = [re.sub(r"\\(.)", r"\1", one) for one in named]
    return ":".join(named) if len(named) == 2 and not set(named) & {"", "*", "-"} else ""  # noqa: PLR2004


@lru_cache(maxsize=65_536)
def purl_key(purl: str) -> str:
    """Type, namespace and name of a package URL, without version and qualifiers; "" where it is none."""
    text = purl.strip()
    if not text.lower().startswith("pkg:"):
        return ""
    path = text[4:].split("#", 1)[0].split("?", 1)[0].strip("/")
    head, _, name = path.rpartition("/")
    name = name.split("@", 1)[0]
    if not head or not name:
        return ""
    kind = head.split("/", 1)[0].lower()
    key = f"{head}/{name}" if kind in _CASED else f"{head}/{name}".lower()
    return (kind + key[len(kind) :]).replace("%40", "@")


_CASED: Final = frozenset(("maven", "golang", "nuget", "gem", "cargo", "npm"))
