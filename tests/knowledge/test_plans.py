"""From a self-scan to a plan: what helps most for its effort first, with its history, its organisation's own."""

import json
from datetime import date, timedelta
from pathlib import Path

import jsonschema_rs
import pytest
from django.db import connection
from django.utils import timezone
from tests.registry.people import ANALYST, OFFICER, administrator, member, reporter, token

from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.knowledge import library, published, rules
from dijkwacht.rooms.knowledge.errors import AnswersNotUsable, ChangedMeanwhile, ItemNotUsable, NotFound
from dijkwacht.rooms.knowledge.planning import actions, exports, leaving, reads
from dijkwacht.rooms.knowledge.planning.actions import Decided
from dijkwacht.rooms.knowledge.planning.models import Change, Item, Scan

pytestmark = pytest.mark.django_db
QUICK = library.instruments()["quick"]
SCHEMA = Path(__file__).with_name("oscal") / "oscal_poam_schema.json"
CODE = {one.measures[0]: one.code for one in QUICK.statements}


def answers(**said):
    return {one.code: said.get(one.measures[0].replace("-", "_"), "yes") for one in QUICK.statements}


def scan(actor, organisation, size="micro", **said):
    given = answers(**said)
    return actions.take_scan(actor=actor, organisation=organisation, instrument="quick", size=size, answers=given)


def order(actor, organisation):
    return [row.measure.slug for row in reads.plan_of(actor, organisation).todo]


def test_what_helps_most_for_its_effort_comes_first(bakery):
    with tenancy.acting(member(bakery)) as actor:
        scan(actor, bakery, use_mfa="no", train_everyone="no", replace_what_is_unsupported="no", make_backups="partly")
        assert order(actor, bakery) == ["use-mfa", "make-backups", "train-everyone", "replace-what-is-unsupported"]


def test_the_score_is_effect_gap_and_happening_divided_by_effort():
    assert rules.score(3, 1.0, 0, 1) == 3
    assert rules.score(3, 0.5, 2, 3) == 1
    lines = rules.plan(published_measures(), {"use-mfa": 1.0, "train-everyone": 1.0}, "micro", {"train-everyone": 2})
    assert [(line.measure.slug, line.score) for line in lines] == [("use-mfa", 3.0), ("train-everyone", 2.0)]


def published_measures():
    return [library.measure(slug, text) for slug, text in library.texts(library.MEASURES).items()]


def test_what_happens_in_the_sector_moves_a_measure_up():
    lacking = {"know-what-you-have": 1.0, "protect-mail": 1.0}
    calm = [line.measure.slug for line in rules.plan(published_measures(), lacking, "micro", {})]
    struck = [line.measure.slug for line in rules.plan(published_measures(), lacking, "micro", {"protect-mail": 1})]
    assert (calm[0], struck[0]) == ("know-what-you-have", "protect-mail")


def test_the_last_scan_counts_and_the_first_shows_the_progress(bakery):
    with tenancy.acting(member(bakery)) as actor:
        first = scan(actor, bakery, use_mfa="no")
        Scan.objects.filter(id=first.id).update(taken_at=timezone.now() - timedelta(days=90))
        scan(actor, bakery)
        assert order(actor, bakery) == []
        assert [rules.progress(row.answers) for row in reads.scans_of(actor, bakery)] == [100, 96]


def test_a_line_keeps_who_when_and_its_history(bakery):
    with tenancy.acting(member(bakery)) as actor:
        scan(actor, bakery, use_mfa="no")
        due = timezone.localdate() + timedelta(days=30)
        decided = Decided("doing", "Kees", due, "eerst de mail")
        made = actions.decide(actor=actor, organisation=bakery, measure="use-mfa", version=0, what=decided)
        actions.decide(actor=actor, organisation=bakery, measure="use-mfa", version=1, what=Decided("done", "Kees"))
        assert [(one.version, one.status) for one in reads.history_of(actor, bakery)] == [(2, "done"), (1, "doing")]
        assert [row.measure.slug for row in reads.plan_of(actor, bakery).finished] == ["use-mfa"]
    assert Event.objects.filter(action="knowledge:plan:decide", object_id=str(made.id)).count() == 2


def test_two_who_change_the_same_line_do_not_overwrite_each_other(bakery):
    with tenancy.acting(member(bakery)) as actor:
        actions.decide(actor=actor, organisation=bakery, measure="use-mfa", version=0, what=Decided("doing"))
        with pytest.raises(ChangedMeanwhile):
            actions.decide(actor=actor, organisation=bakery, measure="use-mfa", version=0, what=Decided("dropped"))
        assert Item.objects.get().status == "doing"


@pytest.mark.parametrize(
    ("size", "given"),
    [("huge", {"q01": "yes"}), ("micro", {}), ("micro", {"q99": "yes"}), ("micro", {"q01": "perhaps"})],
)
def test_answers_that_are_none_are_refused(bakery, size, given):
    with tenancy.acting(member(bakery)) as actor, pytest.raises(AnswersNotUsable):
        actions.take_scan(actor=actor, organisation=bakery, instrument="quick", size=size, answers=given)


@pytest.mark.parametrize("what", [Decided("maybe"), Decided("open", due=date(1900, 1, 1)), Decided("open", "x" * 101)])
def test_a_line_that_makes_no_sense_is_refused(bakery, what):
    with tenancy.acting(member(bakery)) as actor, pytest.raises(ItemNotUsable):
        actions.decide(actor=actor, organisation=bakery, measure="use-mfa", version=0, what=what)


def strangers(bakery, mill):
    return [member(mill), OFFICER, ANALYST, token(bakery), token(mill, "plans:read", "plans:write")]


def test_a_plan_is_its_organisations_own(bakery, mill):
    for actor in strangers(bakery, mill):
        with tenancy.acting(actor), pytest.raises(NotFound):
            reads.plan_of(actor, bakery)
        with tenancy.acting(actor), pytest.raises(NotFound):
            scan(actor, bakery)
    for actor in (administrator(bakery), reporter(bakery), token(bakery, "plans:read", "plans:write")):
        with tenancy.acting(actor):
            scan(actor, bakery)


def test_the_database_shows_no_row_of_another(bakery, mill):
    with tenancy.acting(member(bakery)) as actor:
        scan(actor, bakery, use_mfa="no")
        actions.decide(actor=actor, organisation=bakery, measure="use-mfa", version=0, what=Decided("open"))
    with tenancy.acting(member(mill)):
        assert (Scan.objects.count(), Item.objects.count(), Change.objects.count()) == (0, 0, 0)


def test_who_leaves_the_register_takes_scans_and_plan_along(bakery):
    with tenancy.acting(member(bakery)) as actor:
        scan(actor, bakery)
        actions.decide(actor=actor, organisation=bakery, measure="use-mfa", version=0, what=Decided("open"))
    leaving.on_organisation_left(organisation=bakery)
    with tenancy.acting(OFFICER):
        assert (Scan.objects.count(), Item.objects.count(), Change.objects.count()) == (0, 0, 0)


def test_a_plan_goes_along_as_json_pdf_and_oscal(bakery):
    with tenancy.acting(member(bakery)) as actor:
        scan(actor, bakery, use_mfa="no", make_backups="partly")
        what = Decided("doing", "Kees #import(", timezone.localdate(), "*[geen opmaak]($x$) ")
        actions.decide(actor=actor, organisation=bakery, measure="use-mfa", version=0, what=what)
        plan = reads.plan_of(actor, bakery)
    told = exports.as_json(plan)
    assert {line["measure"]: line["status"] for line in told["lines"]} == {"use-mfa": "doing", "make-backups": "open"}
    assert json.dumps(told)
    for language in ("nl", "en"):
        made = exports.pdf(plan, language)
        assert made.startswith(b"%PDF-")
        assert b"pdfuaid" in made
    oscal = exports.without_nothing(exports.oscal(plan))["plan-of-action-and-milestones"]
    assert oscal.keys() >= {"uuid", "metadata", "poam-items"}
    assert [one["title"] for one in oscal["poam-items"]] == [row.measure.en.title for row in plan.todo]
    risks = {one["uuid"] for one in oscal["risks"]}
    assert {one["related-risks"][0]["risk-uuid"] for one in oscal["poam-items"]} == risks
    assert "null" not in json.dumps(oscal)


@pytest.mark.parametrize(
    "note", ["", " two lines,\nand spaces ", "*[geen opmaak]($x$)"], ids=["none", "lines", "marks"]
)
def test_an_oscal_plan_is_valid_by_the_schema_of_nist(bakery, note):
    with tenancy.acting(member(bakery)) as actor:
        scan(actor, bakery, use_mfa="no", make_backups="partly", update_quickly="no")
        what = Decided("doing", " Kees ", timezone.localdate(), note)
        actions.decide(actor=actor, organisation=bakery, measure="use-mfa", version=0, what=what)
        plan = reads.plan_of(actor, bakery)
    plan.organisation.name = " Bakkerij\nde Wind "  # as a register may have it
    document = exports.without_nothing(exports.oscal(plan))
    assert said_by_nist(document) == []
    assert document["plan-of-action-and-milestones"]["metadata"]["oscal-version"] == "1.2.3"
    document["plan-of-action-and-milestones"]["poam-items"][0]["uuid"] = "none"
    assert said_by_nist(document)


def said_by_nist(document):
    """What is wrong with a document by the JSON Schema that NIST releases (tests/knowledge/oscal/README.md)."""
    schema = json.loads(SCHEMA.read_bytes())
    for one in schema["definitions"].values():
        one.pop("$id", None)  # draft 7 takes a fragment as a name, which is what the place says already
    checker = jsonschema_rs.validator_for(schema, validate_formats=True)
    return [error.message for error in checker.iter_errors(document)]


def test_an_oscal_plan_of_somebody_who_is_done_says_so(bakery):
    with tenancy.acting(member(bakery)) as actor:
        scan(actor, bakery)
        oscal = exports.without_nothing(exports.oscal(reads.plan_of(actor, bakery)))
    assert said_by_nist(oscal) == []
    assert [one["title"] for one in oscal["plan-of-action-and-milestones"]["poam-items"]] == ["Nothing to do"]


def test_the_plan_costs_the_same_questions_however_long_it_is(bakery, django_assert_max_num_queries):
    with tenancy.acting(member(bakery)) as actor:
        scan(actor, bakery, **{slug.replace("-", "_"): "no" for slug in CODE})
        for slug in list(CODE)[:10]:
            actions.decide(actor=actor, organisation=bakery, measure=slug, version=0, what=Decided("open"))
        with django_assert_max_num_queries(16):
            reads.plan_of(actor, bakery)
    assert connection.vendor == "postgresql"


def test_the_published_order_of_principles_breaks_ties():
    lines = rules.plan(published_measures(), dict.fromkeys(published_slugs(), 1.0), "micro", {})
    same = [line.measure for line in lines if line.score == lines[0].score]
    assert same == library.ordered(same)


def published_slugs():
    return [one.slug for one in published_measures()]


def test_a_measure_of_the_plan_is_one_that_is_published(bakery):
    with tenancy.acting(member(bakery)) as actor, pytest.raises(NotFound):
        actions.decide(actor=actor, organisation=bakery, measure="nothing", version=0, what=Decided("open"))
    assert "nothing" not in published.entries()
