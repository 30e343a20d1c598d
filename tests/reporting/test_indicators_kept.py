"""What we do not recognise in pasted indicators is kept as text, and said to be so."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting import cleaning, reads, showing
from dijkwacht.rooms.reporting.indicators import unrecognised
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.questions import STAGES
from dijkwacht.rooms.reporting.rules import Stage

from .story import early_warning, file, member, organisation

PASTED = "203.0.113[.]77 banana\npowershell -enc AAAA\nC:\\temp\\x.exe, HKLM\\Run\n\n"
KEPT = ["203.0.113.77", "banana", "powershell -enc AAAA", "C:\\temp\\x.exe, HKLM\\Run"]


def cleaned(text):
    return cleaning.from_answers(STAGES[Stage.INTERMEDIATE], {"indicators": text}, datetime.now(UTC))


def test_every_line_that_was_pasted_is_in_the_facts():
    made = cleaned(PASTED)
    assert made.facts["indicators"] == KEPT
    assert "indicators" not in made.refused


def test_what_is_kept_is_kept_again_in_the_next_stage():
    assert cleaned("\n".join(KEPT)).facts["indicators"] == KEPT


def test_a_line_without_end_is_kept_in_parts():
    assert [len(part) for part in unrecognised("x" * 300 + "y" * 300 + "z" * 100)] == [300, 300, 100]


@pytest.mark.parametrize(("language", "words"), [("nl", "banana (niet herkend)"), ("en", "banana (not recognised)")])
def test_a_reader_is_told_what_was_not_recognised(language, words):
    with translation.override(language):
        text = showing.shown("indicators", KEPT)
    assert words in text
    assert "203.0.113.77 (" not in text


@pytest.mark.django_db
def test_the_report_holds_the_text_and_only_what_is_recognised_is_compared():
    whose = organisation()
    nora = member(whose.id)
    made = file(nora, whose.id, facts=early_warning(indicators=KEPT))
    with tenancy.acting(nora):
        row = Incident.objects.get(id=made.incident.id)
        assert [one.value for one in reads.indicators_of(row)] == ["203.0.113.77"]
    assert made.reports[0].content["facts"]["indicators"] == KEPT
