"""Incidents of one cause within six months are added up, on filing and when an officer judges."""

import pytest

from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting import actions
from dijkwacht.rooms.reporting.judging.models import Judgement
from dijkwacht.rooms.reporting.rules import Stage
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import OFFICER, ago, early_warning, file, member, organisation

pytestmark = pytest.mark.django_db
CLOUD = {"classification": "important", "entity_types": ["1.8-cloud"], "sectors": ("1.8",)}


def facts(days, loss, cause="expired certificate", **more):
    return early_warning(
        occurrence=ago(days=days), awareness=ago(days=days), detection=ago(days=days), loss_eur=loss,
        root_cause_key=cause, **more,
    )  # fmt: skip


def last_verdict(incident):
    with tenancy.acting(CLERK):
        return Judgement.objects.filter(incident=incident).first()


@pytest.fixture
def whose():
    return organisation("Wolkenhuis", **CLOUD)


def test_two_of_one_cause_are_significant_together(whose):
    nora = member(whose.id)
    first = file(nora, whose.id, Stage.EARLY_WARNING, facts(40, 300_000.0)).incident
    assert last_verdict(first).significant is not True
    second = file(nora, whose.id, Stage.EARLY_WARNING, facts(1, 300_000.0, "Expired  Certificate")).incident
    found = last_verdict(second)
    assert found.significant is True
    (rule,) = found.verdict["fired"]
    assert rule["with_earlier"] == [first.number]
    with tenancy.acting(OFFICER):
        judged = actions.judge_incident(actor=OFFICER, incident=second.id, significant=True, reason="Together")
    assert judged.verdict["fired"][0]["with_earlier"] == [first.number]


@pytest.mark.parametrize(
    ("days", "cause", "loss"),
    [(200, "expired certificate", 300_000.0), (40, "flooding", 300_000.0), (40, "expired certificate", 100.0)],
    ids=["longer-ago", "another-cause", "too-little"],
)
def test_what_does_not_belong_to_it_is_not_added(whose, days, cause, loss):
    nora = member(whose.id)
    file(nora, whose.id, Stage.EARLY_WARNING, facts(days, loss, cause))
    second = file(nora, whose.id, Stage.EARLY_WARNING, facts(1, 300_000.0)).incident
    assert last_verdict(second).verdict["fired"] == []


def test_the_incidents_of_another_organisation_never_count(whose):
    other = organisation("Wolkenland", **CLOUD)
    file(member(other.id), other.id, Stage.EARLY_WARNING, facts(40, 300_000.0))
    mine = file(member(whose.id), whose.id, Stage.EARLY_WARNING, facts(1, 300_000.0)).incident
    assert last_verdict(mine).verdict["fired"] == []


def test_one_that_is_significant_by_itself_is_not_added(whose):
    nora = member(whose.id)
    file(nora, whose.id, Stage.EARLY_WARNING, facts(40, 600_000.0))
    second = file(nora, whose.id, Stage.EARLY_WARNING, facts(1, 1000.0)).incident
    assert last_verdict(second).verdict["fired"] == []


def test_a_kind_of_entity_whose_criteria_were_not_read_files_and_the_verdict_is_kept_once():
    water = organisation("Drinkwater", entity_types=["1.6-supplier"])
    nora = member(water.id)
    made = file(nora, water.id).incident
    assert last_verdict(made).verdict["provisional"]
    file(nora, water.id, facts=early_warning(), incident=made.id)
    with tenancy.acting(CLERK):
        assert Judgement.objects.filter(incident=made).count() == 1
