"""Versions that a source wrote in no form that we know: told as they came, and no page or letter of others breaks."""

import pytest

from dijkwacht.rooms.advisories.delivery.evidence import words
from dijkwacht.rooms.advisories.matching.evidence import Evidence, pack
from dijkwacht.rooms.advisories.publishing import ranges
from dijkwacht.rooms.advisories.statements import Notation, Status
from dijkwacht.rooms.advisories.versions.evaluate import judge

ODD = [
    ("cve", '{"versions": null}'),
    ("cve", '{"versions": 3}'),
    ("cve", '{"versions": ["1"]}'),
    ("cve", "null"),
    ("cpe", '[{"criteria":"cpe:2.3:a"}]'),
    ("cpe", '[{"criteria":"cpe:/a:v:p"}]'),
    ("cpe", "7"),
]


@pytest.mark.parametrize(("notation", "text"), ODD, ids=[text for _, text in ODD])
def test_an_odd_notation_is_told_as_it_came(notation, text):
    said = Evidence("name", "Ours", "Theirs", "not_understood", text, notation, "affected", "1.0")
    for language in ("nl", "en"):
        [told] = words(pack(said), language)
        assert told.startswith("Theirs: ")
        assert text in told or "cpe:" in told
    assert isinstance(ranges.shown(text, Notation(notation), Status.AFFECTED), str)
    for version in ("2.0", "2.1"):
        assert ranges.names(text, Notation(notation), Status.AFFECTED, version)


@pytest.mark.parametrize(
    ("criteria", "told"),
    [("cpe:2.3:a:v:p:7.5:*:*:*:*:*:*:*", "7.5"), ("cpe:2.3:a:v:p:*:*:*:*:*:*:*:*", "*"), ("cpe:/a:v:p:7.5", "7.5")],
)
def test_the_version_in_a_cpe_is_told(criteria, told):
    said = Evidence("cpe", "Ours", "Theirs", "inside", f'[{{"criteria": "{criteria}"}}]', "cpe", "affected", "1.0")
    assert words(pack(said), "en") == (f"Theirs {told}",)


@pytest.mark.parametrize(
    ("text", "asked", "verdict"),
    [
        ("<= 2020 R2", "2020 Update 1", "unknown"),  # an update of the release before R2
        ("<= 3.0 D15", "3.0-p1", "unknown"),
        ("<= 3.40 R5 build 571848", "3.40 Update 1", "unknown"),
        ("< 1.5 Beta 4", "1.5 Preview", "unknown"),
        ("< 1.5-SNAPSHOT", "1.5 Beta 4", "unknown"),
        ("< 1.5 Beta 4", "1.5 RC 2", "not_affected"),
        ("< 1.5 RC 2", "1.5 Beta 4", "affected"),
        ("< 1.2b", "1.2a", "affected"),
        ("<= 1.2a", "1.2b", "not_affected"),
        ("<= 2020 R2", "2020 R1", "affected"),
        ("< 9.8p1", "9.8p2", "not_affected"),
    ],
)
def test_words_of_different_kinds_are_not_put_in_an_order(text, asked, verdict):
    assert judge(text, "text", "affected", asked).verdict == verdict


@pytest.mark.parametrize(
    ("text", "asked", "verdict"),
    [
        ("20.4 versions prior to 20.4R3-S4", "20.3R3", "unknown"),  # of that line nothing is said
        ("20.4 versions prior to 20.4R3-S4", "20.4R1", "affected"),
        ("20.4 versions prior to 20.4R3-S4", "20.4R3-S5", "not_affected"),
        ("2.0 prior to 3.1", "1.9", "not_affected"),  # from 2.0 on
        (">= 1.2 | < 1.2.5", "1.1", "not_affected"),
    ],
)
def test_a_line_of_versions_says_nothing_of_the_lines_before_it(text, asked, verdict):
    assert judge(text, "text", "affected", asked).verdict == verdict
