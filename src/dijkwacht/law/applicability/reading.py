"""Facts as the query of an address, and back: so that an answer has a permanent link and nothing need be stored.

| key | fact |
|---|---|
| `est`, `serv` | established, services_in: nl, eu, outside, unknown |
| `t` (several) | entity_types |
| `c.CONDITION` | yes, no, unknown |
| `dec`, `ops`, `most`, `rep` | security_decisions, security_operations, most_staff_in_nl, representative |
| `staff`, `turnover`, `balance` | the last approved year; empty or unknown: not known |
| `r0.kind`, `r0.share`, `r0.staff` … | linked and partner enterprises |
| `y1.staff` …, `y1.r0.kind` … | the year before, and its enterprises |
| `new` | yes: a new enterprise |
| `d` (several) | designations; unknown: does not know |
| `on`, `since`, `designated`, `name` | as_of, since, designated_on, name |
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from dijkwacht.law.applicability.facts import Facts, FactsNotUsable, Fault, Related, Year

UNKNOWN: Final = "unknown"
LONGEST_NUMBER: Final = 400  # characters: the smallest number that a computer knows has 330
PLACES: Final = {"est": "established", "serv": "services_in", "dec": "security_decisions", "ops": "security_operations"}
TEXTS: Final = {"on": "as_of", "since": "since", "designated": "designated_on", "name": "name"}
FIGURES: Final = ("staff", "turnover", "balance")
ANSWERS: Final = {"yes": True, "no": False, UNKNOWN: None}
SCALES: Final = {
    **dict.fromkeys(("k", "duizend", "thousand"), 3),
    **dict.fromkeys(("m", "mln", "miljoen", "million", "mio"), 6),
    **dict.fromkeys(("mld", "miljard", "billion", "bn"), 9),
}
NUMBER: Final = re.compile(r"(?P<digits>[0-9][0-9.,\s]*)(?P<scale>[a-z]*)")
# Which key of the query a path of the facts came from, to say where to correct it.
KEYS: Final = {
    **{field: key for key, field in (*PLACES.items(), *TEXTS.items())},
    "most_staff_in_nl": "most",
    "representative": "rep",
    "entity_types": "t",
    "designations": "d",
    "new_enterprise": "new",
}


def number(given: str) -> float | None:
    """Read a number as people type it: 1.200.000, 1,200,000, € 12,5 mln, 400k. Raises ValueError."""
    text = given.strip().lower().removeprefix("€").removeprefix("eur").removesuffix("euro").strip()
    if text in {"", UNKNOWN}:
        return None
    found = NUMBER.fullmatch(text.replace("\u00a0", " "))
    if found is None or (found["scale"] and found["scale"] not in SCALES) or len(text) > LONGEST_NUMBER:
        raise ValueError("this is not a number; write for instance 12, 1.200.000 or 12,5 mln")
    digits = re.sub(r"\s", "", found["digits"])
    return float(Decimal(_plain(digits, scaled=bool(found["scale"]))) * Decimal(10) ** SCALES.get(found["scale"], 0))


def _plain(digits: str, *, scaled: bool) -> str:
    """Tell a decimal sign from a separator of thousands. Raises ValueError."""
    signs = re.sub(r"[0-9]", "", digits)
    if not signs:
        return digits
    last = signs[-1]
    whole, _, rest = digits.rpartition(last)
    thousands = len(set(signs)) == 1 and (len(signs) > 1 or (len(rest) == 3 and not scaled))  # noqa: PLR2004
    groups = re.split(r"[.,]", digits if thousands else whole)
    if any(len(group) != 3 for group in groups[1:]) or (len(set(signs)) > 1 and last in whole):  # noqa: PLR2004
        raise ValueError("the points and commas in this number cannot be understood")
    return "".join(groups) if thousands else f"{''.join(groups)}.{rest or 0}"


class _Query:
    """A query, read key by key, that collects what is wrong."""

    def __init__(self, query: Mapping[str, Any]) -> None:
        self.query = query
        self.faults: list[Fault] = []

    def all(self, key: str) -> list[str]:
        if hasattr(self.query, "getlist"):
            return [str(value) for value in self.query.getlist(key)]
        value = self.query.get(key, [])
        return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]

    def one(self, key: str) -> str:
        values = self.all(key)
        return values[-1].strip() if values else ""

    def keys(self, prefix: str) -> list[str]:
        return sorted(key for key in self.query if key.startswith(prefix))

    def number(self, key: str) -> float | None:
        try:
            return number(self.one(key))
        except (ValueError, ArithmeticError) as error:
            self.faults.append(Fault(path=key, message=f"{error}."))
            return None

    def answer(self, key: str) -> bool | None:
        given = self.one(key) or UNKNOWN
        if given not in ANSWERS:
            self.faults.append(Fault(path=key, message="Answer yes, no or unknown."))
        return ANSWERS.get(given)

    def figures(self, prefix: str) -> dict[str, Any]:
        return {figure: self.number(f"{prefix}{figure}") for figure in FIGURES}

    def numbered(self, prefix: str, letter: str) -> list[int]:
        """The numbers after a letter where something is filled in, such as 0 and 2 of r0.staff and r2.kind."""
        found = {
            int(match[1])
            for key in self.keys(f"{prefix}{letter}")
            if (match := re.match(rf"{re.escape(prefix + letter)}([0-9]{{1,2}})\.", key)) and self.one(key)
        }
        return sorted(found)

    def related(self, prefix: str) -> list[dict[str, Any]]:
        made = []
        for place in self.numbered(prefix, "r"):
            start = f"{prefix}r{place}."
            if kind := self.one(f"{start}kind"):
                share, name = self.number(f"{start}share"), self.one(f"{start}name")
                made.append({"relation": kind, "share": share, "name": name, **self.figures(start)})
            elif any(self.one(f"{start}{figure}") for figure in FIGURES):
                self.faults.append(Fault(path=f"{start}kind", message="Choose linked or partner."))
        return made

    def kept(self, prefix: str) -> list[int]:
        """The numbers of the enterprises that were taken into the facts, in their order."""
        return [place for place in self.numbered(prefix, "r") if self.one(f"{prefix}r{place}.kind")]

    def year(self, prefix: str) -> dict[str, Any]:
        return {**self.figures(prefix), "related": self.related(prefix)}


def facts_from_query(query: Mapping[str, Any]) -> Facts:
    """Read facts from a query: a QueryDict, or a mapping of lists or texts. Keys that are not ours are left alone.

    Raises FactsNotUsable, whose faults name the keys.
    """
    read = _Query(query)
    given: dict[str, Any] = read.year("")
    if types := read.all("t"):
        given["entity_types"] = types
    for key, field in PLACES.items():
        if value := read.one(key):
            given[field] = None if value == UNKNOWN else value
    given |= {field: value for key, field in TEXTS.items() if (value := read.one(key))}
    if read.one("most"):
        given["most_staff_in_nl"] = read.answer("most")
    if value := read.one("rep"):
        given["representative"] = None if value == UNKNOWN else value
    given["conditions"] = {key[2:]: read.answer(key) for key in read.keys("c.")}
    years = read.numbered("", "y")
    given["earlier_years"] = [read.year(f"y{place}.") for place in years]
    given["new_enterprise"] = read.one("new") == "yes"
    chosen = [value for value in read.all("d") if value]
    given["designations"] = None if UNKNOWN in chosen else chosen
    try:
        facts = Facts.read(given)
    except FactsNotUsable as error:
        raise FactsNotUsable(read.faults + [_by_key(fault, read, years) for fault in error.faults]) from error
    if read.faults:
        raise FactsNotUsable(read.faults)
    return facts


def _by_key(fault: Fault, read: _Query, years: list[int]) -> Fault:
    """Name the key of the query instead of the path in the facts."""
    path = re.sub(r"earlier_years\[(\d+)\]", lambda found: f"y{years[int(found[1])]}", fault.path)
    year = found[0] if (found := re.match(r"y\d+\.", path)) else ""
    path = re.sub(r"related\[(\d+)\]", lambda found: f"r{read.kept(year)[int(found[1])]}", path)
    path = path.replace(".relation", ".kind").replace("conditions.", "c.")
    top = re.split(r"[.\[]", path)[0]
    return Fault(path=KEYS.get(top, path), message=fault.message, do=fault.do)


def _digits(value: float) -> str:
    """Write a number so that it reads back the same: three decimals would look like thousands."""
    text = f"{Decimal(repr(float(value))):f}"
    whole, _, rest = text.partition(".")
    rest = rest.rstrip("0")
    return whole if not rest else f"{whole}.{rest}0" if len(rest) == 3 else f"{whole}.{rest}"  # noqa: PLR2004


def query_from_facts(facts: Facts) -> str:
    """Write facts as a query; `facts_from_query` reads the same facts from it."""
    pairs: list[tuple[str, str]] = [("t", code) for code in facts.entity_types]
    given = facts.model_fields_set
    pairs += [(key, getattr(facts, field) or UNKNOWN) for key, field in PLACES.items() if field in given]
    if "representative" in facts.model_fields_set:
        pairs.append(("rep", facts.representative or UNKNOWN))
    if facts.most_staff_in_nl is not None:
        pairs.append(("most", _yes_no(facts.most_staff_in_nl)))
    pairs += [(f"c.{code}", _yes_no(answer)) for code, answer in sorted(facts.conditions.items())]
    pairs += _of_year("", facts)
    for place, year in enumerate(facts.earlier_years, 1):
        own = _of_year(f"y{place}.", year)
        pairs += own or [(f"y{place}.staff", UNKNOWN)]
    if facts.new_enterprise:
        pairs.append(("new", "yes"))
    pairs += [("d", code) for code in ((UNKNOWN,) if facts.designations is None else facts.designations)]
    pairs += [(key, str(value)) for key, field in TEXTS.items() if (value := getattr(facts, field))]
    return urlencode(pairs)


def _yes_no(answer: bool | None) -> str:
    return UNKNOWN if answer is None else "yes" if answer else "no"


def _of_year(prefix: str, year: Year) -> list[tuple[str, str]]:
    pairs = [
        (f"{prefix}{figure}", _digits(value)) for figure in FIGURES if (value := getattr(year, figure)) is not None
    ]
    for place, other in enumerate(year.related):
        pairs += _of_related(f"{prefix}r{place}.", other)
    return pairs


def _of_related(prefix: str, other: Related) -> list[tuple[str, str]]:
    pairs = [(f"{prefix}kind", other.relation.value)]
    if other.name:
        pairs.append((f"{prefix}name", other.name))
    known = ((figure, getattr(other, figure)) for figure in ("share", *FIGURES))
    return [*pairs, *((f"{prefix}{figure}", _digits(value)) for figure, value in known if value is not None)]
