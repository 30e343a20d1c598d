"""English pages write one form of a date: the day first, the month in words, and 24 hours."""

from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from django.utils import translation

MOMENT = datetime(2026, 12, 1, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "named", "written"),
    [
        ("en", "DATE_FORMAT", "1 December 2026"),
        ("en", "DATETIME_FORMAT", "1 December 2026, 17:30"),
        ("en", "SHORT_DATE_FORMAT", "1 December 2026"),
        ("en", "SHORT_DATETIME_FORMAT", "1 December 2026, 17:30"),
        ("en", "TIME_FORMAT", "17:30"),
        ("nl", "DATETIME_FORMAT", "1 december 2026 17:30"),
    ],
)
def test_a_moment_is_written_as_people_here_read_it(language, named, written):
    with translation.override(language):
        assert Template(f"{{{{ moment|date:'{named}' }}}}").render(Context({"moment": MOMENT})) == written
        assert language == "nl" or Template("{{ moment }}").render(Context({"moment": MOMENT})).endswith(", 17:30")
