"""No raw name of a fact on a page: every fact and code that a person meets has words, in both languages."""

from dataclasses import fields

import pytest
from django.utils import translation

from dijkwacht.kernel.rsit import taxonomy
from dijkwacht.law.facts import Facts, RelayFacts
from dijkwacht.law.incidents.record import FACTS
from dijkwacht.rooms.notification.law_words import FACTS as DISCLOSURE
from dijkwacht.rooms.notification.templatetags.notification_tags import law_value
from dijkwacht.rooms.reporting import labels, questions, showing

EVERY = sorted({*FACTS, "own", "earlier"})


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", EVERY)
def test_every_fact_of_an_incident_has_a_label(name, language):
    with translation.override(language):
        label = showing.label(name)
    assert label
    assert label not in {name, name.replace("_", " ")}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_type_of_the_taxonomy_has_words(language):
    with translation.override(language):
        for of_class, types in taxonomy().items():
            for code in [of_class, *(f"{of_class}/{one}" for one in types)]:
                assert "/" not in showing.shown("incident_type", code), code
                assert code in labels.TYPES or code in dict(questions.TYPES), code


def test_codes_of_the_law_are_shown_with_their_names():
    with translation.override("en"):
        assert showing.shown("entity_class", "essential") == "essential"
        assert showing.shown("sectors", ["1.5"]) == "Health (1.5)"
        assert "(1.9-msp)" in showing.shown("entity_types", ["1.9-msp"])
        assert showing.shown("entity_types", ["1.9-msp"]) != "1.9-msp (1.9-msp)"
        assert showing.shown("early_warning", "2026-11-27T03:15:00+01:00").startswith("27 November 2026")
        assert showing.shown("own", {"pumps": True}) == "pumps: yes"


def test_every_fact_of_a_disclosure_has_a_label():
    known = {field.name for field in fields(Facts)} | {field.name for field in fields(RelayFacts)}
    assert known <= DISCLOSURE.keys()
    with translation.override("en"):
        assert law_value({"status": "active", "copy": False}) == "state in the network: takes part; it gets a copy: no"
