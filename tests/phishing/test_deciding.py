"""From a campaign to a warning, or to people: by the job that hears of it."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.phishing import shield

from dijkwacht.platform import tenancy
from dijkwacht.rooms.phishing import errors, events
from dijkwacht.rooms.phishing.campaigns.models import Campaign
from dijkwacht.rooms.phishing.deciding import actions, brakes, people, reads, tasks
from dijkwacht.rooms.phishing.deciding.models import Decision, Halt, Removal, Review
from dijkwacht.rooms.phishing.listing import actions as listing
from dijkwacht.rooms.phishing.listing import order
from dijkwacht.rooms.phishing.listing.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_the_centre():
    with tenancy.acting(shield.MACHINE):
        yield


def judge(campaign, why="new"):
    outcome = actions.judge(actor=shield.MACHINE, campaign=campaign.id, why=why)
    campaign.refresh_from_db()
    return outcome


def warned():
    return {(one.kind, one.name) for one in Entry.objects.filter(removed_at=None)}


def test_a_campaign_that_changed_is_judged_by_a_job_and_warned_for():
    campaign = shield.campaign(pages=True)
    events.campaign_changed.send(Campaign, campaign=campaign.id, why="new")
    events.campaign_changed.send(Campaign, campaign=campaign.id, why="new")
    job = ProcrastinateJob.objects.get(task_name="phishing.judge")
    tasks.judge(**job.args)
    campaign.refresh_from_db()
    assert campaign.verdict == "phishing"
    assert warned() == {("host", "postnl-bezorging.example")}
    entry = Entry.objects.get()
    assert entry.blast_radius["why"] == "dedicated"
    decision = Decision.objects.get()
    assert decision.automatic
    assert reads.replay(decision).same


def test_what_may_warn_or_free_somebody_is_judged_before_a_mail_in_which_nothing_was_found():
    told = [{"why": "new", "pressing": False}, {"why": "new", "pressing": True}, {"why": "appeal"}, {"why": "page"}]
    for one in told:
        events.campaign_changed.send(Campaign, campaign=shield.campaign().id, **one)
    jobs = ProcrastinateJob.objects.filter(task_name="phishing.judge")
    assert [one.args["why"] for one in jobs.order_by("-priority", "id")] == ["appeal", "page", "new", "new"]
    assert jobs.get(priority=tasks.LATER).id == min(one.id for one in jobs)


def test_judging_again_spends_nothing():
    campaign = shield.campaign(pages=True)
    judge(campaign)
    before = brakes.left()
    judge(campaign)
    assert brakes.left() == before
    assert Decision.objects.count() == 1


def test_evidence_of_one_family_goes_to_people():
    campaign = shield.campaign('<a href="https://bezorging.example/x">www.postnl.example</a>')
    assert judge(campaign).route == "people"
    assert campaign.verdict == "suspicious"
    assert [one.campaign for one in reads.queue(shield.officer())] == [campaign]
    assert not warned()


def test_a_link_of_a_shared_host_is_one_url_and_a_request_to_its_owner():
    campaign = shield.campaign('<a href="https://sites.google.com/view/postnl">https://postnl.example</a>')
    assert judge(campaign).route == "people"
    url = "https://sites.google.com/view/postnl"
    people.decide(
        actor=shield.officer(), campaign=campaign.id, verdict="phishing", reason="nep", targets=[f"url {url}"]
    )
    proposal = Decision.objects.get()
    assert proposal.state == "proposed"  # the host is much visited
    people.answer(actor=shield.officer(), decision=proposal.id, agree=True, reason="ja")
    assert warned() == {("url", url)}
    takedown = campaign.takedowns.get()
    assert takedown.contact.email == "abuse@google.com"
    assert takedown.sent_at is None  # nobody released this contact yet


def test_the_budget_opens_the_breaker_and_an_officer_closes_it(settings):
    settings.PHISHING_BLOCKS_PER_HOUR = 1
    judge(shield.campaign(pages=True))
    assert brakes.halted().why == "budget"
    second = shield.campaign('<a href="https://postnl-pakket.example/x">Betaal</a>', pages=True)
    assert judge(second).why == ["route-breaker"]
    with pytest.raises(errors.ReasonMissing):
        brakes.start(actor=shield.officer(), reason=" ")
    brakes.start(actor=shield.officer(), reason="bekeken: echte golf")
    assert judge(second).route == "block"
    assert Halt.objects.count() == 2


def test_wrong_blocks_open_the_breaker():
    for number in range(5):
        judge(shield.campaign(f'<a href="https://postnl-pakket{number}.example/x">Betaal</a>', pages=True))
    person = shield.officer()
    for number in range(3):
        listing.unblock(actor=person, name=f"postnl-pakket{number}.example", reason="bezwaar terecht")
    for job in ProcrastinateJob.objects.filter(task_name="phishing.removed"):
        tasks.removed(**job.args)
    assert Removal.objects.count() == 3
    assert brakes.halted().why == "false-blocks"
    assert Campaign.objects.filter(verdict="legitimate").count() == 3


PLACES = {
    "bank": ('<a href="https://ing-actie.example/x">Hier</a>', "host ing-actie.example"),
    "government": (
        '<a href="https://kind.utrecht.nl/nieuws">www.postnl.example</a>',
        "url https://kind.utrecht.nl/nieuws",
    ),
    "top": ('<a href="https://www.tweakers.net/nieuws">www.postnl.example</a>', "url https://www.tweakers.net/nieuws"),
}


@pytest.mark.parametrize("place", PLACES)
def test_two_people_decide_on_banks_governments_and_much_visited_hosts(place):
    html, key = PLACES[place]
    campaign = shield.campaign(html, sender="x@y.example", subject="Hallo")
    judge(campaign)
    assert not warned()
    first, second = shield.officer(), shield.officer()
    target = [key]
    people.decide(actor=first, campaign=campaign.id, verdict="phishing", reason="gekraakt", targets=target)
    proposal = Decision.objects.get()
    with pytest.raises(errors.SamePerson):
        people.answer(actor=first, decision=proposal.id, agree=True, reason="ja")
    assert not warned()
    people.answer(actor=second, decision=proposal.id, agree=True, reason="gezien")
    assert warned() == {tuple(key.split(" "))}


def test_a_bank_itself_is_offered_to_nobody():
    campaign = shield.campaign('<a href="https://www.ing.nl/x">www.postnl.example</a>')
    with pytest.raises(errors.NothingToWarnFor):
        people.decide(
            actor=shield.officer(),
            campaign=campaign.id,
            verdict="phishing",
            reason="x",
            targets=["url https://www.ing.nl/x"],
        )


def test_what_a_person_decided_stands_until_the_rules_say_something_else():
    campaign = shield.campaign(pages=True)
    people.decide(actor=shield.officer(), campaign=campaign.id, verdict="legitimate", reason="is van hen")
    judge(campaign, why="corroboration")
    assert campaign.verdict == "legitimate"
    assert not warned()
    assert Review.objects.get().state == "done"
    judge(campaign, why="appeal")
    assert Review.objects.get().state == "waiting"


def test_a_decision_that_was_wrong_is_turned_around():
    campaign = shield.campaign(pages=True)
    judge(campaign)
    people.decide(actor=shield.officer(), campaign=campaign.id, verdict="legitimate", reason="vergissing")
    campaign.refresh_from_db()
    assert campaign.verdict == "legitimate"
    assert not warned()


def test_a_bare_address_goes_to_people_who_may_warn_for_it():
    campaign = shield.campaign('<a href="https://45.9.8.7/digid/activeren">Activeer</a>', pages=True)
    assert judge(campaign).route == "people"
    people.decide(
        actor=shield.officer(), campaign=campaign.id, verdict="phishing", reason="x", targets=["host 45.9.8.7"]
    )
    assert warned() == {("host", "45.9.8.7")}


def test_hosts_of_one_campaign_under_one_private_name_become_that_name():
    hosts = ["een", "twee", "drie"]
    html = "".join(f'<a href="https://{host}.postnl-x.netlify.app/a9">Betaal</a> ' for host in hosts)
    assert judge(shield.campaign(html, pages=True)).route == "block"
    assert warned() == {("name", "postnl-x.netlify.app")}


def test_hosts_under_one_registrable_domain_go_to_two_people():
    html = "".join(f'<a href="https://h{number}.postnl-x.nl/a9">Betaal</a> ' for number in range(3))
    campaign = shield.campaign(html, pages=True)
    outcome = judge(campaign)
    assert (outcome.route, outcome.why) == ("people", ["route-domain"])
    people.decide(
        actor=shield.officer(), campaign=campaign.id, verdict="phishing", reason="x", targets=["domain postnl-x.nl"]
    )
    assert not warned()
    assert Decision.objects.get().state == "proposed"


def test_the_jobs_of_the_machine_keep_a_lease_while_mails_come_and_let_it_end_after():
    campaign = shield.campaign(pages=True)
    judge(campaign)
    Entry.objects.update(lease_until=shield.long_ago(minutes=-5))
    judge(campaign, why="list")
    assert Entry.objects.get().lease_until > shield.long_ago(hours=-1)
    Campaign.objects.update(last_at=shield.long_ago(days=3))
    Entry.objects.update(lease_until=shield.long_ago(minutes=-5))
    judge(campaign, why="list")
    assert Entry.objects.get().lease_until < shield.long_ago(hours=-1)


def freed_by(actor, name="postnl-bezorging.example", reason="bezwaar terecht"):
    listing.unblock(actor=actor, name=name, reason=reason)
    for job in ProcrastinateJob.objects.filter(task_name="phishing.removed"):
        tasks.removed(**job.args)


def test_who_was_freed_is_not_blocked_again_by_the_next_mail():
    judge(shield.campaign(pages=True))
    freed_by(shield.officer())
    again = judge(shield.campaign('<a href="https://www.postnl-bezorging.example/anders">Betaal</a>', pages=True))
    assert (again.route, again.why) == ("people", ["route-freed-before"])
    assert not warned()
    Entry.objects.update(removed_at=shield.long_ago(days=31))
    assert judge(shield.campaign('<a href="https://postnl-bezorging.example/3">Nu</a>', pages=True)).route == "block"


def test_what_only_ended_may_be_warned_for_again():
    judge(shield.campaign(pages=True))
    Entry.objects.update(lease_until=shield.long_ago(minutes=1))
    listing.end_leases(actor=shield.MACHINE)
    assert judge(shield.campaign('<a href="https://postnl-bezorging.example/2">Nu</a>', pages=True)).route == "block"


def test_a_judgement_that_waited_for_the_list_hears_who_was_freed_meanwhile(monkeypatch):
    campaign = shield.campaign(pages=True)
    judge(campaign)
    Decision.objects.all().delete()
    monkeypatch.setattr(order, "lock", lambda lock=order.lock: (lock(), freed_meanwhile()))

    def freed_meanwhile():
        Entry.objects.update(removed_at=shield.long_ago(seconds=1), removed_by="a person", removed_why="vergissing")

    assert judge(campaign).why == ["route-freed-before"]
    assert not warned()


def two_campaigns():
    """Two mails of one host: one entry."""
    made = [
        shield.campaign(f'<a href="https://postnl-bezorging.example/{name}">Betaal</a>', pages=True) for name in "ab"
    ]
    for one in made:
        judge(one)
    assert Entry.objects.get().campaigns.count() == 2
    return made


def test_an_entry_of_two_campaigns_stands_until_the_last_is_over():
    first, second = two_campaigns()
    people.decide(actor=shield.officer(), campaign=first.id, verdict="cannot-say", reason="twijfel")
    assert warned() == {("host", "postnl-bezorging.example")}
    assert Entry.objects.get().campaign == second
    people.decide(actor=shield.officer(), campaign=second.id, verdict="cannot-say", reason="twijfel")
    assert not warned()


def test_legitimate_frees_for_every_campaign_and_the_others_are_judged_anew():
    first, second = two_campaigns()
    ProcrastinateJob.objects.all().delete()
    people.decide(actor=shield.officer(), campaign=first.id, verdict="legitimate", reason="is van hen")
    assert not warned()
    for name, job in (("phishing.removed", tasks.removed), ("phishing.judge", tasks.judge)):
        for one in ProcrastinateJob.objects.filter(task_name=name):
            job(**one.args)
    second.refresh_from_db()
    assert second.verdict == "suspicious"
    assert Review.objects.get(campaign=second, state="waiting").why == ["route-freed-before"]


def test_an_entry_is_renewed_while_one_of_its_campaigns_lives():
    first, second = two_campaigns()
    Campaign.objects.filter(id=first.id).update(last_at=shield.long_ago(days=3))
    Entry.objects.update(lease_until=shield.long_ago(minutes=-5))
    ProcrastinateJob.objects.all().delete()
    listing.ask_recheck(actor=shield.MACHINE, before=timedelta(hours=1))
    asked = ProcrastinateJob.objects.filter(task_name="phishing.judge")
    assert {one.args["campaign"] for one in asked} == {str(first.id), str(second.id)}
    for one in asked:
        tasks.judge(**one.args)
    assert Entry.objects.get().lease_until > shield.long_ago(hours=-1)


def test_an_appeal_against_the_machines_own_warning_goes_to_people():
    campaign = shield.campaign(pages=True)
    judge(campaign)
    judge(campaign, why="appeal")
    assert (Review.objects.get().state, Review.objects.get().why) == ("waiting", ["route-appeal"])
    judge(campaign, why="page")
    assert Review.objects.get().state == "waiting"
    assert warned()


def test_mail_and_name_wait_for_the_page_and_are_warned_for_once_it_speaks():
    campaign = shield.campaign()
    outcome = judge(campaign)
    assert (outcome.route, outcome.why, campaign.verdict) == ("people", ["route-no-page"], "suspicious")
    assert not warned()
    shield.looked(campaign, "https://postnl-bezorging.example/x")
    assert judge(campaign, why="page").route == "block"
    assert warned() == {("host", "postnl-bezorging.example")}
    assert Review.objects.get().state == "done"
