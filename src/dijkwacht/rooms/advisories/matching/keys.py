"""By what a name can be found: two names can only mean one product when they share one of these keys. Pure."""

from dijkwacht.rooms.advisories.matching.rules import Prepared
from dijkwacht.rooms.advisories.matching.subjects import Subject


def keys_of(subject: Subject) -> list[str]:
    """Everything by which two names can meet, to find those that may; what they are to each other is judged later."""
    if not subject.words:
        return [key for _, key in subject.keys]
    words = dict.fromkeys(subject.words)
    found = [key for _, key in subject.keys] + [f"s {' '.join(sorted(words))}"]
    return found + [f"w {subject.maker}|{word}" for word in words]


def wanted(prepared: Prepared) -> list[str]:
    """Return the keys by which our names may meet those of the statements, sorted."""
    texts: set[str] = set()
    for subject in prepared.names.subjects:
        texts.update(keys_of(subject))
        # Who writes no vendor, or writes it in front of the product.
        texts.update(f"w |{word}" for word in subject.words)
        texts.add(f"s {' '.join(sorted({*subject.maker.split(), *subject.words}))}")
        if products := subject.called | subject.linked:
            texts |= prepared.known.keys_of(products)
    return sorted(texts)
