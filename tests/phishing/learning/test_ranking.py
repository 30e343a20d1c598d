"""An installation without a model ranks nothing; what people confirmed is what the next model learns from first."""

import numpy as np
import pytest
from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.phishing.campaigns.models import Campaign
from dijkwacht.rooms.phishing.learning import model, reads
from dijkwacht.rooms.phishing.learning.features import DIMENSIONS


def test_without_a_model_there_is_no_score_and_a_broken_one_ranks_nothing(settings, tmp_path):
    settings.HOME = tmp_path
    assert reads.score("https://dief.example/") is None
    place = tmp_path / "models" / "phishing-urls.npz"
    place.parent.mkdir()
    place.write_bytes(b"nonsense")
    assert reads.score("https://dief.example/") is None
    model.save(model.Model(np.zeros(DIMENSIONS, dtype=np.float32), 0.0, {}), place)
    assert reads.score("https://dief.example/") == 0.5


def analysis(url, where="link", why="dedicated"):
    link = {"link": {"clean": url, "where": where}, "scope": {"why": why}, "verdict": "phishing", "evidence": []}
    return {"links": [link]}


@pytest.mark.django_db
def test_only_what_a_person_confirmed_is_learned_from():
    with tenancy.acting(system("phishing:test")):
        for number, (verdict, by) in enumerate(
            [("phishing", "person-1"), ("legitimate", "person-1"), ("phishing", "system:x"), ("suspicious", "person-1")]
        ):
            Campaign.objects.create(
                key=str(number),
                verdict=verdict,
                judged_by=by,
                judged_at=timezone.now(),
                analysis=analysis(f"https://h{number}.example/"),
            )
        found = [*reads.confirmed_by_people()]
    assert [(url, label) for url, _, label in found] == [
        ("https://h0.example/", "phishing"),
        ("https://h1.example/", "legitimate"),
    ]
