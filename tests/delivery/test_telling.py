"""A version is published: whom it concerns is told once, and nobody else."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.delivery.shelf import go, letters, runs
from tests.notification.world import TEST, member, organisation

from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.advisories.delivery import actions, dispatching, reads, running, tasks, telling
from dijkwacht.rooms.advisories.delivery.models import Concern, Exposure, Match, Telling
from dijkwacht.rooms.notification.models import Decision
from dijkwacht.rooms.registry.models import Contact, Mandate, Organisation
from dijkwacht.rooms.services.models import Subscription

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def centre():
    with tenancy.acting(TEST):
        yield


def test_who_runs_it_is_told_with_the_evidence_in_words_and_who_does_not_hears_nothing(shelf):
    runs(organisation("Waterkant", mail="ciso@waterkant.example"), "Fortinet; FortiOS; 7.2")
    runs(organisation("Bakkerij", mail="info@bakkerij.example"), "Fortinet; FortiOS; 7.6\nnginx 1.2")
    assert go(shelf.publish()) == 1
    sent = letters()
    assert list(sent) == ["ciso@waterkant.example"]
    text = sent["ciso@waterkant.example"]
    today = timezone.localdate().strftime("%d-%m-%Y")
    assert f"U gebruikt Fortinet FortiOS 7.2 (gelezen uit de tekst die u plakte, {today})" in text
    assert "Het advies zegt: Fortinet FortiOS < 7.4.1" in text
    assert "DW-2026-0001: Lek in FortiOS" in text
    order = [
        "TLP:",
        "Wat dit voor u betekent",
        "/f/advisories/",
        "Een aanvaller kan",
    ]  # what is theirs before what is for all
    places = [text.index(words, text.index("\n")) for words in order]
    assert places == sorted(places)


def test_repeating_a_run_tells_nobody_twice(shelf):
    runs(organisation(), "Fortinet; FortiOS; 7.2")
    key = shelf.publish()
    go(key)
    assert go(key) == 0
    assert Message.objects.count() == Telling.objects.count() == Concern.objects.count() == 1
    assert Match.objects.get().verdict == "affected"


def test_a_version_that_is_not_known_is_told_as_unknown(shelf):
    runs(organisation(), "Fortinet; FortiOS;")
    go(shelf.publish())
    assert Concern.objects.get().verdict == "unknown"
    assert "Oordeel: onbekend: kijk dit na" in letters()["veiligheid@korst.example"]


def test_a_weak_guess_about_a_name_is_not_told_before_an_analyst_judged_it(shelf):
    runs(organisation(), "Acme; Wall Guard; 1.0")
    go(shelf.publish("2.0", product=("Acme", "Wall Guard Pro")))
    assert Match.objects.get().told is False
    assert not Concern.objects.exists()
    assert not Match.objects.filter(told=True).exists()


def test_a_digest_gathers_what_is_normal_and_what_is_urgent_leaves_at_once(shelf):
    runs(organisation(rhythm="daily"), "Fortinet; FortiOS; 7.2\nAcme; Wall; 1.0")
    go(shelf.publish())
    go(shelf.publish("2.0", product=("Acme", "Wall"), number="DW-2026-0002"))
    assert not letters()
    go(shelf.publish(number="DW-2026-0003", urgent=True))
    assert "[DRINGEND]" in letters()["veiligheid@korst.example"]
    Telling.objects.update(due_at=timezone.now())
    dispatching.dispatch_due()
    assert Message.objects.count() == 2
    assert "2 beveiligingsadviezen die u aangaan" in letters()["veiligheid@korst.example"]


def test_below_the_level_that_a_contact_wants_it_is_only_in_the_portal(shelf):
    runs(organisation(minimum_severity=3), "Fortinet; FortiOS; 7.2")
    go(shelf.publish(severity=2))
    assert not letters()
    assert Telling.objects.get().state == "below"


def test_a_new_version_is_told_again_only_when_it_changes_something_for_them(shelf):
    runs(organisation(), "Fortinet; FortiOS; 7.2")
    advisory, _ = first = shelf.publish()
    go(first)
    Match.objects.update(status="done")
    go(shelf.publish(advisory=advisory))
    assert Message.objects.count() == 1
    assert Match.objects.get().status == "done"
    go(shelf.publish(advisory=advisory, remedy="Update to 7.4.2."))
    assert Message.objects.count() == 2
    assert Match.objects.get().status == "not_remediated"


def test_who_was_told_hears_when_it_does_not_concern_them_after_all_and_when_it_is_withdrawn(shelf):
    runs(organisation(), "Fortinet; FortiOS; 7.2")
    advisory, _ = first = shelf.publish()
    go(first)
    go(shelf.publish("7.0", advisory=advisory))
    assert "is dat niet (meer) zo" in letters()["veiligheid@korst.example"]
    assert not Match.objects.filter(ended_at=None).exists()
    go(shelf.publish(advisory=advisory, withdrawn=True))
    assert "ingetrokken" in letters()["veiligheid@korst.example"]


def test_new_lines_are_matched_with_the_advisories_that_stand(shelf):
    owner = organisation()
    go(shelf.publish())
    row = runs(owner, "Fortinet; FortiOS; 7.2")
    lines = list(row.lines.values_list("id", flat=True))
    assert [telling.tell(*key) for key in running.run_lines(lines)] == [1]
    assert running.run_lines(lines) == []  # they were told


def called(*, hours=5):
    """Let these hours pass; gives who is on the calling list now."""
    from dijkwacht.rooms.advisories.delivery import following
    from dijkwacht.rooms.notification.models import Call

    passed = timezone.now() - timedelta(hours=hours)
    Telling.objects.filter(sent_at__isnull=False).update(sent_at=passed)
    following.escalate()
    return list(Call.objects.filter(done_at=None).values_list("organisation__name", flat=True))


def answered(owner, advisory, answer):
    with tenancy.acting(member(owner)) as actor:
        actions.answer(actor=actor, organisation=owner.id, advisory=advisory, answer=answer)


def told_of_new_lines(owner, text, **how):
    row = runs(owner, text, **how)
    made = tasks.run_lines.func([str(one) for one in row.lines.values_list("id", flat=True)])
    dispatching.dispatch_due()
    return made


def test_a_subscriber_who_then_says_what_it_runs_is_told_that_it_is_concerned(shelf):
    owner = organisation()
    subscribed(owner)
    go(shelf.publish())
    assert "hebt geabonneerd" in letters()["veiligheid@korst.example"]
    assert told_of_new_lines(owner, "Fortinet; FortiOS; 7.2") == 1
    assert "U gebruikt Fortinet FortiOS 7.2" in letters()["veiligheid@korst.example"]
    assert Concern.objects.get().ground == "match"
    assert told_of_new_lines(owner, "Fortinet; FortiOS; 7.2") == 0


def test_a_new_vulnerable_line_after_patched_is_told_again_and_asks_again(shelf):
    owner = organisation()
    runs(owner, "Fortinet; FortiOS; 7.2")
    advisory, _ = key = shelf.publish(urgent=True)
    go(key)
    answered(owner, advisory, "patched")
    with tenancy.acting(member(owner)) as actor:
        assert not reads.waiting(actor, owner.id).exists()
    assert told_of_new_lines(owner, "Fortinet; FortiOS; 7.0") == 1
    with tenancy.acting(member(owner)) as actor:
        assert reads.waiting(actor, owner.id).exists()
        assert reads.access_matter(actor, owner.id, advisory).answer == ""
    assert called() == ["Bakkerij Korst"]


def test_an_unknown_version_that_turns_out_to_be_affected_is_told_again(shelf):
    owner = organisation()
    runs(owner, "Fortinet; FortiOS;")
    go(shelf.publish())
    assert told_of_new_lines(owner, "Fortinet; FortiOS; 7.2", replace=True) == 1
    assert Concern.objects.get().verdict == "affected"


def test_who_takes_out_what_it_ran_is_not_called_any_more(shelf):
    owner = organisation()
    runs(owner, "Fortinet; FortiOS; 7.2")
    go(shelf.publish(urgent=True))
    assert called() == ["Bakkerij Korst"]
    runs(owner, "nginx 1.2", replace=True)
    assert called() == []
    assert Concern.objects.get().verdict == "not_affected"


def test_new_lines_are_told_also_when_the_job_died_before_it_told(shelf):
    owner = organisation()
    go(shelf.publish())
    row = runs(owner, "Fortinet; FortiOS; 7.2")
    running.run_lines(list(row.lines.values_list("id", flat=True)))  # and then it dies
    assert told_of_new_lines(owner, "Fortinet; FortiOS; 7.2") == 1


def test_one_advisory_that_cannot_be_told_does_not_stop_the_others(shelf, monkeypatch):
    owner = organisation()
    keys = [shelf.publish(), shelf.publish(number="DW-2026-0002")]
    for key in keys:
        go(key)
    tell, broken = telling.tell, min(keys)
    monkeypatch.setattr(telling, "tell", lambda *key: 1 / 0 if key == broken else tell(*key))
    with pytest.raises(ExceptionGroup, match="could not be told"):
        told_of_new_lines(owner, "Fortinet; FortiOS; 7.2")
    assert [one.advisory for one in Telling.objects.all()] == [max(keys)[0]]


def test_an_answer_to_one_version_is_none_to_the_next_and_a_receipt_only_delays_the_call(shelf):
    owner = organisation()
    runs(owner, "Fortinet; FortiOS; 7.2")
    advisory, _ = first = shelf.publish(urgent=True)
    go(first)
    answered(owner, advisory, "patched")
    assert called() == []
    go(shelf.publish(advisory=advisory, urgent=True, remedy="7.4.1 does not help: switch it off."))
    with tenancy.acting(member(owner)) as actor:
        assert reads.waiting(actor, owner.id).exists()
        assert reads.access_matter(actor, owner.id, advisory).waits
    answered(owner, advisory, "received")
    assert called() == []
    Exposure.objects.filter(answer="received").update(at=timezone.now() - timedelta(hours=5))
    Concern.objects.update(renewed_at=None)
    assert called() == ["Bakkerij Korst"]
    answered(owner, advisory, "working")
    assert called() == []


def test_an_old_version_that_runs_late_changes_nothing(shelf):
    runs(organisation(), "Fortinet; FortiOS; 7.2")
    advisory, _ = first = shelf.publish()
    second = shelf.publish(advisory=advisory, remedy="Update to 7.4.2.")
    go(second)
    assert running.run(*first) == 0
    assert go(first) == 0
    assert Match.objects.get().version == 2
    assert list(Concern.objects.values_list("version", flat=True)) == [2]


def test_an_advisory_for_few_reaches_only_those_that_it_names(shelf):
    named = organisation("Waterkant", mail="ciso@waterkant.example")
    for owner in (named, organisation("Bakkerij", mail="info@bakkerij.example")):
        runs(owner, "Fortinet; FortiOS; 7.2")
    go(shelf.publish(tlp="AMBER", recipients=frozenset({named.id})))
    assert list(letters()) == ["ciso@waterkant.example"]


@pytest.mark.parametrize("withdrawn", [False, True])
def test_a_next_version_for_few_says_nothing_but_its_number_to_whom_it_does_not_name(shelf, withdrawn):
    named = organisation("Waterkant", mail="ciso@waterkant.example")
    other = organisation("Bakkerij", mail="info@bakkerij.example")
    for owner in (named, other):
        runs(owner, "Fortinet; FortiOS; 7.2")
    advisory, _ = first = shelf.publish()
    go(first)
    said = dict.fromkeys(("nl", "en"), "GEHEIM")
    how = {"tlp": "AMBER+STRICT", "recipients": frozenset({named.id}), "title": said, "summary": said, "text": said}
    go(shelf.publish("7.0", advisory=advisory, withdrawn=withdrawn, **how))
    sent = letters()
    assert "GEHEIM" in sent["ciso@waterkant.example"]
    assert "DW-2026-0001: niet meer voor u bestemd" in sent["info@bakkerij.example"]
    assert not [word for word in ("GEHEIM", "STRICT", "ingetrokken", "http") if word in sent["info@bakkerij.example"]]
    with tenancy.acting(member(other)) as actor:
        seen = reads.access_matter(actor, other.id, advisory)
        assert (seen.advisory.text["nl"], seen.advisory.title["nl"], seen.ran) == ("", "niet meer voor u bestemd", [])
        assert not reads.waiting(actor, other.id).exists()


def test_an_advisory_without_products_is_told_to_each_that_it_names(shelf):
    named = organisation("Waterkant", mail="ciso@waterkant.example")
    runs(organisation("Bakkerij", mail="info@bakkerij.example"), "Fortinet; FortiOS; 7.2")
    key = shelf.publish(
        "", tlp="AMBER", recipients=frozenset({named.id}), address="https://centre.example/advisories/1"
    )
    assert go(key) == 1
    assert go(key) == 0
    assert list(letters()) == ["ciso@waterkant.example"]
    text = letters()["ciso@waterkant.example"]
    assert "Dit advies is voor u bestemd." in text
    assert "?next=%2Fadvisories%2F1" in text  # behind the sign-in: for others it is not there


def subscribed(owner):
    return Subscription.objects.create(
        organisation=owner,
        product="advisories",
        consent_version=1,
        consent_sha256="0" * 64,
        language="nl",
        given_by="x",
    )


def test_who_subscribed_and_told_nothing_of_what_they_run_gets_every_public_advisory(shelf):
    subscribed(organisation())
    teller = organisation("Teller", mail="info@teller.example")
    subscribed(teller)
    runs(teller, "nginx 1.2")
    go(shelf.publish())
    go(shelf.publish(tlp="AMBER", recipients=frozenset(), number="DW-2026-0002"))
    assert list(letters()) == ["veiligheid@korst.example"]
    assert "hebt geabonneerd" in letters()["veiligheid@korst.example"]


def relay_of(member, **mandate):
    relay = organisation("Schakel", mail="csirt@schakel.example")
    Organisation.objects.filter(id=relay.id).update(kind="relay")
    how = {"informations": ["vulnerability"], "confidentiality": True}
    Mandate.objects.create(relay=relay, member=member, valid_from=timezone.localdate(), **{**how, **mandate})
    return relay


def test_a_relay_hears_of_its_member_by_mandate_and_the_ground_is_kept(shelf):
    member = organisation("Lid", mail="info@lid.example")
    relay_of(member)
    runs(member, "Fortinet; FortiOS; 7.2")
    go(shelf.publish())
    assert set(letters()) == {"info@lid.example", "csirt@schakel.example"}
    assert "Lid gebruikt Fortinet FortiOS 7.2" in letters()["csirt@schakel.example"]
    ways = Telling.objects.values_list("route", "decision_id")
    assert {route for route, _ in ways} == {"direct", "relay"}
    assert Decision.objects.filter(id__in=[number for _, number in ways]).exists()


@pytest.mark.parametrize("lacking", [{"informations": ["victim"]}, {"confidentiality": False}, {"status": "suspended"}])
def test_a_relay_whose_mandate_does_not_reach_so_far_hears_nothing(shelf, lacking):
    member = organisation("Lid", mail="info@lid.example")
    relay_of(member, **lacking)
    runs(member, "Fortinet; FortiOS; 7.2")
    go(shelf.publish())
    assert list(letters()) == ["info@lid.example"]


def test_what_comes_back_goes_to_the_next_contact_and_each_disclosure_is_recorded(shelf):
    owner = organisation()
    second = Contact.objects.create(organisation=owner, email="tweede@korst.example", role="technical")
    runs(owner, "Fortinet; FortiOS; 7.2")
    go(shelf.publish())
    from dijkwacht.rooms.advisories.delivery import following

    following.bounced(message=Message.objects.get(), reason="no such user")
    dispatching.dispatch_due()
    assert set(letters()) == {"veiligheid@korst.example", "tweede@korst.example"}
    assert Contact.objects.exclude(id=second.id).get().status == "bouncing"
    assert Event.objects.filter(action="advisories:telling:disclose", organisation=owner.id).count() == 2


def test_an_urgent_advisory_that_nobody_answers_is_on_the_calling_list_and_what_is_said_is_an_answer(shelf):
    from tests.notification.world import officer

    from dijkwacht.rooms.advisories.delivery import following
    from dijkwacht.rooms.advisories.delivery.models import Exposure
    from dijkwacht.rooms.notification import following as notices
    from dijkwacht.rooms.notification.models import Call

    runs(organisation(), "Fortinet; FortiOS; 7.2")
    go(shelf.publish(urgent=True))
    assert following.escalate() == 0
    Telling.objects.update(sent_at=timezone.now() - timedelta(hours=5))
    assert following.escalate() == 1
    assert following.escalate() == 0
    call = Call.objects.get()
    assert call.subject == "DW-2026-0001: Lek in FortiOS"
    with tenancy.acting(officer()) as actor:
        notices.record_call(actor=actor, call=call.pk, result="Zij werken vannacht bij", acknowledged=True)
    said = Exposure.objects.get()
    assert (said.answer, said.how, said.note) == ("working", "phone", "Zij werken vannacht bij")
    assert Match.objects.get().status == "in_progress"


def test_an_organisation_without_a_contact_is_called_about_what_is_urgent(shelf):
    from dijkwacht.rooms.advisories.delivery import following
    from dijkwacht.rooms.notification.models import Call

    runs(organisation(mail=""), "Fortinet; FortiOS; 7.2")
    go(shelf.publish(urgent=True))
    assert Telling.objects.get().state == "no-contact"
    Telling.objects.update(created_at=timezone.now() - timedelta(hours=5))
    following.escalate()
    assert Call.objects.get().why == "unreached"


def test_an_organisation_that_left_is_not_told_any_more(shelf):
    from dijkwacht.rooms.registry import events

    owner = organisation(rhythm="weekly")
    row = runs(owner, "Fortinet; FortiOS; 7.2")
    go(shelf.publish())
    events.organisation_left.send(Organisation, organisation=owner.id, actor=TEST)
    assert Telling.objects.get().state == "cancelled"
    row.refresh_from_db()
    assert row.removed_at is not None
    assert not row.lines.filter(removed_at=None).exists()


def test_what_an_analyst_says_of_a_name_is_matched_again_and_told(shelf):
    from tests.notification.world import officer

    from dijkwacht.rooms.advisories.catalogue import actions as catalogue
    from dijkwacht.rooms.advisories.catalogue import web
    from dijkwacht.rooms.advisories.catalogue.models import Question
    from dijkwacht.rooms.advisories.delivery.tasks import run_all

    runs(organisation(), "Acme; Wall Guard; 1.0")
    go(shelf.publish("2.0", product=("Acme", "Wall Guard Pro")))
    assert not letters()
    question = Question.objects.get()
    assert web._item(question) == "DW-2026-0001"  # an advisory of ours is named by its number
    with tenancy.acting(officer()) as actor:
        catalogue.judge(actor=actor, question=question.id, answer="yes")
    assert run_all() == 1
    assert run_all() == 0
    assert Concern.objects.get().sure


def test_a_name_that_turns_out_to_be_another_product_is_no_match_any_more(shelf):
    from tests.notification.world import officer

    from dijkwacht.rooms.advisories.catalogue import actions as catalogue
    from dijkwacht.rooms.advisories.catalogue.models import Question
    from dijkwacht.rooms.advisories.delivery.tasks import run_all

    runs(organisation(), "FortiOS 7.2")
    go(shelf.publish())
    assert "Wij weten niet zeker of dit hetzelfde product is" in letters()["veiligheid@korst.example"]
    with tenancy.acting(officer()) as actor:
        catalogue.judge(actor=actor, question=Question.objects.get().id, answer="no")
    run_all()
    assert not Match.objects.filter(ended_at=None).exists()
    dispatching.dispatch_due()
    assert "is dat niet (meer) zo" in letters()["veiligheid@korst.example"]
    assert Concern.objects.get().verdict == "not_affected"
