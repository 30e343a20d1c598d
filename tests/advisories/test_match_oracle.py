"""`match` against a second reading of ours, which takes every line beside every statement, without index or frame."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from dijkwacht.rooms.advisories.catalogue import naming
from dijkwacht.rooms.advisories.matching import rules
from dijkwacht.rooms.advisories.matching.evidence import SURE
from dijkwacht.rooms.advisories.statements import COLUMNS
from dijkwacht.rooms.advisories.versions.answers import Rule, Verdict
from dijkwacht.rooms.advisories.versions.evaluate import judge

NUMBER = "6ES7511-1AK00-0AB0"
VENDORS = ["", "Acme", "ACME B.V.", "Bolt", "Acme Bolt"]
PRODUCTS = [
    "", "Gate", "Gate 3000", "3000 Gate", "Acme Gate 3000", "gate_3000_firmware", "Gate 3000 Pro", "Gates 3000 Pro",
    "Gate 3001 Pro", "Router 9", f"Router ({NUMBER})", f"Gate {NUMBER}", f"{NUMBER} Pro", NUMBER,
]  # fmt: skip
CPES = ["", "cpe:2.3:a:acme:gate:*:*:*:*:*:*:*:*", "cpe:2.3:h:acme:gate:1.5:*:*:*:*:*:*:*", "cpe:/a:bolt:gate"]
PURLS = ["", "pkg:npm/gate", "pkg:npm/gate@1.0?x=1", "pkg:npm/Gate@2.0"]
VALUES = {"name": PRODUCTS[1:8], "cpe": CPES[1:], "purl": PURLS[1:], "model": [NUMBER]}
ALIASES = st.sampled_from(sorted(VALUES)).flatmap(
    lambda kind: st.fixed_dictionaries(
        {
            "product": st.sampled_from(["p", "q"]),
            "kind": st.just(kind),
            "vendor": st.sampled_from(VENDORS if kind == "name" else [""]),
            "value": st.sampled_from(VALUES[kind]),
            "same": st.sampled_from([True, True, False]),
            "judged": st.booleans(),
        }
    )
)
SAID = st.fixed_dictionaries(
    {
        "source": st.just("s"),
        "item": st.sampled_from(["i", "j"]),
        "vulnerability": st.sampled_from(["CVE-2026-1", "CVE-2026-2"]),
        "vendor": st.sampled_from(VENDORS),
        "product": st.sampled_from(PRODUCTS),
        "cpe": st.sampled_from(CPES),
        "purl": st.sampled_from(PURLS),
        "models": st.sampled_from([[], [NUMBER]]),
        "version": st.sampled_from(["< 2.0", "1.0", ">= 1.0 | < 1.5", "all", "some", ""]),
        "notation": st.just("text"),
        "status": st.sampled_from(["affected", "fixed", "not_affected", "under_investigation"]),
        "remedy": st.sampled_from(["", "Update"]),
    }
)
LINE = st.fixed_dictionaries(
    {
        "organisation": st.sampled_from(["A", "B"]),
        "vendor": st.sampled_from(VENDORS),
        "product": st.sampled_from(PRODUCTS),
        "version": st.sampled_from(["", "1.0", "1.7", "2.0", "x"]),
        "cpe": st.sampled_from(CPES),
        "purl": st.sampled_from(PURLS),
    }
)


class Thing:
    """A name as this reading sees it."""

    def __init__(self, row, makers=()):
        self.maker = naming.vendor_key(row["vendor"])
        self.words = naming.product_words(row["vendor"], row["product"])
        for length in (3, 2, 1):
            head = " ".join(self.words[:length])
            if not self.maker and len(self.words) > length and head in makers:
                self.maker, self.words = head, self.words[length:]
        self.purl, self.cpe = naming.purl_key(row["purl"]), naming.cpe_key(row["cpe"])
        self.models = {naming.model_key(one) for one in row.get("models", ())} - {""}
        self.inside = set(naming.models_in(row["product"])) - self.models
        self.is_, self.linked, self.is_not = set(), set(), set()

    def bears(self, alias):
        """Whether an alias speaks of this name; "inside" where only through a number within its product."""
        value = alias["value"]
        if alias["kind"] == "cpe":
            return bool(self.cpe) and self.cpe == naming.cpe_key(value)
        if alias["kind"] == "purl":
            return bool(self.purl) and self.purl == naming.purl_key(value)
        if alias["kind"] == "model":
            key = naming.model_key(value)
            return "inside" if key in self.inside else key in self.models
        words = naming.product_words(alias["vendor"], value)
        return bool(words) and (self.maker, self.words) == (naming.vendor_key(alias["vendor"]), words)

    def learn(self, aliases):
        numbers = {}
        for one in aliases:
            if one["kind"] == "model" and one["same"] and not one["judged"]:
                numbers.setdefault(naming.model_key(one["value"]), set()).add(one["product"])
        for one in aliases:
            how = self.bears(one)
            ambiguous = one["kind"] == "model" and len(numbers.get(naming.model_key(one["value"]), ())) > 1
            if how and not one["same"]:
                self.is_not.add(one["product"])
            elif how and one["judged"]:
                self.is_.add(one["product"])
            elif how is True and not ambiguous:
                self.linked.add(one["product"])
        self.is_ -= self.is_not
        self.linked -= self.is_not
        return self


def confidence(ours, theirs):
    """How sure it is that two names mean one product, 0 where they do not; of all ways the surest."""
    ways = [0.0]
    if (ours.is_ | ours.linked) & (theirs.is_ | theirs.linked):
        ways.append(1.0 if ours.is_ & theirs.is_ else 0.9)
    if ours.purl and ours.purl == theirs.purl:
        ways.append(0.99)
    if ours.cpe and ours.cpe == theirs.cpe:
        ways.append(0.97)
    return max(*ways, *_by_number(ours, theirs), *_by_name(ours, theirs))


def _by_number(ours, theirs):
    for number in (ours.models | ours.inside) & (theirs.models | theirs.inside):
        one_maker = ours.maker == theirs.maker
        bare = any("".join(one.words) == number for one in (ours, theirs) if not one.maker)
        if one_maker if ours.maker and theirs.maker else bare:
            yield 0.7 if number in theirs.inside else 0.95
    yield 0.0


def _by_name(ours, theirs):
    yield 0.0
    mine, other = set(ours.words), set(theirs.words)
    if not mine or not other:
        return
    same_maker, unnamed = ours.maker == theirs.maker, not (ours.maker and theirs.maker)
    if same_maker and ours.words == theirs.words:
        yield 0.97 if ours.maker or telling(ours.words) else 0.7
    if mine == other:
        if same_maker and ours.maker:
            yield 0.9
        elif unnamed:
            yield 0.7
        if telling(ours.words):
            yield 0.4 + (0.2 if set(ours.maker.split()) & set(theirs.maker.split()) else 0.0)
    few, many = sorted((mine, other), key=len)
    if same_maker and few <= many and telling(few):
        yield round(0.3 + 0.5 * len(few) / len(many), 2)


def telling(words):
    return len(words) > 1 or any(len(word) > 4 and any(c.isdigit() for c in word) for word in words)


def spelled(ours, theirs):
    """Nearly the same letters of one vendor: only asked where nothing sure was met."""
    from rapidfuzz import fuzz

    mine, other = " ".join(ours.words), " ".join(theirs.words)
    digits = [sorted(w for w in words.split() if any(c.isdigit() for c in w)) for words in (mine, other)]
    close = fuzz.ratio(mine, other) if mine and other and ours.maker and ours.maker == theirs.maker else 0
    return round(0.7 * close / 100, 2) if close >= 92 and digits[0] == digits[1] else 0.0


def expected(said, lines, aliases):
    """For each line, item and vulnerability that meet: whether the name is sure, the verdict, and the confidences."""
    theirs = [(row, Thing(row).learn(aliases)) for row in said]
    makers = {thing.maker for _, thing in theirs} - {""}
    found = {}
    for place, line in enumerate(lines):
        ours = Thing(line, makers).learn(aliases)
        met = [(row, confidence(ours, thing), thing) for row, thing in theirs]
        if not any(c >= SURE for _, c, _ in met):
            met = [(row, max(c, spelled(ours, thing)), thing) for row, c, thing in met]
        for row, c, thing in met:
            if c and not denied(ours, thing):
                found.setdefault((str(place), row["item"], row["vulnerability"]), []).append((c, row))
    return {key: weigh(met, version_of(lines[int(key[0])])) for key, met in found.items()}


def denied(ours, theirs):
    return bool(ours.is_not & (theirs.is_ | theirs.linked) or theirs.is_not & (ours.is_ | ours.linked))


def weigh(met, version):
    """Sure names go before others; of those the answer that warns most, then the surest name."""
    answers = []
    for c, row in met:
        said = judge(row["version"], "text", row["status"], version)
        answers.append(((c < SURE, rules.rank(said, row["status"]), -c, row["remedy"] == ""), said))
    first = min(order for order, _ in answers)
    best = [said for order, said in answers if order == first]
    worth = {0.2 if a.rule is Rule.PAST_THE_LAST else 0.5 if a.verdict is Verdict.UNKNOWN else 1.0 if a.plain else 0.8
             for a in best}  # fmt: skip
    return not first[0], best[0].verdict.value, {round(-first[2] * one, 3) for one in worth}


def version_of(line):
    if line["version"]:
        return line["version"]
    if line["cpe"].startswith("cpe:2.3") and line["cpe"].split(":")[5] != "*":
        return line["cpe"].split(":")[5]
    return line["purl"].partition("@")[2].partition("?")[0]


def frames(said, lines, aliases):
    types = {name: pl.List(pl.String) if name == "models" else pl.String for name in COLUMNS}
    numbered = [{**line, "line": str(place)} for place, line in enumerate(lines)]
    return (
        pl.DataFrame(said, schema=types),
        pl.DataFrame(numbered, schema=dict.fromkeys(rules.INVENTORY, pl.String)),
        pl.DataFrame(aliases, schema=rules.ALIASES),
    )


@settings(max_examples=1000, deadline=None)
@given(st.lists(SAID, max_size=8), st.lists(LINE, max_size=6), st.lists(ALIASES, max_size=4))
def test_every_pair_of_a_line_and_a_statement_is_found_and_no_other(said, lines, aliases):
    rows = rules.match(*frames(said, lines, aliases)).to_dicts()
    found = {(row["line"], row["item"], row["vulnerability"]): row for row in rows}
    wanted = expected(said, lines, aliases)
    assert len(rows) == len(found)
    assert set(found) == set(wanted)
    for key, (sure, verdict, confidences) in wanted.items():
        row = found[key]
        assert row["organisation"] == lines[int(key[0])]["organisation"]
        assert (row["sure"], row["verdict"]) == (sure, verdict), key
        assert row["confidence"] in confidences, key


@settings(max_examples=200, deadline=None)
@given(st.lists(SAID, max_size=6), st.lists(LINE, min_size=2, max_size=5), st.lists(ALIASES, max_size=2), st.randoms())
def test_what_a_line_gets_does_not_depend_on_other_lines_or_on_any_order(said, lines, aliases, chance):
    def told(said, lines):
        columns = ["item", "vulnerability", "verdict", "confidence", "sure", "remedy"]
        found = rules.match(*frames(said, lines, aliases))
        return [sorted(found.filter(pl.col("line") == str(n)).select(columns).rows()) for n in range(len(lines))]

    together = told(said, lines)
    alone = [told(said, [line])[0] for line in lines]
    assert together == alone
    assert told(chance.sample(said, len(said)), lines) == together
    assert told(said, lines[::-1]) == together[::-1]
