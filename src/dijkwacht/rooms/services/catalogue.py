"""The products, read from their files: ours, and those of the installation's overlay, which win. No Django."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from dijkwacht.rooms.services.errors import InvalidProduct
from dijkwacht.rooms.services.rules import Alternative, Consent, Kept, Need, Product

OURS: Final = Path(__file__).parent / "products"
TEXTS: Final = ("name", "text", "rule", "basis")
KNOWN: Final = {
    *(f"{name}_{language}" for name in (*TEXTS, "from") for language in ("nl", "en")),
    *("order", "article", "kept", "delivered", "for", "needs", "consent"),
}
ASKED: Final = {"kinds", "classifications", "sectors", "verified", "relay_member"}


def read(folders: tuple[Path, ...]) -> dict[str, Product]:
    """Read the products of folders in their order of showing; a later folder replaces. Raises InvalidProduct."""
    files = {path.stem: path for folder in folders for path in sorted(folder.glob("[!.]*.toml"))}
    stamps = tuple((path, path.stat().st_mtime_ns) for path in files.values())
    return _read(stamps)


@lru_cache(maxsize=4)
def _read(stamps: tuple[tuple[Path, int], ...]) -> dict[str, Product]:
    products = [_product(path) for path, _ in stamps]
    return {one.slug: one for one in sorted(products, key=lambda one: (one.order, one.slug))}


def _product(path: Path) -> Product:
    try:
        return parse(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InvalidProduct(file=path.name, fault=str(error) or type(error).__name__) from error


def parse(slug: str, row: Mapping[str, Any]) -> Product:
    """Make a product of what its file holds. Raises ValueError or KeyError, naming the field."""
    if unknown := row.keys() - KNOWN:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    kept, delivered = Kept(row["kept"]), bool(row["delivered"])
    consent = Consent(**row["consent"]) if "consent" in row else None
    if (kept is Kept.SUBSCRIPTION) != (consent is not None):
        raise ValueError("consent: a subscription has one, and nothing else")
    starts = {language: row.get(f"from_{language}", "") for language in ("nl", "en")}
    if not delivered and not all(starts.values()):
        raise ValueError("from_nl, from_en: a product that is not delivered yet says from when")
    return Product(
        slug=slug,
        order=int(row["order"]),
        article=row["article"],
        kept=kept,
        delivered=delivered,
        starts=starts,
        audience=tuple(_alternative(one) for one in row["for"]),
        needs=tuple(Need(one) for one in row.get("needs", ())),
        consent=consent,
        **{name: {language: row[f"{name}_{language}"] for language in ("nl", "en")} for name in TEXTS},
    )


def _alternative(row: Mapping[str, Any]) -> Alternative:
    if unknown := row.keys() - ASKED:
        raise ValueError(f"for: unknown {', '.join(sorted(unknown))}")
    lists = {name: frozenset(row.get(name, ())) for name in ASKED - {"relay_member"}}
    return Alternative(**lists, relay_member=row.get("relay_member"))
