"""Who may ask for what, how often, and what a stranger gets: nothing."""

import pytest
from tests.proof.conftest import DOMAIN, claim
from tests.proof.steps import fresh, prove, publish, rewind, start
from tests.registry.people import administrator, relay, reporter, token

from dijkwacht.platform import tenancy
from dijkwacht.rooms.proof import actions, checking, reads, rules, settling, tasks
from dijkwacht.rooms.proof.errors import (
    MethodNotFitting,
    NotAllowed,
    NotFound,
    NotLive,
    TooSoon,
)
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry import errors
from dijkwacht.rooms.registry import reads as registry_reads

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", [reporter, lambda one: token(one, "organisations:read")])
def test_only_who_keeps_the_organisation_may_start_check_and_withdraw(organisation, who):
    asset = claim(organisation)
    challenge = start(asset)
    actor = who(organisation.id)
    with tenancy.acting(actor):
        for change in (
            lambda: actions.start_challenge(actor=actor, asset=asset.uid, method="dns"),
            lambda: actions.ask_check(actor=actor, challenge=challenge.id),
            lambda: actions.withdraw_challenge(actor=actor, challenge=challenge.id),
        ):
            with pytest.raises(NotAllowed):
                change()
        with pytest.raises(NotAllowed):
            actions.judge_proposal(actor=actor, challenge=challenge.id, accept=True, reason="x")


def test_another_organisation_and_a_relay_see_no_challenge(organisation, other):
    asset = claim(organisation)
    challenge = start(asset)
    for actor in (administrator(other.id), relay(other.id, organisation.id)):
        with tenancy.acting(actor):
            with pytest.raises(NotFound):
                reads.access_challenge(actor, challenge.id)
            assert not reads.checks_of(actor, asset)
            assert not reads.evidence_for(actor, [asset], "nl")
    with tenancy.acting(administrator(other.id)), pytest.raises(errors.NotFound):
        actions.start_challenge(actor=administrator(other.id), asset=asset.uid, method="dns")


def test_a_check_may_be_asked_for_once_a_minute(organisation):
    challenge = start(claim(organisation))
    actor = administrator(organisation.id)
    with tenancy.acting(actor):
        assert actions.ask_check(actor=actor, challenge=challenge.id).wanted_at is not None
        with pytest.raises(TooSoon):
            actions.ask_check(actor=actor, challenge=challenge.id)


def test_an_organisation_asks_for_sixty_checks_an_hour(organisation):
    actor = administrator(organisation.id)
    challenges = [start(claim(organisation, f"d{number}.{DOMAIN}")) for number in range(rules.CHECKS_PER_HOUR + 1)]
    with tenancy.acting(actor):
        for challenge in challenges[:-1]:
            actions.ask_check(actor=actor, challenge=challenge.id)
        with pytest.raises(TooSoon):
            actions.ask_check(actor=actor, challenge=challenges[-1].id)


def test_a_flood_of_claims_is_bounded_per_organisation(organisation, monkeypatch):
    from dijkwacht.rooms.registry import rules as registry_rules

    monkeypatch.setattr(registry_rules, "MOST_OPEN_CLAIMS", 3)
    actor = administrator(organisation.id)
    with tenancy.acting(actor):
        for number in range(3):
            registry.claim_asset(actor=actor, organisation=organisation.id, kind="domain", value=f"d{number}.{DOMAIN}")
        with pytest.raises(errors.TooManyClaims):
            registry.claim_asset(actor=actor, organisation=organisation.id, kind="domain", value=f"x.{DOMAIN}")


@pytest.mark.parametrize(
    ("kind", "value", "method"),
    [
        ("asn", "64496", "dns"),
        ("prefix", "192.0.2.0/24", "file"),
        ("domain", DOMAIN, "whois"),
        ("domain", DOMAIN, "nonsense"),
        ("domain", DOMAIN, "officer"),
    ],
)
def test_a_method_that_does_not_fit_is_refused(organisation, kind, value, method):
    with pytest.raises(MethodNotFitting):
        start(claim(organisation, value, kind), method)


def test_what_is_withdrawn_is_not_looked_at(organisation, names, way):
    asset = claim(organisation)
    challenge = start(asset)
    publish(names, challenge)
    actor = administrator(organisation.id)
    with tenancy.acting(actor):
        actions.withdraw_challenge(actor=actor, challenge=challenge.id)
        with pytest.raises(NotLive):
            actions.withdraw_challenge(actor=actor, challenge=challenge.id)
        with pytest.raises(NotLive):
            actions.ask_check(actor=actor, challenge=challenge.id)
    assert checking.check(challenge.id, egress=way) is None
    assert fresh(asset).status == "claimed"


def test_claiming_what_a_competitor_has_shown_gives_nothing_and_tells_nothing(organisation, other, names, way):
    ours = claim(organisation)
    prove(ours, names, way)
    actor = administrator(other.id)
    with tenancy.acting(actor):
        (theirs,) = registry.claim_asset(actor=actor, organisation=other.id, kind="domain", value=DOMAIN)
        (free,) = registry.claim_asset(actor=actor, organisation=other.id, kind="domain", value="vrij.nl")
        shown = {one.value for one in registry_reads.assets_shown_as(actor, other.id, "claimed")}
        assert shown == {DOMAIN, "vrij.nl"}
        assert not registry_reads.assets_shown_as(actor, other.id, "disputed")
    seen = []
    for asset in (theirs, free):
        check = checking.check(start(asset, actor=actor).id, egress=way)
        seen.append((check.outcome, fresh(asset).verified_at))
    assert [one[0] for one in seen] == ["absent", "absent"]
    assert fresh(ours).status == "verified"


def test_the_worker_takes_what_is_due(organisation, monkeypatch):
    challenge = start(claim(organisation))
    rewind(challenge, 1)
    asked = []
    monkeypatch.setattr(tasks, "ask", asked.append)
    assert tasks.ask_due() == 1
    assert asked == [challenge.id]


def test_what_was_settled_needs_no_person(organisation, names, way):
    challenge = prove(claim(organisation), names, way)
    with tenancy.acting(settling.SETTLER):
        assert settling.settle(fresh(challenge), "again")
