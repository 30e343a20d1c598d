"""The test documents of OASIS for CSAF 2.0 behave as they should, and where the two validators differ is written down.

The package `csaf` carries 140 failing and 92 valid documents of the 145 and 94, byte for byte those of the committee.
The other seven are of tests that ask servers of strangers (6.3.6, 6.3.7) or a spelling checker (6.3.8): not run by us.
"""

import hashlib
import json
from importlib.resources import files

import pytest
from tests.advisories.written import MODULES

from dijkwacht.rooms.advisories.validating import judging
from dijkwacht.rooms.advisories.validating.verdict import NOT_RUN

FOLDER = files("csaf.csaf.v20")
CATALOGUE = json.loads((FOLDER / "rules" / "catalog.json").read_bytes())["tests"]
FAILING = [(one["id"], one["group"], name) for one in CATALOGUE for name in one.get("fixtures", {}).get("failing", [])]
VALID = [(one["id"], one["group"], name) for one in CATALOGUE for name in one.get("fixtures", {}).get("valid", [])]
# The second validator alone: refuses what is valid, or accepts what is not. What comes in follows the first.
DIFFER = {
    "6-1-14-12": "6.1.21 refuses a history that does not begin with 0 or 1",
    "6-1-16-16": "6.1.21 refuses a history that does not begin with 0 or 1",
    "6-1-16-17": "6.1.21 refuses a history that does not begin with 0 or 1",
    "6-1-26-04": "6.1.26 lets a name pass that only leaves out the hyphens",
    "6-2-20-01": "its schema refuses properties that the standard only advises against",
}
# Meant to fail one recommended test, and invalid besides: the same hash algorithm twice (6.1.25).
INVALID_BESIDES = {"6-2-08-02", "6-2-09-02"}


def short(name):
    return name.removesuffix(".json").rpartition("2021-")[2]


def read(name):
    return judging.read((FOLDER / "data" / name).read_bytes())


def test_there_are_as_many_as_the_committee_has_without_those_that_nobody_runs():
    assert (len(FAILING), len(VALID)) == (140, 92)
    assert NOT_RUN["2.0"] == ("6.3.6", "6.3.7", "6.3.8")


def test_they_are_the_documents_of_the_committee_and_not_changed_since():
    manifest = json.loads((FOLDER / "data" / "MANIFEST.json").read_bytes())["files"]
    for name, digest in manifest.items():
        assert hashlib.sha256((FOLDER / "data" / name).read_bytes()).hexdigest() == digest
    whole = hashlib.sha256("".join(f"{name} {digest}\n" for name, digest in sorted(manifest.items())).encode())
    assert (
        whole.hexdigest() == "0cf26a734a8bfb086bab9f598d8cd3b9493175a4eb142437b4071f27cc967b76"
    )  # compared with oasis-tcs/csaf on 2026-11-26


@pytest.mark.parametrize(("test", "group", "name"), FAILING, ids=[short(name) for _, _, name in FAILING])
def test_a_failing_document_is_refused_or_remarked_on_by_the_test_it_is_for(test, group, name):
    verdict = judging.judge(read(name), modules=MODULES)
    refused = group == "mandatory" or short(name) in INVALID_BESIDES
    assert verdict.taken_in is not refused
    by = {one.test for one in verdict.opinions[0].found}
    wanted = "schema" if test == "6.1.8" else test  # the schema holds those of FIRST for scores
    assert any(one == wanted or one.startswith(f"{wanted}.") for one in by)
    assert verdict.agreed is (short(name) not in DIFFER)


@pytest.mark.parametrize(("test", "group", "name"), VALID, ids=[short(name) for _, _, name in VALID])
def test_a_valid_document_is_taken_in(test, group, name):
    verdict = judging.judge(read(name), modules=MODULES)
    assert verdict.taken_in
    assert not any(one.test == test for one in verdict.opinions[0].found)
    assert verdict.agreed is (short(name) not in DIFFER)


V21 = files("csaf.csaf.v21csd04")
OF_21 = [
    (one["id"], name)
    for one in json.loads((V21 / "rules" / "catalog.json").read_bytes())["tests"]
    if one["group"] == "mandatory"
    for name in one.get("fixtures", {}).get("failing", [])
]


def test_what_fails_a_mandatory_test_of_the_draft_of_2_1_does_not_come_in():
    """The second validator knows an older draft of 2.1; the first knows the newest, and refuses every one."""
    taken = []
    for test, name in OF_21:
        document = json.loads((V21 / "data" / name).read_bytes())
        verdict = judging.judge(document, modules=MODULES, remarks=False)
        if verdict.taken_in:
            taken.append((test, name))
    assert len(OF_21) > 250
    assert taken == []
