"""Reading regimes: complete and in both languages; a fault is told with its file, its key and what is wrong."""

import shutil
from datetime import date

import pytest

from dijkwacht.law.incidents import IncidentRecord, InvalidRegime, UnknownRegime, centre_due, load
from dijkwacht.law.incidents.regimes import HOUSE

REGIMES = load()


def test_the_regimes_of_the_house():
    assert list(REGIMES) == ["avg", "cbw", "cra", "dora", "netcode", "wwke"]
    with pytest.raises(UnknownRegime, match="nis2"):
        REGIMES["nis2"]


@pytest.mark.parametrize("slug", list(REGIMES))
def test_a_regime_has_its_words_in_both_languages(slug):
    dutch, english = REGIMES.text(slug, "nl"), REGIMES.text(slug, "en")
    assert dutch.words.keys() == english.words.keys()
    for stage in REGIMES[slug].stage:
        assert dutch.of("stage", stage.code, "name")
        assert english.of("stage", stage.code, "text")


@pytest.mark.parametrize(
    ("slug", "day", "known"), [("cbw", "2026-08-14", False), ("cbw", "2026-08-15", True), ("avg", "2020-01-01", True)]
)
def test_a_regime_holds_from_its_day(slug, day, known):
    on = date.fromisoformat(day)
    assert (REGIMES.on(slug, on) is not None) == known
    assert REGIMES.nearest(slug, on).slug == slug


def test_the_stages_of_the_directive_carry_the_terms_of_the_data_privacy_vocabulary():
    terms = {stage.code: (stage.dpv or "").rpartition("#")[2] for stage in REGIMES["cbw"].stage}
    assert terms == {
        "early-warning": "EarlyWarningReport",
        "notification": "IncidentAssessmentReport",
        "intermediate": "IntermediateReport",
        "final": "FinalReport",
        "progress": "ProgressReport",
        "final-after-progress": "FinalReport",
    }


def test_the_centre_has_clocks_of_its_own_from_the_receipt():
    record = IncidentRecord.read({"receipt": "2026-10-24T12:00:00+02:00"})
    told = [(one.stage, one.due.isoformat(), one.article) for one in centre_due(REGIMES["cbw"], record)]
    assert told == [("answer", "2026-10-25T11:00:00+01:00", "Cbw 36(1)")]
    assert [one.stage for one in centre_due(REGIMES["netcode"], record)] == [
        "confidentiality",
        "member-states",
        "national-entities",
    ]
    assert centre_due(REGIMES["cbw"], IncidentRecord()) == []


def broken(folder, file, old, new):
    home = folder / "cbw"
    shutil.copytree(HOUSE / "cbw", home)
    text = (home / file).read_text("utf-8")
    assert old in text
    (home / file).write_text(text.replace(old, new, 1), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "wrong"),
    [
        ("regime.toml", 'from = ["awareness"]', 'from = ["awarenes"]', "stage[0].term[0]", "no moment awarenes"),
        ("regime.toml", "hours = 24", "hours = 24, days = 1", "stage[0].term[0]", "exactly one"),
        ("regime.toml", "hours = 24", "hours = -24", "stage[0].term[0].hours", "greater than 0"),
        ("regime.toml", "hours = 24", 'hours = "24"', "stage[0].term[0].hours", "integer"),
        ("regime.toml", 'rules = "atw"', 'rules = "atv"', "rules", "atw"),
        ("regime.toml", 'rules = "atw"', 'rules = "atw"\ncolour = "red"', "colour", "not permitted"),
        ("regime.toml", "valid_from = 2026-08-15", "", "valid_from", "required"),
        (
            "regime.toml",
            "valid_from = 2026-08-15",
            "valid_from = 2026-08-15\nvalid_to = 2026-08-14",
            "valid_to",
            "ends",
        ),
        ("regime.toml", 'fact = "occurrence"', 'fact = "occurence"', "field[2]", "no fact occurence"),
        ("regime.toml", 'fact = "trust_service"', 'fact = "trust"', "stage[1].term[1].when", "no fact trust"),
        (
            "regime.toml",
            'fact = "significant", is = true',
            'fact = "significant", is = "yes"',
            "trigger[0].all",
            "not yes",
        ),
        (
            "regime.toml",
            'fact = "significant", is = true',
            'fact = "significant", above = 1',
            "trigger[0].all",
            "no test",
        ),
        (
            "regime.toml",
            'fact = "kind", is = "incident"',
            'fact = "kind", is = "incidnt"',
            "trigger[0].all",
            "never incidnt",
        ),
        ("regime.toml", 'fact = "kind", is = "incident"', 'fact = "kind", any_of = ["x"]', "trigger[0].all", "no test"),
        ("regime.toml", 'fact = "kind", is = "incident"', 'fact = "handled", is = "x"', "trigger[0].all", "moment"),
        ("regime.toml", 'fact = "designations", any_of', 'fact = "designations", in', "exception[1].all", "no test"),
        ("regime.toml", 'instead_of = "final"', 'instead_of = "finale"', "stage[4].instead_of", "no stage finale"),
        ("regime.toml", 'after = "progress"', 'after = "progres"', "stage[5].after", "no stage progres"),
        (
            "regime.toml",
            'instead_of = "final"',
            'instead_of = "final"\nterm = [{ from = ["final"], months = 1 }]',
            "stage[4]",
            "place",
        ),
        ("regime.toml", 'code = "notification"', 'code = "early-warning"', "stage[1]", "twice"),
        ("regime.toml", 'stages = ["early-warning"]', 'stages = ["warning"]', "field[2].stages", "no stage warning"),
        ("regime.toml", 'role = "csirt"', 'role = "csirt"\nbody = "NCSC"', "recipient[0]", "by sector"),
        ("regime.toml", 'role = "authority"', 'role = "ap"', "recipient[1]", "names one"),
        ("regime.toml", 'from = "receipt"', 'from = "reception"', "centre[0]", "no moment reception"),
        ("regime.toml", 'dpv = "https://w3id.org/', 'dpv = "https://example.org/', "stage[0].dpv", "pattern"),
        ("regime.toml", "[[stage]]", "[[stage", "(file)", "not TOML"),
        ("texts.nl.toml", 'name = "Melding"', 'naam = "Melding"', "stage.notification.name", "missing"),
        ("texts.en.toml", 'law = "', 'laws = "', "law", "missing"),
        ("texts.en.toml", "[stage.final]", "[stage.finale]", "stage.finale", "no such part"),
        ("cases.toml", "[[case]]", "[[example]]", "", ""),
    ],
)
def test_a_fault_is_told_with_file_key_and_what_is_wrong(tmp_path, file, old, new, key, wrong):
    folder = broken(tmp_path, file, old, new)
    if not wrong:
        (folder / "cbw" / file).write_text("", "utf-8")
        key, wrong = "case", "golden cases"
    with pytest.raises(InvalidRegime) as caught:
        load(folder)
    assert caught.value.fields["file"] == f"cbw/{file}"
    assert caught.value.fields["key"] == key
    assert wrong in caught.value.fields["wrong"]


def test_a_second_text_for_other_days_is_read_and_one_for_the_same_days_refused(tmp_path):
    home = tmp_path / "cbw"
    shutil.copytree(HOUSE / "cbw", home)
    now = (home / "regime.toml").read_text("utf-8")
    later = now.replace("valid_from = 2026-08-15", "valid_from = 2027-01-01").replace("hours = 72", "hours = 96")
    (home / "regime-2027.toml").write_text(later, "utf-8")
    with pytest.raises(InvalidRegime, match="two texts"):
        load(tmp_path)
    ended = now.replace("valid_from = 2026-08-15", "valid_from = 2026-08-15\nvalid_to = 2026-12-31")
    (home / "regime.toml").write_text(ended, "utf-8")
    regimes = load(tmp_path)
    assert [regimes.nearest("cbw", date(year, 6, 1)).stage[1].term[0].hours for year in (2026, 2027)] == [72, 96]
    assert regimes["cbw"].valid_from == date(2027, 1, 1)


def test_a_folder_without_regimes_is_refused(tmp_path):
    with pytest.raises(InvalidRegime, match="no folder"):
        load(tmp_path)
