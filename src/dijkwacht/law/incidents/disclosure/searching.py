"""Finding a name in what people wrote, however it is written there. Pure: no Django.

Text is compared folded: capitals, accents, wide letters and signs that nobody sees make no difference; the words of a
name may stand apart, joined or with a sign between them. A domain is found defanged too, a telephone number by its last
nine digits, an address of the network by the prefix that holds it. Taking out too much is the safe side: a person sees
both versions before one leaves.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

SHORTEST_NAME: Final = 2  # characters; a single letter would empty the text
WITHIN_WORDS: Final = 5  # characters from which a name is taken out of longer words too: NIEUWELAND of srv-nieuweland01
SHORTEST_NUMBER: Final = 6  # digits from which a number is looked for with signs between its digits
NATIONAL: Final = 9  # digits of a telephone number without the code of its country
BETWEEN: Final = r"[\W_]*"  # only between letters that are fixed: what it tries grows with the text and no faster
BEFORE: Final = r"[\W_]{0,3}"  # between the code of a country and the number
DOTS: Final = r"(?:\.|\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\))"
NUMBER: Final = re.compile(r"\+?[\d\s\-./()]+")
DOMAIN: Final = re.compile(r"(?:[\w\-]+\.)+[\w\-]{2,}")
# Anything that could be an address; whether it is one is asked of ipaddress.
V4: Final = re.compile(rf"(?=(\d{{1,3}}(?:{DOTS}\d{{1,3}}){{3}}))")  # within longer digits too
V6: Final = re.compile(r"(?<![0-9a-f:])[0-9a-f]{0,4}(?:\[?:\]?[0-9a-f]{0,4}){2,7}(?![0-9a-f:])")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as it is compared, and from which character of the text as written each character comes."""

    text: str
    origin: tuple[int, ...]

    @classmethod
    def of(cls, written: str) -> "Folded":
        """Fold a text. One character may become several, or none."""
        made: list[str] = []
        origin: list[int] = []
        for at, character in enumerate(written):
            plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
            for one in plain:
                if unicodedata.category(one) not in {"Mn", "Cf"}:
                    made.append(one)
                    origin.append(at)
        return cls("".join(made), tuple(origin))

    def written(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of the folded text stands in the text as written."""
        return self.origin[start], self.origin[end - 1] + 1


class Names:
    """The names of one entity: words, numbers, domains and prefixes. `parts`: words that only count on their own."""

    def __init__(self, names: Iterable[str], parts: Iterable[str] = ()) -> None:
        self._networks: list[IPv4Network | IPv6Network] = []
        patterns = {_alone(_words(part)): len(part) for part in parts if _words(part)}  # the pattern: how long it is
        for name in names:
            network = _network(name.strip())
            if network is not None:
                self._networks.append(network)
            elif (pattern := _pattern(name)) is not None:
                patterns[pattern] = len(name)
        longest = sorted(patterns, key=lambda pattern: (-patterns[pattern], pattern))
        self._pattern = re.compile("|".join(longest)) if longest else None

    def found(self, written: str) -> list[tuple[int, int]]:
        """Return where a name stands in a text: stretches that do not touch, in order."""
        folded = Folded.of(written)
        spans = [one.span() for one in self._pattern.finditer(folded.text)] if self._pattern else []
        if self._networks:
            spans += self._addresses(folded.text)
        return _joined(folded.written(start, end) for start, end in spans if end > start)

    def without(self, written: str, gone: str) -> tuple[str, int]:
        """Return a text with each name replaced, and how many there were."""
        times = 0
        while found := self.found(written):  # what closes up around one that went may make another
            times += len(found)
            for start, end in reversed(found):
                written = written[:start] + gone + written[end:]
        return written, times

    def _addresses(self, text: str) -> list[tuple[int, int]]:
        found = [one.span() for one in V6.finditer(text) if self._ours(one[0])]
        for one in V4.finditer(text):
            start, end = one.span(1)
            while text[end - 1].isdigit():  # 192.0.2.990 holds 192.0.2.99
                if self._ours(text[start:end]):
                    found.append((start, end))
                    break
                end -= 1
        return found

    def _ours(self, text: str) -> bool:
        plain = re.sub(DOTS, ".", text).replace("[", "").replace("]", "")
        try:
            address = ip_address(plain)
        except ValueError:
            return False
        return any(address in network for network in self._networks)


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _network(name: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(name, strict=False)
    except ValueError:
        return None


def _pattern(name: str) -> str | None:
    """Return what finds a name in folded text, or None for one that is too short to look for."""
    plain = Folded.of(" ".join(name.split())).text.strip()
    digits = re.sub(r"\D", "", plain)
    if NUMBER.fullmatch(plain) and len(digits) >= SHORTEST_NUMBER:
        return _number(digits)
    if DOMAIN.fullmatch(plain):
        return DOTS.join(map(re.escape, plain.split(".")))
    words = _words(plain)
    if not words or sum(map(len, words)) < SHORTEST_NAME:
        return None
    return BETWEEN.join(map(re.escape, words)) if sum(map(len, words)) >= WITHIN_WORDS else _alone(words)


def _number(digits: str) -> str:
    told = BETWEEN.join(digits[-NATIONAL:])
    return told if len(digits) < NATIONAL else rf"(?:\+?\d{{0,4}}{BEFORE}){told}"


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", Folded.of(name).text)


def _alone(words: list[str]) -> str:
    return rf"(?<![^\W_])(?:{BETWEEN.join(map(re.escape, words))})(?![^\W_])"
