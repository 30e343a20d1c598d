"""The documents of the OASIS 2.0 test set behave as they should through our own import."""

from importlib.resources import files

import pytest

from dijkwacht.feeds.advisories.catalogue import catalogue
from dijkwacht.rooms.advisories.sourcing.reading import File, read

FOLDER = files("csaf.csaf.v20").joinpath("data", "mandatory")
DOCUMENTS = sorted(one.name for one in FOLDER.iterdir() if one.name.endswith(".json"))
SOURCE = catalogue()["csaf-files"]
NAMES_A_HASH_TWICE = ("6-2-08-02.json", "6-2-09-02.json")  # of recommended tests; they fail a mandatory one besides
FIRST_VALID = 11  # the set numbers its failing examples from 01 and its valid ones from 11


def comes_in(name):
    found = read(File(name, FOLDER.joinpath(name).read_bytes()), SOURCE)
    assert len(found.items) + len(found.aside) == 1
    return bool(found.items), [said for one in found.aside for said in one.findings]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_comes_in_only_if_the_set_says_that_it_is_valid(name):
    came, findings = comes_in(name)
    assert came is (int(name.removesuffix(".json")[-2:]) >= FIRST_VALID), findings


def test_the_set_is_whole():
    failing = [name for name in DOCUMENTS if int(name.removesuffix(".json")[-2:]) < FIRST_VALID]
    assert (len(failing), len(DOCUMENTS) - len(failing)) >= (60, 20)


@pytest.mark.parametrize("group", ["recommended", "informative"])
def test_what_is_only_recommended_stops_no_document(group):
    folder = files("csaf.csaf.v20").joinpath("data", group)
    for one in sorted(folder.iterdir(), key=lambda path: path.name):
        found = read(File(one.name, one.read_bytes()), SOURCE)
        if one.name.endswith(NAMES_A_HASH_TWICE):
            assert [said.split(" ")[0] for said in found.aside[0].findings] == ["6.1.25"]
        else:
            assert found.items, (one.name, found.aside[0].findings)
