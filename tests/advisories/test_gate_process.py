"""The second validator's process: warm, bounded, replaced when it dies, refused when it hangs or is not there."""

import os
import signal
import time

import pytest
from tests.advisories.test_csaf_documents import release
from tests.advisories.written import MODULES

from dijkwacht.rooms.advisories.publishing import csaf
from dijkwacht.rooms.advisories.validating.node_validator import NodeValidator
from dijkwacht.rooms.advisories.validating.verdict import NotThere

DOCUMENT = csaf.document(release(), "2.0", "https://dijkwacht.example/x")


@pytest.fixture
def validator():
    made = NodeValidator(MODULES)
    yield made
    made.close()


def test_a_warm_process_answers_in_a_fraction_of_what_its_start_takes(validator):
    assert validator.judge(DOCUMENT, "2.0", remarks=False).accepts
    began = time.monotonic()
    for _ in range(20):
        validator.judge(DOCUMENT, "2.0", remarks=False)
    assert (time.monotonic() - began) / 20 < 0.5


def test_a_process_that_died_is_replaced(validator):
    validator.judge(DOCUMENT, "2.0", remarks=False)
    before = validator._process.process.pid
    os.kill(before, signal.SIGKILL)
    assert validator.judge(DOCUMENT, "2.0", remarks=False).accepts
    assert validator._process.process.pid != before


def test_one_that_does_not_answer_in_time_is_ended_and_nothing_is_accepted(validator):
    validator.judge(DOCUMENT, "2.0", remarks=False)
    process = validator._process.process
    os.kill(process.pid, signal.SIGSTOP)
    validator.seconds = 0.3
    with pytest.raises(NotThere, match="did not answer"):
        validator.judge(DOCUMENT, "2.0", remarks=False)
    assert process.poll() is not None


def test_a_document_of_megabytes_passes_both_pipes(validator):
    note = {"category": "other", "title": "Long", "text": "x" * (3 << 20)}
    long = DOCUMENT | {"document": DOCUMENT["document"] | {"notes": [note] * 2}}
    assert validator.judge(long, "2.0", remarks=False).accepts


def test_one_that_is_not_installed_says_what_to_do(tmp_path):
    with pytest.raises(NotThere, match="dijkwacht assets"):
        NodeValidator(tmp_path).judge(DOCUMENT, "2.0")
