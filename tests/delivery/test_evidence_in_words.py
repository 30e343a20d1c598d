"""What a sentence says of versions: nobody who follows it stays vulnerable."""

import pytest
from tests.delivery.shelf import go, letters, runs
from tests.notification.world import TEST, organisation

from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.delivery.evidence import ranges
from dijkwacht.rooms.advisories.delivery.letters import evidence_of
from dijkwacht.rooms.advisories.matching.evidence import Evidence, pack

pytestmark = pytest.mark.django_db


def test_vulnerabilities_that_end_at_different_versions_are_each_said(shelf):
    with tenancy.acting(TEST):
        owner = organisation()
        runs(owner, "Fortinet; FortiOS; 7.2")
        key = shelf.publish("7.4.1", remedy="Update to 7.4.1.")
        [first] = shelf.said[key]
        for name, below in (("CVE-2026-0002", "7.4.1"), ("CVE-2026-0003", "7.6.0")):
            row = list(first)
            row[2], row[5], row[-1] = name, f"< {below}", f"Update to {below}."
            shelf.said[key].append(tuple(row))
        go(key)
        said = letters()["veiligheid@korst.example"]
        [ran] = evidence_of([owner.id], [key[0]])[owner.id, key[0]]
    told = "Fortinet FortiOS < 7.4.1 (CVE-2026-0001, CVE-2026-0002); Fortinet FortiOS < 7.6.0 (CVE-2026-0003); "
    assert f"{told}kies een versie die buiten al deze grenzen valt" in " ".join(said.split())
    assert ran.remedy == "Update to 7.4.1.; Update to 7.6.0."


def test_a_product_that_one_vulnerability_names_twice_is_said_with_both_ranges(shelf):
    with tenancy.acting(TEST):
        runs(organisation(), "Fortinet; FortiOS; 7.2")
        key = shelf.publish("7.4.1")
        [first] = shelf.said[key]
        for below in ("7.6.0", "7.1"):  # the last does not hit it
            row = list(first)
            row[5] = f"< {below}"
            shelf.said[key].append(tuple(row))
        go(key)
        said = " ".join(letters()["veiligheid@korst.example"].split())
    assert "Fortinet FortiOS < 7.4.1 (CVE-2026-0001); Fortinet FortiOS < 7.6.0 (CVE-2026-0001); kies een" in said
    assert "7.1 (" not in said


def test_more_differing_ranges_than_a_sentence_holds_are_not_passed_over():
    met = [
        (f"CVE-2026-{at:04}", pack(Evidence("name", "x", "x", "range", f"< {at}", "text", "affected", "0")))
        for at in range(1, 13)
    ]
    said = ranges(met, "en")
    assert "x < 10 (CVE-2026-0010); 2 more, which stand in the whole advisory; choose a version" in said
    assert ranges([(name, met[0][1]) for name, _ in met], "en") == "x < 1"
