"""Reading the folders. Whatever is wrong is told with the file, the key, and what is wrong; nothing is half read."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from dijkwacht.kernel.errors import Language
from dijkwacht.law.incidents.errors import InvalidRegime, UnknownRegime
from dijkwacht.law.incidents.fitting import misfits
from dijkwacht.law.incidents.regimes.model import Regime

HOUSE: Final = Path(__file__).parent
LANGUAGES: Final[tuple[Language, ...]] = ("nl", "en")
# The parts of a regime that have words of their own, and which words. A field has those of its fact.
WORDED: Final = {
    "stage": ("name", "text"),
    "trigger": ("text",),
    "exception": ("text",),
    "recipient": ("name",),
    "centre": ("name",),
}


@dataclass(frozen=True, slots=True)
class RegimeTexts:
    """The words of a regime in one language."""

    name: str
    law: str  # the full name of the law
    words: Mapping[tuple[str, str, str], str]  # (part, code, which)

    def of(self, part: str, code: str, which: str) -> str:
        """Return the words of a part, such as ("stage", "final", "name"). Raises KeyError."""
        return self.words[part, code, which]


@dataclass(frozen=True)
class Regimes(Mapping[str, Regime]):
    """All regimes. By slug alone: the text in force today, or the last one."""

    versions: Mapping[str, tuple[Regime, ...]]  # each in the order of valid_from
    texts: Mapping[tuple[str, Language], RegimeTexts]

    def __getitem__(self, slug: str) -> Regime:
        """Return the latest text of a regime. Raises UnknownRegime."""
        if slug not in self.versions:
            raise UnknownRegime(slug=slug, known=", ".join(self.versions))
        return self.versions[slug][-1]

    def __iter__(self) -> Iterator[str]:
        return iter(self.versions)

    def __len__(self) -> int:
        return len(self.versions)

    def on(self, slug: str, day: date) -> Regime | None:
        """Return the text of a regime in force on a day, or None. Raises UnknownRegime."""
        self[slug]
        return next((regime for regime in self.versions[slug] if regime.holds(day)), None)

    def nearest(self, slug: str, day: date) -> Regime:
        """Return the text in force on a day, else the one whose time is nearest. Raises UnknownRegime."""
        self[slug]
        return self.on(slug, day) or min(self.versions[slug], key=lambda regime: _distance(regime, day))

    def text(self, slug: str, language: Language) -> RegimeTexts:
        """Return the words of a regime. Raises UnknownRegime."""
        self[slug]
        return self.texts[slug, language]


def _distance(regime: Regime, day: date) -> int:
    if day < regime.valid_from:
        return (regime.valid_from - day).days
    return (day - regime.valid_to).days if regime.valid_to is not None else 0


def load(folder: Path = HOUSE) -> Regimes:
    """Read every regime of a folder: each of its folders that holds a `regime.toml`.

    Raises InvalidRegime, naming the file, the key and what is wrong.
    """
    homes = sorted(file.parent for file in folder.glob("*/regime.toml"))
    if not homes:
        raise InvalidRegime(file=str(folder), key="(folder)", wrong="there is no folder with a regime.toml in it")
    versions = {home.name: _versions(home) for home in homes}
    texts = {
        (slug, language): _texts(folder / slug, versions[slug], language) for slug in versions for language in LANGUAGES
    }
    for home in homes:
        read_cases(home)
    return Regimes(versions, texts)


@cache
def house_regimes() -> Regimes:
    """Return the regimes that come with the system. Read once. Raises InvalidRegime."""
    return load()


def read_cases(home: Path) -> list[dict[str, Any]]:
    """Return the golden cases of a regime. Raises InvalidRegime when there are none."""
    file = home / "cases.toml"
    cases = _read(file).get("case")
    if not isinstance(cases, list) or not cases:
        raise InvalidRegime(
            file=_short(file), key="case", wrong="a regime has golden cases: [[case]] with name and facts"
        )
    return cases


def regime_schema() -> dict[str, Any]:
    """Return the published JSON Schema of a `regime.toml`."""
    schema = Regime.model_json_schema(by_alias=True)
    schema["properties"].pop("slug")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "urn:dijkwacht:schema:regime:1", **schema}


def _versions(home: Path) -> tuple[Regime, ...]:
    """Read `regime.toml` and, for other times, `regime-*.toml`; two texts for one day are refused."""
    files = [home / "regime.toml", *sorted(home.glob("regime-*.toml"))]
    found = sorted(((_regime(file), file) for file in files), key=lambda one: one[0].valid_from)
    last: date | None = date.min
    for regime, file in found:
        if last is None or regime.valid_from <= last:
            raise InvalidRegime(file=_short(file), key="valid_from", wrong="two texts hold on this day; end the other")
        last = regime.valid_to
    return tuple(regime for regime, _ in found)


def _regime(file: Path) -> Regime:
    try:
        regime = Regime.model_validate({**_read(file), "slug": file.parent.name})
    except ValidationError as error:
        first = error.errors()[0]
        wrong = str(first["msg"]).removeprefix("Value error, ")
        raise InvalidRegime(file=_short(file), key=_key(first["loc"]), wrong=wrong) from error
    for key, wrong in _faults(regime):
        raise InvalidRegime(file=_short(file), key=key, wrong=wrong)
    return regime


def _faults(regime: Regime) -> Iterator[tuple[str, str]]:
    """Find what no single key shows: dates the wrong way round, a code twice, a reference to nothing."""
    if regime.valid_to is not None and regime.valid_to < regime.valid_from:
        yield "valid_to", "it ends before it begins"
    for part in (*WORDED, "field"):
        codes = [_code(row) for row in getattr(regime, part)]
        yield from (
            (f"{part}[{number}]", f"{code} stands there twice")
            for number, code in enumerate(codes)
            if codes.index(code) != number
        )
    stages = {stage.code for stage in regime.stage}
    named = [
        *((f"stage[{n}].instead_of", stage.instead_of) for n, stage in enumerate(regime.stage)),
        *((f"stage[{n}].after", stage.after) for n, stage in enumerate(regime.stage)),
        *((f"field[{n}].stages", code) for n, field in enumerate(regime.field) for code in field.stages),
    ]
    yield from ((key, f"there is no stage {code}") for key, code in named if code is not None and code not in stages)
    yield from ((key, fault) for key, condition in regime.conditions() for fault in misfits([condition]))


def _texts(home: Path, versions: tuple[Regime, ...], language: Language) -> RegimeTexts:
    """Read `texts.LANGUAGE.toml`: words for every part of every version, and for nothing else."""
    file = home / f"texts.{language}.toml"
    given = _read(file)
    words: dict[tuple[str, str, str], str] = {}
    for part, names in WORDED.items():
        codes = {_code(row) for regime in versions for row in getattr(regime, part)}
        section = given.pop(part, {})
        if strange := sorted(section.keys() - codes):
            raise InvalidRegime(file=_short(file), key=f"{part}.{strange[0]}", wrong="the regime has no such part")
        for code in sorted(codes):
            for name in names:
                words[part, code, name] = _word(file, f"{part}.{code}.{name}", section.get(code, {}).get(name))
    name, law = (_word(file, key, given.pop(key, None)) for key in ("name", "law"))
    if given:
        raise InvalidRegime(file=_short(file), key=min(given), wrong="there is no such key")
    return RegimeTexts(name, law, words)


def _word(file: Path, key: str, found: Any) -> str:
    if not isinstance(found, str) or not found.strip():
        raise InvalidRegime(file=_short(file), key=key, wrong="the text is missing")
    return found


def _code(row: Any) -> str:
    return str(getattr(row, "code", None) or row.role)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise InvalidRegime(file=_short(file), key="(file)", wrong=f"it cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidRegime(file=_short(file), key="(file)", wrong=f"it is not TOML in UTF-8: {error}") from error


def _key(parts: Any) -> str:
    key = ""
    for part in parts:
        key += f"[{part}]" if isinstance(part, int) else f"{'.' if key else ''}{part}"
    return key or "(file)"


def _short(file: Path) -> str:
    return f"{file.parent.name}/{file.name}"
