"""The measures of this repository are in order, and a file that is not is refused with its line."""

from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from dijkwacht.rooms.knowledge import checking, frameworks, library, markdown, texts
from dijkwacht.rooms.knowledge.cli import knowledge

TODAY = date(2026, 11, 26)
GOOD = (library.MEASURES / "use-mfa.md").read_text(encoding="utf-8")


def measures():
    return [library.measure(slug, text) for slug, text in library.texts(library.MEASURES).items()]


def test_every_file_of_the_room_is_in_order():
    assert [str(one) for one in checking.check(TODAY) if not one.warning] == []


def test_there_are_forty_measures_under_five_principles():
    found = measures()
    assert len(found) == 40
    assert {one.principle for one in found} == {1, 2, 3, 4, 5}


def test_every_point_of_article_21_has_a_measure_and_a_statement():
    letters = set("abcdefghij")
    assert {point for one in measures() for point in one.maps["nis2"]} == letters
    assert {one.group for one in library.instruments()["care"].statements} == letters


def test_the_quick_scan_has_25_statements():
    assert len(library.instruments()["quick"].statements) == 25


def test_what_is_derived_is_written_as_the_other_framework_writes_it():
    found = {one.framework.code: one.points for one in frameworks.mapped(library.measure("use-mfa", GOOD))}
    assert (found["iso27002"], found["bio2"]) == (("5.17", "8.5"), ("5.17", "8.05"))
    assert found["cbw"] == found["nis2"] == ("i", "j")
    assert "cbw-framework" not in found  # its numbers could not be verified, so none is named


BROKEN = [
    ("no front matter", "hello", 1, "+++"),
    ("not TOML", GOOD.replace("principle = 4", "principle = "), 2, "front matter"),
    ("no English", GOOD.replace("+++ en", ""), None, "English"),
    ("an unknown key", GOOD.replace("order = 1", "order = 1\ncolour = 3"), 4, "colour"),
    ("no principle", GOOD.replace("principle = 4", "principle = 6"), 2, "principle"),
    ("steps for a size twice", GOOD.replace("## medium large", "## medium micro", 1), None, "micro"),
    ("a size without steps", GOOD.replace("## medium large", "## medium", 1), None, "large"),
    ("evidence without source", GOOD.replace(', source = "https://arxiv.org/abs/2305.00945"', ""), 1, "source"),
    ("a moment for a day", GOOD.replace("reviewed = 2026-11-26", 'reviewed = "soon"'), None, "reviewed"),
]


@pytest.mark.parametrize(("text", "line", "said"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_a_file_that_is_not_a_measure_is_refused_with_its_line(text, line, said):
    with pytest.raises(texts.Unusable) as caught:
        texts.parse("x", text)
    assert said in caught.value.fault
    assert caught.value.line == line or line is None


WRONG = [
    ("a point that does not exist", GOOD.replace('iso27002 = ["5.17"', 'iso27002 = ["5.99"'), "no point 5.99"),
    ("a framework that does not exist", GOOD.replace(", ce = [", ", xyz = ["), "no framework xyz"),
    ("a review that is past", GOOD.replace("review_by = 2027-11-26", "review_by = 2026-11-27"), None),
    ("HTML", GOOD + "\n<script>alert(1)</script>\n", "HTML"),
    ("an image", GOOD + "\n![x](https://a.example/x.png)\n", "image"),
    ("a link to nowhere", GOOD + "\n[x](javascript:alert(1))\n", "link must begin"),
    ("a measure that does not exist", GOOD + "\n[x](measure:nothing)\n", "not there"),
    ("je", GOOD.replace("Wachtwoorden lekken", "Je wachtwoorden lekken"), "say u"),
]


@pytest.mark.parametrize(("text", "said"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_what_is_wrong_in_a_measure_is_said_with_its_line(text, said):
    late = date(2027, 1, 1)
    found = list(checking.of_measure(texts.parse("use-mfa", text), text, late, {"use-mfa"}))
    assert any((said or "is past") in one.text and one.line > 1 for one in found)


def test_the_command_fails_on_a_fault_in_the_overlay_and_names_it(tmp_path: Path):
    (tmp_path / "measures").mkdir()
    (tmp_path / "measures" / "use-mfa.md").write_text(GOOD.replace("effect = 3", "effect = 9"), encoding="utf-8")
    answer = CliRunner().invoke(knowledge, ["check", "--overlay", str(tmp_path)])
    assert answer.exit_code == 1
    assert "use-mfa.md:" in answer.output
    assert "effect: must be a number from 1 to 3" in answer.output


def test_the_command_is_content_with_what_is_shipped():
    answer = CliRunner().invoke(knowledge, ["check"])
    assert (answer.exit_code, "40 measures: 0 faults" in answer.output) == (0, True)


SCRIPTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://evil.example/pixel.png)",
    "[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    '<a href="https://x.example" onclick="alert(1)">x</a>',
    "<svg/onload=alert(1)>",
    "[x](https://ok.example 'a\" onmouseover=alert(1) b')",
]


class Tags(HTMLParser):
    """Every tag of a page, with its attributes."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("text", SCRIPTS, ids=[str(at) for at in range(len(SCRIPTS))])
def test_no_script_and_no_image_comes_through(text):
    tags = Tags()
    tags.feed(markdown.html(text, "nl"))
    assert {tag for tag, _ in tags.found} <= {"p", "a"}
    assert all(attrs.keys() <= {"href", "rel", "title"} for _, attrs in tags.found)
    assert all(attrs["href"].startswith("https://") for tag, attrs in tags.found if tag == "a")
