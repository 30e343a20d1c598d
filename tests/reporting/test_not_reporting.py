"""The calculator, and the stored, dated "not reported because" of an organisation that reports nothing."""

import pytest
from django.urls import reverse
from tests.accounts.people import MEMBER, person

from dijkwacht.kernel.actor import CentreRole, OrganisationRole
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.registry.errors import InvalidField
from dijkwacht.rooms.reporting import actions, reads
from dijkwacht.rooms.reporting.errors import NotAllowed, NotFound
from dijkwacht.rooms.reporting.judging.models import Judgement, Unreported
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import OFFICER, ago, authority, early_warning, file, member, organisation

pytestmark = pytest.mark.django_db
CLOUD = {"classification": "important", "entity_types": ["1.8-cloud"], "sectors": ("1.8",)}
FACTS = {"title": "Certificate ran out", "root_cause_key": "certificate", "loss_eur": 300_000.0}


@pytest.fixture
def whose():
    return organisation("Wolkenhuis", **CLOUD)


@pytest.fixture
def nora(client, whose):
    client.force_login(person("nora@wolkenhuis.example", organisations={whose.id: MEMBER}))
    return client


def keep(whose, actor=None, reason="Too small", **more):
    nora = actor or member(whose.id)
    with tenancy.acting(nora):
        return actions.keep_unreported(
            actor=nora, organisation=whose.id, facts={**FACTS, "detection": ago(days=40), **more}, reason=reason
        )


def test_the_page_asks_what_the_criteria_for_the_organisation_decide_by(nora):
    page = nora.get("/report/significant").content
    assert b'name="users_limited"' in page
    assert b'name="users_eu"' in page
    assert b'name="slow_response_minutes"' not in page  # of DNS


def test_without_a_kind_of_entity_everything_is_asked_and_the_page_says_what_is_missing(client):
    whose = organisation("Wolkenhuis", **{**CLOUD, "entity_types": []})
    client.force_login(person("nora@wolkenhuis.example", organisations={whose.id: MEMBER}))
    page = client.get("/report/significant").content.decode()
    assert "wat voor soort entiteit" in page
    assert 'name="slow_response_minutes"' in page
    assert "Vraag de beheerder" in page
    client.force_login(person("ans@wolkenhuis.example", organisations={whose.id: OrganisationRole.ADMINISTRATOR}))
    page = client.get("/report/significant").content.decode()
    where = reverse("registry:tell-change", args=[whose.id])
    assert f'href="{where}"' in page
    assert client.get(where).status_code == 200


def test_an_incident_is_judged_with_the_rule_that_fired_and_nothing_is_kept(nora):
    form = {"title": "Certificate ran out", "detection": "2026-11-20T03:15", "loss_eur": "600000", "do": "judge"}
    page = nora.post("/report/significant", form)
    assert page.status_code == 200
    assert b"2024/2690" in page.content
    with tenancy.acting(CLERK):
        assert not Unreported.objects.exists()


def test_why_it_is_not_reported_is_kept_with_its_day_and_the_centre_reads_it(nora, client, whose):
    form = {"title": "Short outage", "detection": "2026-11-20T03:15", "loss_eur": "10", "do": "keep", "reason": "Small"}
    answer = nora.post("/report/significant", form)
    assert answer.status_code == 302
    assert b"Small" in nora.get(answer["Location"]).content
    assert b"Short outage" in nora.get("/report").content
    client.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER]))
    assert answer["Location"].encode() in client.get("/incidents/not-reported").content
    assert b"Short outage" in client.get(answer["Location"]).content
    with tenancy.acting(CLERK):
        assert Event.objects.filter(action="reporting:unreported:keep").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"title": ""}, {"detection": "yesterday"}, {"detection": "2999-01-01T00:00"}, {"loss_eur": "-1"}, {"reason": " "},
     {"planned": "perhaps"}, {"title": "a\u202eb"}, {"reason": "x" * 501}],
    ids=["no-title", "no-moment", "future", "negative", "no-reason", "no-choice", "turned-text", "too-long"],
)  # fmt: skip
def test_what_is_wrong_is_told_and_nothing_is_kept(nora, wrong):
    form = {"title": "Outage", "detection": "2026-11-20T03:15", "do": "keep", "reason": "Small", **wrong}
    assert nora.post("/report/significant", form).status_code == 422
    with tenancy.acting(CLERK):
        assert not Unreported.objects.exists()


def test_what_was_not_reported_is_added_up_with_the_next_of_the_same_cause(whose):
    before = keep(whose)
    facts = early_warning(occurrence=ago(days=1), awareness=ago(days=1), detection=ago(days=1))
    made = file(member(whose.id), whose.id, facts={**facts, **FACTS}).incident
    with tenancy.acting(CLERK):
        found = Judgement.objects.get(incident=made)
    assert found.verdict["fired"][0]["with_earlier"] == [before.number]


def test_nobody_else_learns_of_it(whose, client):
    made = keep(whose)
    other = organisation("Wolkenland", **CLOUD)
    for stranger in (member(other.id), authority(other.id, "1.8")):
        with tenancy.acting(stranger):
            assert not Unreported.objects.exists()
            with pytest.raises(NotFound):
                reads.access_unreported(stranger, made.id)
            with pytest.raises(NotAllowed):
                reads.all_unreported(stranger)
        with pytest.raises(NotAllowed):
            keep(whose, actor=stranger)
    client.force_login(person("x@wolkenland.example", organisations={other.id: MEMBER}))
    assert client.get(f"/report/not-reported/{made.id}").status_code == 404
    assert client.get("/report/significant", {"organisation": str(whose.id)}).status_code == 404


def test_without_a_reason_nothing_is_kept_and_the_facts_stand_encrypted(whose):
    with pytest.raises(InvalidField):
        keep(whose, reason="")
    made = keep(whose)
    with tenancy.acting(OFFICER):
        row = Unreported.objects.get(id=made.id)
        assert row.reason == "Too small"
    assert b"Certificate" not in bytes(row.facts_sealed)
