"""Courses of action: every text is there in both languages, and no text can harm its reader."""

import os
import re
from pathlib import Path

import pytest

from dijkwacht.feeds import catalogue
from dijkwacht.kernel import rsit
from dijkwacht.rooms.notification.courses import HEADINGS, MAX_BYTES, SHIPPED, course, faults, kinds

DUTCH = sorted(SHIPPED.rglob("*.nl.md"))
WHOLE = "# T\n\n## What is going on\n\nx\n\n## What to do now\n\n1. a\n\n## How to check it is solved\n\ny\n"
HOSTILE = [
    ("<script>alert(1)</script>", "<script"),
    ('<img src="x" onerror="alert(1)">', "<img"),
    ("[click](javascript:alert(1))", "href"),
    ("[click](http://example.org/)", "href"),
    ("[click](data:text/html,hello)", "href"),
    ("![seen](https://example.org/pixel.png)", "<img"),
    ('[a](https://example.org/"onmouseover="x)', '"onmouseover'),
]
BROKEN = [
    ("no title\n", "first line"),
    ("# Only a title\n", "first line"),
    (WHOLE.replace("## What to do now", "## Do this"), "headings"),
    (WHOLE.replace("1. a", "a"), "numbered steps"),
    (WHOLE + "a\n" * 60, "more than 59 lines"),
    (WHOLE + "<b>bold</b>\n", "HTML"),
    (WHOLE + "See http://example.org\n", "not https: http"),
    (WHOLE + "x" * MAX_BYTES, "larger than"),
]


def steps(path: Path) -> int:
    return len(re.findall(r"^\d+\. ", path.read_text(encoding="utf-8"), flags=re.MULTILINE))


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_texts_have_no_faults():
    assert faults(SHIPPED) == []


def test_at_least_thirty_kinds_are_written_out():
    assert len(kinds()) >= 30


@pytest.mark.parametrize("dutch", DUTCH, ids=lambda path: path.stem)
def test_a_text_exists_in_both_languages_with_the_same_steps(dutch):
    english = dutch.with_name(dutch.name.replace(".nl.md", ".en.md"))
    assert steps(dutch) == steps(english) >= 2
    assert dutch.read_text(encoding="utf-8") != english.read_text(encoding="utf-8")


def test_no_english_text_stands_alone():
    assert len(DUTCH) == len(sorted(SHIPPED.rglob("*.en.md"))) == len(sorted(SHIPPED.rglob("*.md"))) / 2


def test_the_ransomware_text_says_not_to_pay():
    for path in SHIPPED.rglob("ransomware-victim.*.md"):
        assert re.search(r"Betaal niet|Do not pay", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_rsit_type_has_its_own_text(language):
    for rsit_class, types in rsit.taxonomy().items():
        for rsit_type in types:
            found = course("no-such-kind", rsit_class, rsit_type, language)
            assert found.source_path.name == f"{rsit_class}.{rsit_type}.{language}.md"


def test_every_written_kind_is_a_kind_that_a_feed_knows():
    known = {report.kind.slug for feed in catalogue().values() for report in feed.reports.values()}
    if "ransomware-victim" not in known:
        pytest.skip("the feed's table of kinds is not complete yet")
    assert kinds() <= known


@pytest.mark.parametrize(
    ("kind", "rsit_class", "rsit_type", "language", "expected"),
    [
        ("scan-rdp", "vulnerable", "vulnerable-system", "nl", "scan-rdp.nl.md"),
        ("scan-chargen", "vulnerable", "vulnerable-system", "nl", "vulnerable.vulnerable-system.nl.md"),
        ("scan-chargen", "vulnerable", "no-such-type", "nl", "default.nl.md"),
        ("scan-rdp", "vulnerable", "vulnerable-system", "de", "scan-rdp.en.md"),
        ("scan-rdp", "vulnerable", "vulnerable-system", "../nl", "scan-rdp.en.md"),
        ("../rsit/test.test", "other", "other", "nl", "other.other.nl.md"),
        ("scan-rdp\x00", "..", "..", "nl", "default.nl.md"),
        ("a" * 5000, "b" * 5000, "c", "en", "default.en.md"),
        ("", "", "", "", "default.en.md"),
    ],
)
def test_an_unknown_name_falls_back_to_the_next_best_text(kind, rsit_class, rsit_type, language, expected):
    assert course(kind, rsit_class, rsit_type, language).source_path.name == expected


def test_a_course_is_ready_for_page_and_mail():
    found = course("scan-smb", "vulnerable", "vulnerable-system", "en")
    assert found.title == "File sharing (SMB) is open to the internet"
    assert [f"<h3>{heading}</h3>" in found.html for heading in HEADINGS["en"]] == [True] * 3
    assert found.text.startswith("WHAT IS GOING ON\n\nFile sharing of Windows")
    assert "\n1. No IT staff" in found.text
    assert "Set-SmbServerConfiguration -EnableSMB1Protocol $false" in found.text
    assert not re.search(r"[`#\u00a0]", found.text)


def test_a_command_is_never_broken_over_two_lines_of_mail():
    for path in SHIPPED.rglob("*.md"):
        kind, language = path.name.split(".")[0], path.name.split(".")[-2]
        found = course(kind, "other", "other", language)
        for command in re.findall(r"`([^`]+)`", found.markdown):
            assert command in found.text


def test_a_file_of_the_installation_replaces_ours_and_only_that_one(tmp_path):
    own = written(tmp_path, "kinds/scan-rdp.en.md", WHOLE.replace("# T", "# Our own words"))
    written(tmp_path, "default.en.md", WHOLE)
    found = course("scan-rdp", "vulnerable", "vulnerable-system", "en", overlay=tmp_path)
    assert (found.title, found.source_path) == ("Our own words", own)
    other = course("scan-smb", "vulnerable", "vulnerable-system", "en", overlay=tmp_path)
    assert other.source_path == SHIPPED / "kinds/scan-smb.en.md"


def test_an_installation_can_add_a_language(tmp_path):
    written(tmp_path, "default.de.md", "# Hallo\n\nText\n")
    assert course("scan-rdp", "vulnerable", "vulnerable-system", "de", overlay=tmp_path).title == "Hallo"


def test_an_edited_file_counts_at_once(tmp_path):
    own = written(tmp_path, "default.en.md", WHOLE)
    assert course("", "", "", "en", overlay=tmp_path).title == "T"
    written(tmp_path, "default.en.md", WHOLE.replace("# T", "# Better"))
    os.utime(own, ns=(1, 1))
    assert course("", "", "", "en", overlay=tmp_path).title == "Better"


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"no title", b"# T\n\n" + b"x" * MAX_BYTES])
def test_an_unusable_file_of_the_installation_does_not_hold_up_a_warning(tmp_path, content):
    (tmp_path / "default.en.md").write_bytes(content)
    assert course("", "", "", "en", overlay=tmp_path).source_path == SHIPPED / "default.en.md"
    assert len(faults(tmp_path)) == 1


@pytest.mark.parametrize(("hostile", "forbidden"), HOSTILE)
def test_a_hostile_text_runs_nothing_and_calls_nobody(tmp_path, hostile, forbidden):
    written(tmp_path, "default.en.md", f"{WHOLE}\n{hostile}\n")
    assert forbidden not in course("", "", "", "en", overlay=tmp_path).html


@pytest.mark.parametrize(("text", "fault"), BROKEN)
def test_a_fault_names_the_file_and_what_is_wrong(tmp_path, text, fault):
    written(tmp_path, "kinds/scan-rdp.en.md", text)
    found = faults(tmp_path)
    assert found
    assert any(line.startswith("kinds/scan-rdp.en.md: ") and fault in line for line in found)


def test_a_list_in_a_step_and_a_link_stay_readable_in_mail(tmp_path):
    body = "# T\n\n1. one\n   - *inner* [site](https://example.org/)\n2. two\n\n```\na  b\n```\n"
    written(tmp_path, "default.en.md", body)
    text = course("", "", "", "en", overlay=tmp_path).text
    assert text == "1. one\n\n   - inner site (https://example.org/)\n\n2. two\n\n    a  b\n"
