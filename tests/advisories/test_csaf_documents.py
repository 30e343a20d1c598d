"""One model of an advisory gives CSAF 2.0 and 2.1 that two independent validators accept."""

import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from tests.advisories.written import LINES, MODULES, ONE, WRITTEN

from dijkwacht.rooms.advisories.publishing import csaf, ranges, tree
from dijkwacht.rooms.advisories.statements import Notation, Status
from dijkwacht.rooms.advisories.validating import judging
from dijkwacht.rooms.advisories.writing.content import (
    TLPS,
    Content,
    Line,
    Publisher,
    Release,
    Revision,
    Text,
    Vulnerability,
    decode,
    encode,
)

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
PARTY = Publisher("Dijkwacht", "https://dijkwacht.example", "csirt@dijkwacht.example")
BASE = "https://dijkwacht.example/.well-known/csaf"


def release(content=WRITTEN, *, versions=1, withdrawn=False, language="en"):
    history = tuple(
        Revision(at + 1, AT + timedelta(hours=at), Text(nl=f"Versie {at + 1}", en=f"Version {at + 1}"))
        for at in range(versions)
    )
    page = "https://dijkwacht.example/advisories/DW-2026-0001"
    return Release("DW-2026-0001", content, history, PARTY, BASE, page, withdrawn, language)


def verdict(given, version):
    made = csaf.serialised(csaf.document(given, version, f"{BASE}/v{version}/white"))
    return judging.judge(judging.read(made), modules=MODULES)


INFORMATIONAL = Content(title=WRITTEN.title, summary=WRITTEN.summary, what=WRITTEN.what, references=WRITTEN.references)
CASES = {
    "whole": release(),
    "dutch": release(language="nl"),
    "corrected": release(versions=3),
    "withdrawn": release(versions=2, withdrawn=True),
    "without a vulnerability": release(INFORMATIONAL),
    "without a CVE": release(msgspec.structs.replace(WRITTEN, vulnerabilities=(Vulnerability("ZW-1", lines=LINES),))),
    "labelled": release(msgspec.structs.replace(WRITTEN, label="urgent", likelihood="", impact="")),
    "two that share products": release(
        msgspec.structs.replace(WRITTEN, vulnerabilities=(ONE, msgspec.structs.replace(ONE, name="CVE-2026-99002")))
    ),
} | {tlp: release(msgspec.structs.replace(WRITTEN, tlp=tlp)) for tlp in TLPS}


@pytest.mark.parametrize("version", csaf.VERSIONS)
@pytest.mark.parametrize("name", CASES)
def test_both_validators_accept_what_we_make(name, version):
    found = verdict(CASES[name], version)
    assert found.accepted, found.refusals()


@pytest.mark.parametrize("version", csaf.VERSIONS)
def test_a_range_never_stands_in_a_branch_for_one_version(version):
    texts = [
        "1.2.3",
        "V3.15 P018",
        "< 2",
        "8.0.0 - 8.0.1",
        "8.1.5 and later",
        "prior to 4.2",
        "1, 2",
        "2.X",
        "9.x model 3570",
        "alle versies",
        "",
    ]
    lines = tuple(Line("Zwaluw", "Poort", text) for text in texts)
    made = csaf.document(
        release(msgspec.structs.replace(WRITTEN, vulnerabilities=(Vulnerability("CVE-2026-99001", lines=lines),))),
        version,
        BASE,
    )
    exact = [one["name"] for one in _leaves(made["product_tree"]["branches"]) if one["category"] == "product_version"]
    assert exact == ["1.2.3", "V3.15 P018"]
    assert judging.judge(made, modules=MODULES).accepted


def _leaves(branches):
    for one in branches:
        yield one
        yield from _leaves(one.get("branches", []))


RANGES = [
    ("< V3.15 P018", Notation.TEXT, [("range", "<V3.15%20P018")]),
    ("All versions < V13 SP2", Notation.TEXT, [("range", "<V13%20SP2")]),
    (">= 1.0, < 2.0", Notation.TEXT, [("range", ">=1.0|<2.0")]),
    ("All versions", Notation.TEXT, [("range", "vers:all/*")]),
    ("before the November update", Notation.TEXT, [("words", "before the November update")]),
    ("1.2.3", Notation.TEXT, [("version", "1.2.3")]),
    ("", Notation.TEXT, [("product", "")]),
    ("vers:npm/1.2.3", Notation.VERS, [("version", "1.2.3")]),
    ("vers:npm/>=1.0|<2.0", Notation.VERS, [("range", "vers:npm/>=1.0|<2.0")]),
    ("not json", Notation.CVE, [("words", "not json")]),
    (
        '{"versions": [{"version": "0", "lessThan": "2", "status": "affected"}]}',
        Notation.CVE,
        [("range", "vers:generic/<2")],
    ),
    (
        '{"versions": [{"version": "1", "lessThan": "*", "status": "affected"}]}',
        Notation.CVE,
        [("range", "vers:generic/>=1")],
    ),
    ('{"versions": [{"version": "n/a", "status": "affected"}]}', Notation.CVE, [("range", "vers:all/*")]),
    (
        '[{"criteria": "cpe:2.3:a:z:q:*:*:*:*:*:*:*:*", "versionEndExcluding": "4"}]',
        Notation.CPE,
        [("range", "vers:generic/<4")],
    ),
    ('[{"criteria": "cpe:2.3:a:z:q:4.1:*:*:*:*:*:*:*"}]', Notation.CPE, [("version", "4.1")]),
]


@pytest.mark.parametrize(("text", "notation", "expected"), RANGES, ids=[str(at) for at in range(len(RANGES))])
def test_versions_are_named_as_the_standard_wants_or_in_words(text, notation, expected):
    found = ranges.names(text, notation, Status.AFFECTED, "2.1")
    assert [(one.where, one.name) for one in found] == expected


def test_a_product_keeps_its_identifier_in_the_next_version_and_in_both_formats():
    def ids(given, version):
        return {leaf.line: leaf.id for leaf in tree.build(given.vulnerabilities, version).leaves.values()}

    more = msgspec.structs.replace(ONE, lines=(Line("Zwaluw Systemen", "Zwaluw Nieuw", "1.0"), *reversed(LINES)))
    longer = ids(msgspec.structs.replace(WRITTEN, vulnerabilities=(more,)), "2.1")
    assert ids(WRITTEN, "2.0").items() <= longer.items()
    assert len(set(longer.values())) == len(LINES) + 1


def test_who_is_affected_by_one_source_and_not_by_another_is_affected():
    lines = (Line("Zwaluw", "Poort", "1.0", status=Status.NOT_AFFECTED), Line("Zwaluw", "Poort", "1.0"))
    (statuses,) = tree.build([Vulnerability("CVE-2026-99001", lines=lines)], "2.0").statuses
    assert list(statuses) == ["known_affected"]


def test_the_base_score_is_computed_from_the_vector_and_a_vector_that_is_none_is_left_out():
    wrong = msgspec.structs.replace(ONE.scores[0], base=1.0)
    none = msgspec.structs.replace(wrong, vector="CVSS:3.1/AV:X")
    one = csaf.document(release(_with(wrong)), "2.0", BASE)["vulnerabilities"][0]
    assert one["scores"][0]["cvss_v3"]["baseScore"] == 9.8
    assert "scores" not in csaf.document(release(_with(none)), "2.0", BASE)["vulnerabilities"][0]


def _with(score):
    return msgspec.structs.replace(WRITTEN, vulnerabilities=(msgspec.structs.replace(ONE, scores=(score,)),))


def test_a_document_has_its_keys_sorted_and_its_history_whole():
    made = csaf.serialised(csaf.document(release(versions=3), "2.0", BASE))
    tracking = json.loads(made)["document"]["tracking"]
    assert [one["number"] for one in tracking["revision_history"]] == ["1", "2", "3"]
    assert tracking["current_release_date"] == "2026-11-20T12:00:00Z"
    assert made == csaf.serialised(json.loads(made))


NAMES = {
    "DW-2026-0001": "dw-2026-0001.json",
    "Example Company - 2019-YH3234": "example_company_-_2019-yh3234.json",
    "RHBA-2019:0024": "rhba-2019_0024.json",
    "2022_#01-A": "2022_01-a.json",
}


@pytest.mark.parametrize(("number", "expected"), NAMES.items())
def test_a_file_is_named_by_the_rule_of_the_standard(number, expected):
    assert csaf.file_name(number) == expected


def test_a_text_survives_being_kept():
    assert decode(encode(WRITTEN)) == WRITTEN


def test_how_to_reach_the_publisher_stands_in_both_versions():
    old, new = (
        csaf.document(CASES[next(iter(CASES))], version, "https://x.example")["document"] for version in csaf.VERSIONS
    )
    reached = old["publisher"]["contact_details"]
    assert [one["text"] for one in new["notes"] if one["title"] == "Contact"] == [reached]
    assert "contact_details" not in new["publisher"]
