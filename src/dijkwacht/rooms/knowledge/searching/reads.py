"""Find documents. Who asks sees what row-level security shows: everybody what is public and published."""

from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from dijkwacht.rooms.knowledge.searching import asking

MOST: Final = 20
FIND: Final = """
select d.room, d.key, d.language, d.title, d.summary, d.url, d.published_at
from knowledge_find(%(q)s, %(language)s, %(room)s, %(most)s) f join knowledge_document d on d.id = f.id
order by f.rank desc, d.published_at desc, d.id
"""
NEAREST: Final = "select typed, meant from knowledge_meant(%s)"


@dataclass(frozen=True, slots=True)
class Hit:
    """One document that was found; where a text exists in both languages, that of the asker comes once."""

    room: str
    key: str
    language: str
    title: str
    summary: str
    url: str
    published_at: Any


@dataclass(frozen=True, slots=True)
class Answer:
    """`corrected`: by typed word what was looked for besides; `loose`: not every word was found together."""

    hits: list[Hit]
    corrected: dict[str, str]
    loose: bool


def search(text: str, *, language: str, room: str = "") -> Answer:
    """Find documents by what somebody typed, the best first, those in `language` ahead of the same in the other."""
    question = asking.ask(text)
    if not question.terms:
        return Answer([], {}, loose=False)
    asking.correct(question, _meant([term.typed for term in question.terms if not term.known]))
    parts = [part for term in question.terms if (part := asking.lexemes(term.phrases))]
    for loose, joint in ((False, " & "), (True, " | ")):
        hits = _find(joint.join(parts), language, room) if parts else []
        if hits:
            first = ("knowledge", asking.page_called(question))
            hits.sort(key=lambda hit: (hit.room, hit.key) != first)  # what is called just so, then as ranked
            return Answer(hits, question.corrected, loose=loose and len(parts) > 1)
    return Answer([], question.corrected, loose=False)


def _meant(words: list[str]) -> dict[str, str]:
    """Return for words that no public document has what was probably meant."""
    unknown = [word for word in words if len(word) > 3 and word.isalpha()]  # noqa: PLR2004 - too short to guess
    meant = {word: said for word in unknown if (said := asking.mistyped(word))}
    rest = [word for word in unknown if word not in meant]
    if rest:
        with connection.cursor() as cursor:
            cursor.execute(NEAREST, [rest])
            meant |= dict(cursor.fetchall())
    return meant


def _find(query: str, language: str, room: str) -> list[Hit]:
    given: dict[str, Any] = {"q": query, "language": language, "most": 2 * MOST, "room": room}
    with connection.cursor() as cursor:
        cursor.execute(FIND, given)
        rows = [Hit(*row[:7]) for row in cursor.fetchall()]
    best: dict[tuple[str, str], Hit] = {}
    for row in rows:
        held = best.setdefault((row.room, row.key), row)
        if held.language != language and row.language == language:
            best[row.room, row.key] = row
    return list(best.values())[:MOST]
