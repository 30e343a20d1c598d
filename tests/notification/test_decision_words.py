"""A decision of the law as an officer reads it: facts and policies in words, in the language of the page."""

import pytest
from django.test import Client
from tests.accounts.people import TESTER, person

from dijkwacht.platform import tenancy
from dijkwacht.rooms.notification.models import Decision

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision():
    texts = {"sentence_nl": "Een zin", "sentence_en": "A sentence"}
    policy = {"policy": "cbw-x", "law": "Cbw 16", "sentence_nl": "het CSIRT waarschuwt", "sentence_en": "it warns"}
    record = {"rulings": [{"route": "direct", "allowed": True, "determining": [policy]}]}
    facts = {"receiver_class": "essential", "personal_data": False, "relay": {"status": "active"}}
    with tenancy.acting(TESTER):
        return Decision.objects.create(
            digest="0" * 64, policy_set="x", facts=facts, record=record, route="direct", **texts
        )


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", ["Klasse van de ontvanger volgens de wet", "essentiële entiteit", "doet mee", "het CSIRT waarschuwt"]),
        ("en", ["Class of the receiver under the law", "essential entity", "takes part", "it warns"]),
    ],
)
def test_a_decision_is_shown_in_words(decision, language, words):
    client = Client(headers={"Accept-Language": language})
    client.force_login(
        person("officer@centre.example", centre=["officer"], language=language),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    client.cookies["django_language"] = language
    page = client.get(f"/decisions/{decision.id}").content.decode()
    for said in words:
        assert said in page
    assert "receiver_class" not in page
