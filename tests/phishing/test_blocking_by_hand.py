"""What one person may put on the list of their own accord, at the command line or on the page of the list."""

import pytest
from tests.phishing.listed import ANALYST, AUDITOR, DESK

from dijkwacht.platform import tenancy
from dijkwacht.rooms.phishing import errors
from dijkwacht.rooms.phishing.deciding import importing, own
from dijkwacht.rooms.phishing.listing import errors as of_the_list
from dijkwacht.rooms.phishing.listing.models import Entry


@pytest.fixture
def desk(db):
    with tenancy.acting(DESK):
        yield


def block(name, kind="host", actor=ANALYST):
    return own.block(actor=actor, kind=kind, name=name, reason="phishing")


@pytest.mark.parametrize(
    ("problem", "kind", "name"),
    [
        (errors.NeverWhole, "host", "google.com"),
        (errors.NeverWhole, "host", "www.Google.com."),
        (errors.NeverWhole, "host", "formulieren.amsterdam.nl"),
        (errors.NeverWhole, "name", "formulieren.amsterdam.nl"),
        (errors.NeverWhole, "domain", "nos.nl"),
        (errors.TakesTwo, "url", "https://nos.nl/artikel"),
        (errors.TakesTwo, "url", "https://amsterdam.nl/formulier"),
        (of_the_list.SharedByMany, "host", "t.co"),
        (of_the_list.ProtectedName, "url", "https://www.ing.nl/x"),
    ],
)
def test_one_person_warns_for_no_government_and_no_much_visited_host(desk, problem, kind, name):
    with pytest.raises(problem):
        block(name, kind)
    assert not Entry.objects.exists()


def test_a_host_of_an_imported_top_list_is_as_much_visited(desk, tmp_path):
    (tmp_path / "top.csv").write_text("1,winkel.example\n2,krant.example\n200001,klein.example\n")
    importing.take(actor=DESK, slug="top", kind="top", path=tmp_path / "top.csv", licence="CC0-1.0", source="tests")
    with pytest.raises(errors.NeverWhole):
        block("www.winkel.example")
    assert block("klein.example").blast_radius["rank"] == 200_001


def test_one_url_of_a_host_that_many_share_is_for_one_person_and_its_radius_is_stored(desk):
    entry = block("https://t.co/AbC", "url")
    assert (entry.name, entry.blast_radius["shared"], entry.blast_radius["guard"]) == ("https://t.co/AbC", 1, "top")
    assert block("dief.example").blast_radius == {
        "why": "chosen",
        "rank": 0,
        "domain_rank": 0,
        "others": 0,
        "shared": 0,
        "guard": "",
    }


def test_a_domain_under_which_others_are_known_is_not_warned_for_with_all_below_it(desk, tmp_path):
    (tmp_path / "known.txt").write_text("".join(f"klant{number}.gastheer.example\n" for number in range(4)))
    importing.take(
        actor=DESK, slug="known", kind="phishing", path=tmp_path / "known.txt", licence="MIT", source="tests"
    )
    for kind in ("name", "domain"):
        with pytest.raises(errors.OthersBelow):
            block("gastheer.example", kind)
    assert block("klant1.gastheer.example").blast_radius["others"] == 3


def test_who_may_not_decide_hears_that_first(desk):
    with pytest.raises(errors.NotAllowed):
        block("google.com", actor=AUDITOR)


@pytest.mark.parametrize("slug", ["", "../top", "Top", "a" * 41, "top\n"])
def test_a_list_has_a_short_name(desk, tmp_path, slug):
    (tmp_path / "top.csv").write_text("1,winkel.example\n")
    with pytest.raises(errors.ListName):
        importing.take(actor=DESK, slug=slug, kind="top", path=tmp_path / "top.csv", licence="MIT", source="tests")


def test_a_line_as_long_as_a_file_is_not_understood_and_the_others_are(desk, tmp_path):
    (tmp_path / "list.txt").write_text(f'dief.example\n{"x" * 200_000}.example\n"{"y" * 200_000}\nboef.example\n')
    known, left = importing.take(
        actor=DESK, slug="x", kind="phishing", path=tmp_path / "list.txt", licence="MIT", source="tests"
    )
    assert (known.rows, left) == (2, 2)
