"""A matter is judged by a questionnaire that the data answer first; the worst outcome needs two people."""

import pytest
from django.utils import translation
from tests.accounts.people import person
from tests.advisories.said import AUDITOR, TAKER, analyst, csaf, cve, kev, matter_of, take

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.advisories.assessing import actions, questionnaire, reads, rules
from dijkwacht.rooms.advisories.assessing.errors import (
    AlreadyAnswered,
    NoSuchAnswer,
    NotAllowed,
    OverrideNeedsReason,
    ReasonNeeded,
    SamePerson,
)
from dijkwacht.rooms.advisories.assessing.models import Assessment
from dijkwacht.rooms.advisories.sourcing import reads as sourcing
from dijkwacht.rooms.advisories.sourcing.models import Matter
from dijkwacht.rooms.advisories.writing import posted
from dijkwacht.rooms.advisories.writing import reads as writing
from dijkwacht.rooms.advisories.writing.models import Advisory

A, B = "CVE-2026-1001", "CVE-2026-1002"
WORST = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
KNOWN = questionnaire.load()
LOW = {
    "exploitation": "none", "access": "local", "rights": "high", "help": "active", "skill": "hard", "use": "few",
    "remedy": "fix", "takeover": "none", "confidentiality": "none", "integrity": "none", "availability": "some",
    "world": "none",
}  # fmt: skip
HIGH = LOW | {"exploitation": "active", "takeover": "whole"}


@pytest.fixture
def matter(as_the_centre):
    take(cve(A, vector=WORST, ssvc="poc"))
    return matter_of(A).id


@pytest.mark.parametrize(
    ("answers", "likelihood", "impact", "label"),
    [
        (LOW, "low", "medium", "normal"),
        (LOW | {"availability": "none"}, "low", "low", "normal"),
        (HIGH, "high", "high", "urgent"),
        (LOW | {"exploitation": "active"}, "high", "medium", "urgent"),
        ({}, "medium", "medium", "normal"),
        ({"exploitation": "none"}, "low", "medium", "normal"),
        (
            LOW | {"exploitation": "poc", "access": "network", "rights": "none", "skill": "automatic"},
            "high",
            "medium",
            "urgent",
        ),
        ({"exploitation": "nonsense"}, "medium", "medium", "normal"),
    ],
    ids=[str(at) for at in range(8)],
)
def test_answers_give_likelihood_as_a_weighted_sum_and_impact_as_the_worst(answers, likelihood, impact, label):
    found = rules.outcome(answers, KNOWN)
    assert (found.likelihood, found.impact, found.label) == (likelihood, impact, label)


@pytest.mark.parametrize(
    ("points", "mission", "decision"),
    [
        (("none", "no", "partial"), "low", "Track"),
        (("none", "no", "total"), "high", "Track*"),
        (("poc", "yes", "total"), "medium", "Track*"),
        (("active", "no", "total"), "medium", "Attend"),
        (("active", "yes", "total"), "medium", "Act"),
        (("active", "yes", "partial"), "low", "Attend"),
        (("unknown", "yes", "partial"), "low", ""),
    ],
    ids=[str(at) for at in range(7)],
)
def test_ssvc_decides_as_cisas_table(points, mission, decision):
    named = dict(zip(("Exploitation", "Automatable", "Technical Impact"), points, strict=True))
    assert rules.decision(named, mission) == decision


def test_the_table_of_ssvc_is_whole():
    assert len(questionnaire.ssvc().outcomes) == 3 * 2 * 2


def test_the_data_answer_first_and_say_why(matter):
    found = reads.suggestion(TAKER, matter)
    assert found.answers["exploitation"] == "poc"
    assert found.answers["access"] == "network"
    assert found.answers["takeover"] == "whole"
    words = {one.question: one.text(KNOWN, "nl") for one in found.reasons}
    assert words["exploitation"] == f"SSVC van CISA zegt van misbruik van {A}: poc."
    assert "AV = N" in words["access"]
    assert words["use"].startswith("Geen bron zegt hier iets over")
    assert dict(found.decisions)["high"] == "Track*"


def test_exploitation_that_is_known_outweighs_what_is_forecast(matter):
    take(kev(A), f"cve,epss,percentile\n{A},0.001,0.1\n".encode())
    found = reads.suggestion(TAKER, matter)
    assert (found.answers["exploitation"], found.outcome.likelihood, found.outcome.label) == (
        "active",
        "high",
        "urgent",
    )


def test_a_fix_that_an_advisory_names_is_an_answer(matter):
    document = csaf("ADV-1", A)
    product = {"product_id": "P-2", "name": "Vendor Thing 2.0"}
    branches = document["product_tree"]["branches"][0]["branches"][0]["branches"]
    branches.append({"category": "product_version", "name": "2.0", "product": product})
    document["vulnerabilities"][0]["product_status"]["fixed"] = ["P-2"]
    take(document)
    assert reads.suggestion(TAKER, matter).answers["remedy"] == "fix"


def test_a_judgement_that_is_not_the_worst_stands_at_once_and_leaves_the_list(matter):
    actor = analyst()
    with tenancy.acting(actor):
        row = actions.assess(actor=actor, matter=matter, answers=LOW)
        assert (row.state, row.overrides) == ("settled", False)
        assert reads.assessment(actor, matter).impact == "medium"
        assert not sourcing.matters(actor, sourcing.Wanted(words=A)).exists()
    event = Event.objects.get(action="advisories:assessment:make")
    assert (event.actor_id, event.detail["likelihood"]) == (actor.id, "low")


def test_the_worst_waits_for_somebody_else_and_nobody_counts_twice(matter):
    first, second = analyst("1"), analyst("2")
    with tenancy.acting(first):
        row = actions.assess(actor=first, matter=matter, answers=HIGH)
        assert (row.state, reads.assessment(first, matter)) == ("proposed", None)
        with pytest.raises(SamePerson):
            actions.answer(actor=first, assessment=row.id, agree=True)
    with tenancy.acting(second):
        assert actions.answer(actor=second, assessment=row.id, agree=True).state == "settled"
        with pytest.raises(AlreadyAnswered):
            actions.answer(actor=second, assessment=row.id, agree=True)
        assert reads.assessment(second, matter).second_by == second.id


def test_a_refusal_needs_a_reason_and_leaves_the_matter_on_the_list(matter):
    first, second = analyst("1"), analyst("2")
    with tenancy.acting(first):
        row = actions.assess(actor=first, matter=matter, answers=HIGH)
    with tenancy.acting(second):
        with pytest.raises(ReasonNeeded):
            actions.answer(actor=second, assessment=row.id, agree=False)
        actions.answer(actor=second, assessment=row.id, agree=False, reason="nobody runs it")
        assert sourcing.matters(second, sourcing.Wanted(words=A)).exists()
        assert reads.assessment(second, matter) is None


def test_another_outcome_than_the_answers_give_needs_a_reason(matter):
    actor = analyst()
    with tenancy.acting(actor):
        with pytest.raises(OverrideNeedsReason):
            actions.assess(actor=actor, matter=matter, answers=LOW, impact="low")
        row = actions.assess(actor=actor, matter=matter, answers=LOW, impact="low", reason="only a test system has it")
    assert (row.overrides, row.impact) == (True, "low")


@pytest.mark.parametrize(
    "wrong", [{"answers": {"access": "moon"}}, {"answers": LOW, "likelihood": "extreme"}], ids=["answer", "level"]
)
def test_what_is_no_answer_is_refused(matter, wrong):
    actor = analyst()
    with tenancy.acting(actor), pytest.raises(NoSuchAnswer):
        actions.assess(actor=actor, matter=matter, **wrong)


def test_a_next_judgement_takes_the_place_of_the_one_before(matter):
    actor = analyst()
    with tenancy.acting(actor):
        actions.assess(actor=actor, matter=matter, answers=LOW)
        actions.assess(actor=actor, matter=matter, answers=LOW | {"availability": "none"})
        assert [row.state for row in reads.history(matter)] == ["settled", "replaced"]
        assert reads.assessment(actor, matter).impact == "low"


def test_exploitation_that_becomes_known_brings_a_matter_back(matter):
    actor = analyst()
    with tenancy.acting(actor):
        actions.assess(actor=actor, matter=matter, answers=LOW)
    take(kev(A))
    with tenancy.acting(actor):
        assert sourcing.matters(actor, sourcing.Wanted(words=A)).exists()


def test_who_only_reads_judges_nothing(matter):
    with tenancy.acting(AUDITOR), pytest.raises(NotAllowed):
        actions.assess(actor=AUDITOR, matter=matter, answers=LOW)
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(
    ("rule", "outcome", "two"),
    [
        ("high-high", ("high", "high", "urgent"), True),
        ("high-high", ("high", "medium", "urgent"), False),
        ("urgent", ("high", "medium", "urgent"), True),
        ("urgent", ("low", "low", "normal"), False),
        ("always", ("low", "low", "normal"), True),
    ],
    ids=[str(at) for at in range(5)],
)
def test_the_setting_says_when_two_people_are_needed(rule, outcome, two):
    assert rules.two_people(*outcome, rule) is two


def test_a_judgement_is_shown_as_the_setting_says(settings):
    row = Assessment(likelihood="high", impact="medium", label="urgent")
    assert reads.shown(row) == {"nl": "kans hoog, schade gemiddeld", "en": "likelihood high, impact medium"}
    settings.ASSESSMENT_SHOWN = "label"
    assert reads.shown(row) == {"nl": "Spoed", "en": "Urgent"}


def test_an_installation_has_its_own_questionnaire_and_a_wrong_one_is_named(tmp_path):
    text = (questionnaire.OURS / "questionnaire.toml").read_text(encoding="utf-8")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "questionnaire.toml").write_text(text.replace('version = "2026-11-26"', 'version = "ours-1"'))
    assert questionnaire.load(tmp_path / "a").version == "ours-1"
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "questionnaire.toml").write_text(text.replace("medium = 0.40", "medium = 0.99"))
    with pytest.raises(questionnaire.QuestionnaireError, match="bounds must be"):
        questionnaire.load(tmp_path / "b")


def test_an_urgent_judgement_makes_an_urgent_advisory_and_who_assessed_does_not_approve_it(matter, settings):
    from dijkwacht.rooms.advisories.publishing import showing
    from dijkwacht.rooms.advisories.writing import actions as writing
    from dijkwacht.rooms.advisories.writing import errors, of_matters
    from dijkwacht.rooms.advisories.writing.models import Advisory

    assessor, writer = analyst("one"), analyst("two")
    with tenancy.acting(assessor):
        row = actions.assess(actor=assessor, matter=matter, answers=LOW | {"exploitation": "active"})
        assert (row.state, row.label) == ("settled", "urgent")
    with tenancy.acting(writer), translation.override("en"):
        content = of_matters.content_of(writer, matter)
        assert content.urgent
        assert ("Urgency", "urgent") in showing.assessed(content)
        settings.ASSESSMENT_SHOWN = "label"
        settings.ASSESSMENT_LABELS = {"urgent": {"nl": "Rood", "en": "Red"}, "normal": {"nl": "Wit", "en": "White"}}
        assert showing.assessed(content) == [("Urgency", "Red")]
        written = writing.begin(actor=writer, content=content, matter=matter)
        Advisory.objects.filter(id=written.id).update(state="offered", offered_by=writer.id)
        with pytest.raises(errors.FourEyes):
            writing.approve(actor=assessor, advisory=written.id)


def test_a_draft_that_was_begun_before_offers_the_newest_assessment_of_its_matter(matter, client):
    writer = person("wil@centre.example", centre=[CentreRole.ANALYST], name="Wil")
    client.force_login(writer, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = "en"
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa"}]
    session.save()
    address = client.post("/desk/advisories/begin", {"matter": str(matter)}).headers["Location"]
    assert "was assessed as" not in client.get(address).content.decode()
    second = analyst("noor")
    with tenancy.acting(second):
        actions.assess(actor=second, matter=matter, answers=LOW)
    take(cve(B))
    with tenancy.acting(second):  # and it became part of another
        other = matter_of(B).id
        Matter.objects.filter(id=matter).update(joined=other, state="joined")
        newest = actions.assess(actor=second, matter=other, answers=LOW | {"exploitation": "active"})
    assert (newest.state, newest.likelihood, newest.impact) == ("settled", "high", "medium")
    page = client.get(address).content.decode()
    assert (
        "The matter of this text was assessed as: Likelihood: high; Impact if it happens: medium; Label: urgent."
        in page
    )
    row = Advisory.objects.get()
    given = posted.shown(writing.content_of(row)) | {"change": "1", "sitting": "one", "title_nl": "Mijn titel"}
    assert client.post(address, given | {"do": "assessment"}).status_code == 302
    with tenancy.acting(TAKER):
        row.refresh_from_db()
        kept = writing.content_of(row)
    assert (kept.likelihood, kept.impact, kept.label, kept.title.nl) == ("high", "medium", "urgent", "Mijn titel")
    assert "was assessed as" not in client.get(address).content.decode()
    assert reads.assessed_by(matter) == second.id
