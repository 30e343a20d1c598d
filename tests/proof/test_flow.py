"""From a claim to a verified asset and, when the proof goes, back: with a real name server and a real database."""

import logging
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.proof.conftest import DOMAIN, claim, new
from tests.registry.people import OFFICER, administrator, member, relay, token

from dijkwacht.kernel.actor import Actor, Kind
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.proof import actions, checking, confirming, mails, reads, rules, settling, tasks
from dijkwacht.rooms.proof.errors import (
    AddressNotOffered,
    ClaimFirst,
    MethodNotFitting,
    NotAllowed,
    NotFound,
    NotLive,
    TooSoon,
)
from dijkwacht.rooms.proof.models import Challenge, Check
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry import errors, events
from dijkwacht.rooms.registry import reads as registry_reads
from dijkwacht.rooms.registry.models import Asset, AssetConflict

pytestmark = pytest.mark.django_db
NAME = f"_dijkwacht-challenge.{DOMAIN}"
LINK = Actor(kind=Kind.LINK, id="proof:x")


@pytest.fixture
def organisation():
    made = new("Gemeente Voorbeeld")
    with tenancy.acting(OFFICER):
        registry.add_contact(actor=OFFICER, organisation=made.id, role="security", email="ciso@contact.example")
    return made


@pytest.fixture
def other():
    return new("Bakkerij De Korst")


def start(asset, method="dns", recipient="", actor=None):
    actor = actor or administrator(asset.organisation_id)
    with tenancy.acting(actor):
        return actions.start_challenge(actor=actor, asset=asset.uid, method=method, recipient=recipient)


def publish(names, *challenges, name=NAME):
    names.records[name, "TXT"] = [f'"{rules.line(one.token)}"' for one in challenges]


def prove(asset, names, way, *others):
    challenge = start(asset)
    publish(names, challenge, *others)
    checking.check(challenge.id, egress=way)
    return challenge


def fresh(row):
    with tenancy.acting(OFFICER):
        return type(row).objects.get(pk=row.pk)


def rewind(challenge, days):
    """Let a challenge be some days older than it is."""
    with tenancy.acting(OFFICER):
        row = Challenge.objects.get(pk=challenge.pk)
        for name in ("created_at", "expires_at", "next_at", "proven_at", "failed_at", "warned_at", "wanted_at"):
            if getattr(row, name):
                setattr(row, name, getattr(row, name) - timedelta(days=days))
        row.save()
        for check in Check.objects.filter(challenge=row):
            check.at -= timedelta(days=days)
            check.save()


def mailed(subject=""):
    with tenancy.acting(OFFICER):
        rows = [bytes(row.body).decode() for row in Message.objects.order_by("created_at")]
    return [text for text in rows if subject in text]


def test_a_domain_with_our_record_becomes_verified_and_tells_the_other_rooms(organisation, names, way):
    asset, heard = claim(organisation), []

    def listen(*, asset, **_):
        heard.append(asset.uid)

    events.asset_verified.connect(listen)
    challenge = prove(asset, names, way)
    events.asset_verified.disconnect(listen)
    row, proof = fresh(asset), fresh(challenge)
    assert (row.status, row.method, proof.state, heard) == ("verified", "dns", "proven", [asset.uid])
    assert "found your record" in row.evidence
    assert proof.next_at > timezone.now() + timedelta(days=29)


def test_without_the_record_nothing_is_verified_and_we_look_again_ever_later(organisation, way):
    asset = claim(organisation)
    challenge = start(asset)
    checking.check(challenge.id, egress=way)
    row = fresh(challenge)
    assert (fresh(asset).status, row.state) == ("claimed", "open")
    assert timedelta(minutes=59) < row.next_at - timezone.now() < timedelta(minutes=61)
    rewind(challenge, 2)
    checking.check(challenge.id, egress=way)
    assert fresh(challenge).next_at - timezone.now() > timedelta(hours=23)


def test_a_challenge_that_is_not_met_in_time_ends(organisation, way):
    asset = claim(organisation)
    challenge = start(asset)
    rewind(challenge, 31)
    checking.check(challenge.id, egress=way)
    assert (fresh(challenge).state, fresh(asset).status) == ("expired", "claimed")
    assert checking.check(challenge.id, egress=way) is None
    assert start(asset).id != challenge.id


def test_the_record_of_one_organisation_does_not_prove_the_claim_of_another(organisation, other, names, way):
    first, second = claim(organisation), claim(other)
    ours = start(first)
    publish(names, ours)
    theirs = start(second)
    checking.check(theirs.id, egress=way)
    assert fresh(theirs).state == "open"
    assert ours.token != theirs.token


def test_an_asset_that_expired_needs_a_new_token(organisation, names, way):
    asset = claim(organisation)
    challenge = prove(asset, names, way)
    with tenancy.acting(OFFICER):
        registry.expire_asset(actor=OFFICER, asset=asset.uid, reason="sold")
    with pytest.raises(ClaimFirst):
        start(asset)
    checking.check(challenge.id, egress=way)
    assert (fresh(challenge).state, fresh(asset).status) == ("withdrawn", "expired")
    claim(organisation)
    again = start(asset)
    checking.check(again.id, egress=way)
    assert (again.token != challenge.token, fresh(asset).status) == (True, "claimed")


def test_a_proof_that_is_gone_is_warned_about_and_then_lost(organisation, names, way):
    asset = claim(organisation)
    challenge = prove(asset, names, way)
    names.records.clear()
    states = []
    for days in (30, 3, 3, 3, 3, 3, 3):
        rewind(challenge, days)
        checking.check(challenge.id, egress=way)
        row = fresh(challenge)
        states.append((row.state, row.failures, row.warned_at is not None, fresh(asset).status))
    assert states[0] == ("proven", 1, False, "verified")
    assert states[1] == ("proven", 2, True, "verified")
    assert states[-1][0] == "lost"
    assert states[-1][3] == "expired"
    assert [status for *_, status in states].index("expired") >= 5  # two weeks of grace
    assert len(mailed("bewijs voor voorbeeld.nl is weg")) == 1
    assert len(mailed("voorbeeld.nl is verlopen")) == 1


def test_looking_twice_on_one_day_is_one_failure(organisation, names, way):
    challenge = prove(claim(organisation), names, way)
    names.records.clear()
    for _ in range(5):
        checking.check(challenge.id, egress=way)
    assert (fresh(challenge).failures, mailed("is weg")) == (1, [])


@pytest.mark.parametrize("fault", ["broken", "silent"])
def test_a_resolver_that_fails_is_no_disproof(organisation, names, way, fault):
    asset = claim(organisation)
    challenge = prove(asset, names, way)
    getattr(names, fault).add(NAME)
    for _ in range(2):
        rewind(challenge, 40)
        checking.check(challenge.id, egress=way)
    row = fresh(challenge)
    assert (row.state, row.failures, fresh(asset).status) == ("proven", 0, "verified")
    assert row.next_at - timezone.now() < timedelta(hours=7)


def test_a_proof_that_comes_back_counts_as_new(organisation, names, way):
    challenge = prove(claim(organisation), names, way)
    names.records.clear()
    rewind(challenge, 30)
    checking.check(challenge.id, egress=way)
    publish(names, challenge)
    checking.check(challenge.id, egress=way)
    assert (fresh(challenge).failures, fresh(challenge).failed_at) == (0, None)


def test_a_second_proof_keeps_the_asset_when_the_first_goes(organisation, names, way):
    asset = claim(organisation)
    challenge = prove(asset, names, way)
    answer(start(asset, "mail", f"hostmaster@{DOMAIN}"))
    names.records.clear()
    for days in (30, 3, 20):
        rewind(challenge, days)
        checking.check(challenge.id, egress=way)
    assert (fresh(challenge).state, fresh(asset).status) == ("lost", "verified")


# mail


def answer(challenge, verb=actions.confirm_mail):
    with tenancy.acting(confirming.DOORKEEPER):
        return verb(actor=LINK, challenge=challenge.id)


def link_in_mail():
    from email import message_from_string

    (text,) = [found for found in mailed() if "hostmaster@" in found]
    body = message_from_string(text).get_payload(decode=True).decode()
    return re.search(r"/proof/confirm/([\w-]+)", body)[1]


def test_the_link_in_a_mail_shows_on_get_and_acts_on_post_once(organisation, client):
    asset = claim(organisation)
    challenge = start(asset, "mail", f"hostmaster@{DOMAIN}")
    address = f"/proof/confirm/{link_in_mail()}"
    for _ in range(3):  # mail scanners
        page = client.get(address)
        assert page.status_code == 200
        assert "Gemeente Voorbeeld" in page.content.decode()
    assert (fresh(challenge).state, fresh(asset).status) == ("open", "claimed")
    assert client.post(address, {"answer": "maybe"}).status_code == 422
    assert client.post(address, {"answer": "yes"}).status_code == 200
    row = fresh(asset)
    assert (row.status, row.method, row.expires_at > timezone.now() + timedelta(days=364)) == ("verified", "mail", True)
    assert client.post(address, {"answer": "yes"}).status_code == 404
    assert client.get(address).status_code == 404


def test_a_link_that_is_wrong_old_or_used_is_one_page(organisation, client):
    challenge = start(claim(organisation), "mail", f"hostmaster@{DOMAIN}")
    link = link_in_mail()
    rewind(challenge, 31)
    pages = {client.get(f"/proof/confirm/{one}").content for one in (link, "x", link[:-1], "a" * 300, "é")}
    assert len({re.sub(rb'nonce="[^"]*"|value="[^"]*"', b"", page) for page in pages}) == 1


def test_no_verifies_nothing_and_goes_to_an_officer(organisation, client):
    asset = claim(organisation)
    challenge = start(asset, "mail", f"hostmaster@{DOMAIN}")
    client.post(f"/proof/confirm/{link_in_mail()}", {"answer": "no"})
    assert (fresh(challenge).state, fresh(asset).status) == ("denied", "claimed")
    with tenancy.acting(OFFICER):
        assert list(reads.waiting_for_an_officer(OFFICER)) == [challenge]


@pytest.mark.parametrize(
    "recipient", ["", "me@evil.example", f"ceo@{DOMAIN}", "hostmaster@evil.example", f"HOSTMASTER@{DOMAIN}"]
)
def test_a_claimant_cannot_choose_where_the_mail_goes(organisation, recipient):
    with pytest.raises(AddressNotOffered):
        start(claim(organisation), "mail", recipient)


def test_one_mail_a_day_an_address_and_only_the_newest_link_works(organisation, client):
    asset = claim(organisation)
    challenge = start(asset, "mail", f"hostmaster@{DOMAIN}")
    old = link_in_mail()
    with pytest.raises(TooSoon):
        start(asset, "mail", f"hostmaster@{DOMAIN}")
    start(asset, "mail", f"security@{DOMAIN}")
    rewind(challenge, 2)
    start(asset, "mail", f"hostmaster@{DOMAIN}")
    assert client.get(f"/proof/confirm/{old}").status_code == 404


def test_an_organisation_sends_few_proof_mails_a_day(organisation):
    for number in range(rules.MAILS_PER_DAY):
        start(claim(organisation, f"d{number}.{DOMAIN}"), "mail", f"abuse@d{number}.{DOMAIN}")
    one_more = claim(organisation, f"x.{DOMAIN}")
    with pytest.raises(TooSoon):
        start(one_more, "mail", f"abuse@x.{DOMAIN}")
    assert len(mailed()) == rules.MAILS_PER_DAY


def test_a_mail_proof_is_asked_for_again_a_month_before_and_renewed(organisation):
    asset = claim(organisation)
    challenge = answer(start(asset, "mail", f"hostmaster@{DOMAIN}"))
    assert tasks.remind() == 0
    with tenancy.acting(OFFICER):
        Asset.objects.filter(pk=asset.pk).update(expires_at=timezone.now() + timedelta(days=20))
    assert (tasks.remind(), tasks.remind()) == (1, 0)
    assert len(mailed("Toon opnieuw aan")) == 1
    rewind(challenge, 345)
    answer(start(asset, "mail", f"hostmaster@{DOMAIN}"))
    assert fresh(asset).expires_at > timezone.now() + timedelta(days=364)
    assert fresh(challenge).state == "withdrawn"


def test_the_token_of_a_mail_is_nowhere_but_in_the_mail(organisation, caplog, capsys):
    with caplog.at_level(logging.DEBUG):
        challenge = start(claim(organisation), "mail", f"hostmaster@{DOMAIN}")
        secret = link_in_mail()
    row = fresh(challenge)
    assert row.token == ""
    assert bytes(row.token_digest) == mails.digest(secret)
    assert secret not in caplog.text + "".join(capsys.readouterr())
    assert all(secret not in str(event.detail) for event in Event.objects.all())


def test_a_published_token_is_not_in_the_logs_or_the_audit_log(organisation, names, way, caplog):
    with caplog.at_level(logging.DEBUG):
        challenge = prove(claim(organisation), names, way)
    assert challenge.token not in caplog.text
    assert all(challenge.token not in str(event.detail) for event in Event.objects.all())
    assert Event.objects.filter(action__startswith="proof:challenge:").count() >= 2


# conflicts


def conflicts(**where):
    with tenancy.acting(OFFICER):
        return list(AssetConflict.objects.filter(**where))


def test_a_fresh_proof_stands_against_a_bare_claim_which_rests(organisation, other, names, way):
    bare, ours = claim(other), claim(organisation)
    assert {fresh(bare).status, fresh(ours).status} == {"disputed"}
    prove(ours, names, way)
    assert (fresh(ours).status, fresh(bare).status) == ("verified", "claimed")
    (conflict,) = conflicts()
    assert (conflict.decision, conflict.decided_by) == ("proven-2", "system:proof:rule")
    with tenancy.acting(OFFICER), pytest.raises(errors.ConflictOpen):
        registry.verify_asset(actor=OFFICER, asset=bare.uid, evidence="a phone call")


def test_two_proofs_are_for_a_person_and_each_sees_only_its_own(organisation, other, names, way):
    bare, ours = claim(other), claim(organisation)
    mine = prove(ours, names, way)
    theirs = start(bare)
    publish(names, mine, theirs)
    checking.check(theirs.id, egress=way)
    assert (fresh(ours).status, fresh(bare).status, fresh(theirs).state) == ("verified", "disputed", "proven")
    assert [row.decision for row in conflicts()] == [""]
    with tenancy.acting(OFFICER):
        shown = reads.evidence_for(OFFICER, [ours, bare], "en")
        registry.decide_conflict(actor=OFFICER, conflict=conflicts()[0].id, decision="first", reason="sold")
    assert all(len(shown[asset.id]) == 1 for asset in (ours, bare))
    assert tasks.settle_waiting() == 1
    assert (fresh(bare).status, fresh(ours).status) == ("verified", "expired")


def test_whose_proof_is_contested_is_looked_at_again_once(organisation, other, names, way):
    ours = claim(organisation)
    mine = prove(ours, names, way)
    rewind(mine, 5)
    theirs = start(claim(other))
    assert fresh(mine).next_at > timezone.now()
    assert (tasks.look_at_contested(), tasks.look_at_contested()) == (1, 0)
    checking.check(mine.id, egress=way)
    assert [row.decision for row in conflicts()] == ["proven-1"]
    publish(names, mine, theirs)
    rewind(mine, 5)
    checking.check(theirs.id, egress=way)
    assert fresh(mine).next_at <= timezone.now()  # at once: who sold a domain often left a proof behind
    checking.check(mine.id, egress=way)
    assert fresh(theirs).next_at > timezone.now()  # and not back and forth


def test_an_officers_doubt_is_not_overruled_by_a_record(organisation, names, way):
    asset = claim(organisation)
    with tenancy.acting(OFFICER):
        registry.dispute_asset(actor=OFFICER, asset=asset.uid, reason="odd letter")
    challenge = prove(asset, names, way)
    assert (fresh(challenge).state, fresh(asset).status) == ("proven", "disputed")


def test_the_proof_of_a_name_below_leaves_the_claim_above_alone(organisation, other, names, way):
    above, below = claim(other), claim(organisation, f"shop.{DOMAIN}")
    challenge = start(below)
    publish(names, challenge, name=f"_dijkwacht-challenge.shop.{DOMAIN}")
    checking.check(challenge.id, egress=way)
    assert (fresh(below).status, fresh(above).status) == ("verified", "claimed")


# parents


@pytest.mark.parametrize(("method", "counts"), [("dns", True), ("mail", True), ("officer", True), ("file", False)])
def test_a_verified_domain_above_counts_for_a_name_below(organisation, way, method, counts):
    above, below = claim(organisation), claim(organisation, f"a.b.{DOMAIN}")
    with tenancy.acting(OFFICER):
        registry.verify_asset(actor=OFFICER, asset=above.uid, evidence="x", method=method)
    challenge = start(below, "parent")
    checking.check(challenge.id, egress=way)
    assert fresh(below).status == ("verified" if counts else "claimed")


def test_a_parent_that_is_anothers_a_claim_or_a_shared_platform_does_not_count(organisation, other, way):
    with tenancy.acting(OFFICER):
        registry.verify_asset(actor=OFFICER, asset=claim(other).uid, evidence="x")
    claim(organisation, "andere.nl")
    for value in (f"sub.{DOMAIN}", "sub.andere.nl"):
        asset = claim(organisation, value)
        checking.check(start(asset, "parent").id, egress=way)
        assert fresh(asset).status != "verified"
    with pytest.raises(errors.InvalidAsset):
        claim(organisation, "github.io")


def test_a_name_below_is_lost_when_the_domain_above_is(organisation, way):
    above, below = claim(organisation), claim(organisation, f"sub.{DOMAIN}")
    with tenancy.acting(OFFICER):
        registry.verify_asset(actor=OFFICER, asset=above.uid, evidence="x")
    challenge = start(below, "parent")
    checking.check(challenge.id, egress=way)
    with tenancy.acting(OFFICER):
        registry.expire_asset(actor=OFFICER, asset=above.uid, reason="sold")
    for days in (1, 3, 20):
        rewind(challenge, days)
        checking.check(challenge.id, egress=way)
    assert fresh(below).status == "expired"


# who may, and how often


@pytest.mark.parametrize("who", [member, lambda one: token(one, "organisations:read")])
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
