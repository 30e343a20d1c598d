"""The documentation says what the code has: every setting and every command."""

import re
from pathlib import Path

import pytest

from dijkwacht.__main__ import COMMANDS

ROOT = Path(__file__).parents[2]
SETTING = re.compile(r"[\"']((?:DIJKWACHT|DATABASE)_[A-Z_]+)[\"']")
USED = sorted({name for file in (ROOT / "src").rglob("*.py") for name in SETTING.findall(file.read_text())})
DOCUMENTED = (ROOT / "docs/reference/settings.md").read_text()


@pytest.mark.parametrize("name", USED)
def test_a_setting_is_documented(name):
    assert f"`{name}`" in DOCUMENTED


def test_no_setting_is_documented_that_does_not_exist():
    assert set(re.findall(r"^\| `([A-Z_]+)`", DOCUMENTED, re.MULTILINE)) == set(USED)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_is_documented(name):
    assert re.search(rf"`{name}\b", (ROOT / "docs/reference/commands.md").read_text())


def test_every_page_of_the_documentation_is_in_its_table_of_contents():
    index = (ROOT / "docs/index.md").read_text()
    pages = {str(page.relative_to(ROOT / "docs").with_suffix("")) for page in (ROOT / "docs").rglob("*.md")}
    assert pages - {"index"} == {line for line in index.splitlines() if line in pages}


NAMED = sorted(
    {
        (page, str(file.relative_to(ROOT)))
        for folder in ("src", "tests", "bench")
        for file in (ROOT / folder).rglob("*.py")
        for page in re.findall(r"\bdocs/[a-z/-]+\.md", file.read_text())
    }
)


@pytest.mark.parametrize(("page", "file"), NAMED)
def test_a_page_that_the_code_refers_to_exists(page, file):
    assert (ROOT / page).exists(), f"{file} refers to {page}"
