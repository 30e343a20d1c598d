"""Figures of a sector: made once a month, never of few, and what happens moves measures up without saying to whom."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from tests.registry.people import OFFICER, member
from tests.reporting.story import early_warning, file, organisation
from tests.reporting.story import member as reporter

from dijkwacht.kernel.actor import ANONYMOUS, system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.knowledge import library
from dijkwacht.rooms.knowledge.errors import NotAllowed
from dijkwacht.rooms.knowledge.figures import actions, counting, reads
from dijkwacht.rooms.knowledge.figures.models import Cell
from dijkwacht.rooms.knowledge.planning import actions as planning
from dijkwacht.rooms.knowledge.planning import reads as plans
from dijkwacht.rooms.knowledge.planning.models import Scan
from dijkwacht.rooms.notification.models import Finding
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.reporting.questions import TYPES

pytestmark = pytest.mark.django_db
KEEPER = system("tests")
CODES = [one.code for one in library.instruments()["quick"].statements]


def organisations(count, sector):
    with tenancy.acting(KEEPER):
        return Organisation.objects.bulk_create(
            Organisation(name=f"Organisation {sector} {number}", sectors=[sector]) for number in range(count)
        )


def answer(rows, said="yes"):
    with tenancy.acting(KEEPER):
        Scan.objects.bulk_create(
            Scan(organisation=row, instrument="quick", version=1, size="small", answers=dict.fromkeys(CODES, said))
            for row in rows
        )


def make(now=None):
    with tenancy.acting(KEEPER):
        return actions.make_month(actor=KEEPER, now=now)


def told(sector):
    with tenancy.acting(ANONYMOUS):
        return reads.benchmark("quick", [sector])


def test_a_sector_of_forty_is_told_about_and_one_of_nine_is_not():
    answer(organisations(40, "1.5"), "no")
    answer(organisations(9, "1.6"))
    make()
    health = told("1.5")
    assert health.group in {"1.5", "rest"} or health.group == "all"
    assert 20 <= health.about <= 60
    assert all(share <= 60 for share in health.shares.values())
    assert told("1.6").group == "all"


def test_a_month_stays_as_it_is_whoever_joins():
    answer(organisations(40, "1.5"), "no")
    make()
    before = told("1.5")
    answer(organisations(30, "1.5"))
    assert make() is None
    assert told("1.5") == before
    assert make(timezone.now() + timedelta(days=40)) is not None
    assert told("1.5") != before


def test_nothing_is_stored_of_few():
    answer(organisations(9, "1.5"))
    make()
    with tenancy.acting(KEEPER):
        assert not Cell.objects.exists()
    assert told("1.5") is None


def findings(rows, kind="scan-rdp", days=1):
    seen = timezone.now() - timedelta(days=days)
    with tenancy.acting(KEEPER):
        Finding.objects.bulk_create(
            Finding(
                id=uuid4(),
                organisation=row,
                asset_id=1,
                asset="192.0.2.0/24",
                how="prefix",
                feed="shadowserver",
                kind=kind,
                key=str(row.id),
                severity=2,
                count=1,
                first_seen=seen,
                last_seen=seen,
                state_changed_at=seen,
                created_at=seen,
            )
            for row in rows
        )


def test_findings_of_many_in_the_sector_raise_what_would_have_prevented_them(bakery):
    rows = organisations(60, "2.4")
    findings(rows)
    make()
    with tenancy.acting(KEEPER):
        assert counting.struck(KEEPER, timezone.now())["vulnerable/potentially-unwanted-accessible"] >= {rows[0].id}
    with tenancy.acting(member(bakery)) as actor:
        answers = {"q02": "no", "q01": "no", "q13": "no"}
        planning.take_scan(actor=actor, organisation=bakery, instrument="quick", size="large", answers=answers)
        plan = plans.plan_of(actor, bakery)
    levels = {row.measure.slug: row.line.level for row in plan.todo}
    assert levels["close-remote-access"] == 2
    assert levels["know-what-you-have"] == 0


def test_a_report_as_the_form_makes_it_raises_what_would_have_prevented_any_of_its_class():
    whose = organisation(sectors=("2.4",))
    kinds = [code for code, _ in TYPES]
    assert "intrusions" in kinds
    file(reporter(whose.id), whose.id, facts=early_warning(incident_type="intrusions"))
    with tenancy.acting(KEEPER):
        found = counting.by_measure(counting.struck(KEEPER, timezone.now()))
    named = {slug for kind, slugs in library.happens().items() if kind.startswith("intrusions/") for slug in slugs}
    assert {slug for slug, organisations in found.items() if whose.id in organisations} == named
    assert "use-mfa" in named


def test_a_report_of_one_type_raises_what_would_have_prevented_that_type_only():
    one = uuid4()
    found = counting.by_measure({"intrusions/burglary": {one}})
    assert {slug for slug, organisations in found.items() if one in organisations} == {"protect-the-building"}


@pytest.mark.parametrize(("count", "sector", "days"), [(9, "2.4", 1), (60, "1.5", 1), (60, "2.4", 100)])
def test_few_others_and_long_ago_raise_nothing(bakery, count, sector, days):
    findings(organisations(count, sector), days=days)
    make()
    with tenancy.acting(member(bakery)):
        assert reads.levels(["2.4"]) == {}


def test_a_subsector_counts_in_its_sector():
    assert [reads.first_sector(one) for one in (["1.1a", "1.5"], ["2.4"], [])] == ["1.1", "2.4", "none"]


def test_a_person_cannot_make_figures():
    with tenancy.acting(OFFICER), pytest.raises(NotAllowed):
        actions.make_month(actor=OFFICER)
