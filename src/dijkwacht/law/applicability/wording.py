"""Articles and texts in both languages: "Cbw 8(1)(a)" is "artikel 8, eerste lid, onder a, Cbw"."""

import re
from datetime import date
from typing import Final

from dijkwacht.law.applicability.answer import Text
from dijkwacht.law.applicability.rulebook import Rulebook
from dijkwacht.law.tables import Row

ARTICLE: Final = re.compile(r"(\d+[a-z]?|bijlage \d)((?:\([0-9a-z]+\))*)")
ORDINALS: Final = (
    *("eerste", "tweede", "derde", "vierde", "vijfde", "zesde", "zevende", "achtste", "negende", "tiende"),
    *("elfde", "twaalfde", "dertiende", "veertiende", "vijftiende"),
)


def text(row: Row, column: str) -> Text:
    """Return a column in both languages."""
    return Text(nl=row[f"{column}_nl"], en=row[f"{column}_en"])


def article_text(book: Rulebook, article: str, on: date) -> Text:
    """Write an article as a lawyer would, in both languages."""
    law, _, rest = article.partition(" ")
    row = book.laws.row(law, on)
    cited = text(row, "cited") if row else Text(nl=law, en=law)
    parts = [part.strip() for part in rest.split(",")]
    dutch = " en ".join(_dutch(part) for part in parts)
    english = " and ".join(part.replace("bijlage", "annex") for part in parts)
    word = "" if parts[0].startswith("bijlage") else "article " if len(parts) == 1 else "articles "
    return Text(nl=f"{dutch}{',' if 'lid' in dutch else ''} {cited.nl}", en=f"{word}{english} {cited.en}")


def _dutch(part: str) -> str:
    found = ARTICLE.fullmatch(part)
    if found is None or part.startswith("bijlage"):
        return part if part.startswith("bijlage") else f"artikel {part}"
    inner = re.findall(r"\(([0-9a-z]+)\)", found[2])
    words = [f"{ORDINALS[int(one) - 1]} lid" if one.isdigit() else f"onder {one}" for one in inner]
    return ", ".join([f"artikel {found[1]}", *words])


def link(book: Rulebook, article: str, on: date) -> str:
    """Return where the article can be read, or nothing when the law's text is not in reach."""
    law, _, rest = article.partition(" ")
    row = book.laws.row(law, on)
    first = ARTICLE.match(rest)
    number = first[1] if first and not first[1].startswith("bijlage") else ""
    if row is None or not row["link"]:
        return ""
    address = str(row["link"])
    return address.format(article=number) if number else address.partition("&artikel")[0]
