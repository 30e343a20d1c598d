"""Versions that a source wrote in no form that we know: told as they came, and no page or letter of others breaks."""

import pytest

from dijkwacht.rooms.advisories.delivery.evidence import words
from dijkwacht.rooms.advisories.matching.evidence import Evidence, pack
from dijkwacht.rooms.advisories.publishing import ranges
from dijkwacht.rooms.advisories.statements import Notation, Status

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
        told = words(pack(said), language)
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
    assert words(pack(said), "en") == f"Theirs {told}"
