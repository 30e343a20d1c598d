"""The values of a registry read a column at a time, beside reading them one by one."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from publicsuffixlist import PSLFILE, PublicSuffixList

from dijkwacht.data import registry as registry_module
from dijkwacht.data.registry import Checked, check_registry
from dijkwacht.data.registry_plain import Plain, plain_domains
from dijkwacht.data.schema import REGISTRY

LABELS = st.sampled_from(
    ["a", "nl", "example", "co", "uk", "kobe", "jp", "city", "x-y", "-x", "x_", "1", "ÄÖ", "", "a" * 64]
)
DOMAINS = st.lists(LABELS, min_size=1, max_size=5).map(".".join)
PREFIXES = st.tuples(
    st.sampled_from(["192.0.2.0", "192.0.2.1", "10.0.0.0", "010.0.0.0", "256.0.0.0", "1.2", "::", "::ffff:192.0.2.0"]),
    st.sampled_from(["", "/0", "/8", "/08", "/24", "/31", "/32", "/33", "/128", "/x", "/"]),
).map("".join)  # fmt: skip
ASNS = st.sampled_from(["64500", "AS64500", "as064500", "0", "65535", "99999999999", "-1"])
VALUES = st.one_of(
    st.tuples(st.just("domain"), DOMAINS),
    st.tuples(st.just("prefix"), PREFIXES),
    st.tuples(st.just("asn"), ASNS),
    st.tuples(st.sampled_from(["domain", "prefix", "asn", "other", ""]), st.text(max_size=12)),
)
ROWS = st.lists(
    st.tuples(st.sampled_from(["a", "b", ""]), VALUES, st.booleans(), st.sampled_from(["", " "])), max_size=12
)


def checked(frame: pl.DataFrame) -> dict[str, Any]:
    found: Checked = check_registry(frame)
    return {
        "prefixes": [column.tolist() for column in numbers(found.prefixes)],
        "domains": list(zip(found.domain_rows.tolist(), found.domains.to_list(), strict=True)),
        "asns": list(zip(found.asn_rows.tolist(), found.asns.tolist(), strict=True)),
        "folded": found.folded,
        "refused": found.refused.rows(),
    }


def numbers(prefixes):
    return (prefixes.rows, prefixes.high, prefixes.low, prefixes.length)


def nothing_plain(values: pl.DataFrame) -> Plain:
    none = np.empty(0, np.uint32)
    return Plain(none, pl.Series([], dtype=pl.String), none, none.astype(np.uint8))


@example([("a", ("prefix", "192.0.2.0/24"), False, ""), ("a", ("prefix", "::ffff:192.0.2.0/120"), False, "")])
@example(
    [
        ("a", ("domain", "x.Example.nl"), False, ""),
        ("a", ("domain", "x.example.nl"), False, ""),
        ("a", ("domain", "x.example.nl"), False, " "),
    ]
)
@settings(deadline=None)  # the first one compiles the loops
@given(ROWS)
def test_a_column_at_a_time_reads_what_one_by_one_reads(rows):
    plain = [(organisation, kind, space + value, fallback) for organisation, (kind, value), fallback, space in rows]
    frame = pl.DataFrame(plain, REGISTRY, orient="row")
    at_once = checked(frame)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry_module, "plain_prefixes", nothing_plain)
        patch.setattr(registry_module, "plain_domains", nothing_plain)
        assert checked(frame) == at_once


def test_most_values_are_read_at_once():
    frame = pl.DataFrame(
        {"row": [0, 1, 2], "value": ["www.example.nl", "co.uk", "example.co.uk"]},
        {"row": pl.UInt32, "value": pl.String},
    )
    assert plain_domains(frame).values.to_list() == ["www.example.nl", "example.co.uk"]


def test_no_public_suffix_is_taken_for_a_plain_domain():
    with open(PSLFILE, encoding="utf-8") as file:  # noqa: PTH123
        rules = [line.split()[0] for line in file if line.strip() and not line.startswith("//")]
    bare = [rule.lstrip("!").removeprefix("*.").encode("idna").decode() for rule in rules]
    names = sorted({name for label in bare for name in (label, f"x.{label}")})
    frame = pl.DataFrame({"row": range(len(names)), "value": names}, {"row": pl.UInt32, "value": pl.String})
    suffixes = PublicSuffixList()
    wrong = [name for name in plain_domains(frame).values.to_list() if suffixes.publicsuffix(name) == name]
    assert wrong == []
    assert sum(suffixes.publicsuffix(name) == name for name in names) > 5_000
