"""The desk of people who decide: what it shows, what it measures, and that nothing of a mail comes alive there."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone
from tests.accounts.people import person
from tests.mails import letters
from tests.phishing import shield

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.phishing import errors
from dijkwacht.rooms.phishing.campaigns.models import Campaign, Report
from dijkwacht.rooms.phishing.deciding import actions, importing, inert, own, people, reads, takedowns
from dijkwacht.rooms.phishing.deciding.models import AbuseContact, Decision, Known, Review
from dijkwacht.rooms.phishing.figures import counting
from dijkwacht.rooms.phishing.intake import vault
from dijkwacht.rooms.phishing.judging.radius import guard
from dijkwacht.rooms.phishing.judging.showing import defanged
from dijkwacht.rooms.phishing.judging.showing import letters as letters_of

pytestmark = pytest.mark.django_db
ONE_FAMILY = '<a href="https://bezorging.example/pakket">www.postnl.example</a>'


@pytest.fixture(autouse=True)
def at_the_centre():
    with tenancy.acting(shield.MACHINE):
        yield


def waiting(**how):
    campaign = shield.campaign(ONE_FAMILY, **how)
    actions.judge(actor=shield.MACHINE, campaign=campaign.id)
    return campaign


def signed_in(client, role=CentreRole.OFFICER):
    user = person(f"{role}@centre.example", centre=[role])
    client.force_login(user)
    return user


# --- pages ------------------------------------------------------------------------------------------------------------


def test_the_page_of_a_campaign_has_no_link_to_what_it_is_about(client, monkeypatch):
    campaign = waiting(subject="<script>alert(1)</script>")
    signed_in(client)
    page = client.get(f"/phishing/campaigns/{campaign.id}").content.decode()
    assert "hxxps://bezorging[.]example/pakket" in page
    assert "https://bezorging.example" not in re.sub(r'value="[^"]*"', "", page)
    assert not re.search(r'(href|src|action)="[^"]*bezorging', page)
    assert "<script>alert" not in page


def test_a_decision_by_form_is_timed_and_stored_and_says_who_by_name(client):
    campaign = waiting()
    user = signed_in(client)
    page = client.get(f"/phishing/campaigns/{campaign.id}").content.decode()
    opened = re.search(r'name="opened" value="([^"]+)"', page)[1]
    sent = {"verdict": "legitimate", "reason": "is van hen", "opened": opened}
    client.post(f"/phishing/campaigns/{campaign.id}", sent)
    decision = Decision.objects.get()
    assert decision.seconds is not None
    assert decision.seconds < 60
    page = client.get(f"/phishing/decisions/{decision.id}").content.decode()
    assert f"<bdi>{user.name or user.email}</bdi>" in page
    assert str(user.id) not in page


def test_a_time_that_was_made_up_is_not_measured(client):
    campaign = waiting()
    signed_in(client)
    client.post(f"/phishing/campaigns/{campaign.id}", {"verdict": "legitimate", "reason": "x", "opened": "1:2:3"})
    assert Decision.objects.get().seconds is None


def test_the_text_of_a_mail_is_shown_without_its_receiver_and_nothing_lives(client):
    raw = letters.suspicious(
        '<p>Beste Jansen, jansen@burger.example</p><img src="https://spoor.example/p.png"><script>alert(1)</script>',
        "html",
    ).as_bytes()
    now, campaign = timezone.now(), waiting()
    (sha256,) = vault.keep([raw], now)
    Report.objects.create(campaign=campaign, vault=sha256, door="smtp", source="s", received_at=now)
    parts = inert.mail_of(shield.officer(), campaign)
    assert "jansen@burger.example" not in str(parts)
    signed_in(client)
    answer = client.get(f"/phishing/campaigns/{campaign.id}/mail")
    page = answer.content.decode()
    assert "<script>alert" not in page
    assert not re.search(r"<img[^>]+spoor", page)
    assert "https://spoor.example" not in page
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_an_auditor_reads_and_decides_nothing(client):
    campaign = waiting()
    Campaign.objects.filter(id=campaign.id).update(brand="postnl")
    signed_in(client, CentreRole.AUDITOR)
    queue = client.get("/phishing/queue")
    assert (queue.status_code, b"<td>PostNL</td>" in queue.content) == (200, True)
    Campaign.objects.filter(id=campaign.id).update(subject="")  # as of what was handed in without a mail around it
    assert b"<bdi>bezorging.example</bdi></a>" in client.get("/phishing/queue").content
    sent = {"verdict": "legitimate", "reason": "x"}
    assert client.post(f"/phishing/campaigns/{campaign.id}", sent).status_code == 403


def test_confusables_of_a_host_are_named():
    (found,) = [one for one in letters_of("xn--pstnl-jye.example") if one.odd]
    assert "cyrillic" in found.odd
    assert found.odd.endswith("o")


def test_a_url_is_written_so_that_nobody_follows_it():
    assert defanged("https://a.b.example/c.d?e=f") == "hxxps://a[.]b[.]example/c.d?e=f"


# --- what is measured -------------------------------------------------------------------------------------------------


def test_the_most_urgent_comes_first():
    quiet, busy = waiting(), waiting()
    shield.reported(busy, 40)
    assert [one.campaign for one in reads.queue(shield.officer())] == [busy, quiet]


def test_two_windows_on_one_campaign_store_one_decision_and_the_other_hears_it(client):
    campaign = waiting()
    signed_in(client)
    where = f"/phishing/campaigns/{campaign.id}"
    seen = re.search(r'name="seen" value="([^"]*)"', client.get(where).content.decode())[1]
    client.post(where, {"verdict": "legitimate", "reason": "x", "seen": seen})
    answer = client.post(where, {"verdict": "suspicious", "reason": "y", "seen": seen}, follow=True)
    assert [one.verdict for one in Decision.objects.all()] == ["legitimate"]
    assert any("uw beslissing is niet opgeslagen" in str(one) for one in answer.context["messages"])
    again = re.search(r'name="seen" value="([^"]*)"', answer.content.decode())[1]
    client.post(where, {"verdict": "suspicious", "reason": "y", "seen": again})
    assert Decision.objects.count() == 2


def test_a_second_look_is_blind_and_counts_for_the_agreement(monkeypatch):
    monkeypatch.setattr(people, "SAMPLE", 1)
    campaign, first, second = waiting(), shield.officer(), shield.officer()
    decision = people.decide(actor=first, campaign=campaign.id, verdict="legitimate", reason="x")
    assert reads.second_looks(first) == []
    assert reads.second_looks(second) == [decision]
    with pytest.raises(errors.SamePerson):
        people.look_again(actor=first, decision=decision.id, verdict="legitimate", reason="x")
    people.look_again(actor=second, decision=decision.id, verdict="suspicious", reason="y")
    assert counting.agreement()[:2] == (0, 1)
    assert Review.objects.get().why == ["route-differs"]
    assert reads.second_looks(shield.officer()) == []


def test_the_page_of_a_second_look_tells_no_verdict(client):
    campaign = waiting()
    decision = people.decide(
        actor=shield.officer(), campaign=campaign.id, verdict="legitimate", reason="geheim-oordeel"
    )
    signed_in(client)
    page = client.get(f"/phishing/decisions/{decision.id}/again").content.decode()
    assert "geheim-oordeel" not in page
    assert f'/phishing/decisions/{decision.id}"' not in page


def test_a_decision_plays_again_as_it_was_and_says_so_when_the_rules_differ():
    decision = people.decide(actor=shield.officer(), campaign=waiting().id, verdict="legitimate", reason="x")
    assert reads.replay(decision).same
    decision.outcome["route"] = "block"
    assert not reads.replay(decision).same


# --- figures ----------------------------------------------------------------------------------------------------------


def test_the_public_figures_leave_out_small_counts_and_the_running_day(client):
    campaign = waiting()
    shield.reported(campaign, 12)
    for row in Report.objects.all():
        Report.objects.filter(id=row.id).update(received_at=row.received_at - timedelta(days=2))
    shield.reported(campaign, 3)
    (day,) = counting.days(timezone.now())
    assert day.counts == [12, None, None, None]
    assert client.get("/phishing/statistics").status_code == 200


def test_the_dashboard_counts_arrivals_and_what_waits(client):
    shield.reported(waiting(), 3)
    found = counting.dashboard(shield.officer())
    assert sum(one.mails for one in found["arrivals"]) == 3
    assert found["waiting"] == 1
    own.block(actor=shield.officer(), kind="domain", name="dief.example", reason="a proposal waits too")
    assert counting.dashboard(shield.officer())["waiting"] == 2
    assert counting.dashboard(shield.officer())["oldest"] == found["oldest"]
    signed_in(client)
    assert client.get("/phishing/dashboard").status_code == 200
    client.post("/phishing/machine", {"do": "stop", "reason": "proef"})
    assert counting.dashboard(shield.officer())["halt"].why == "officer"


# --- lists from elsewhere, contacts -----------------------------------------------------------------------------------


def test_a_top_list_protects_its_hosts_and_states_its_licence(tmp_path):
    file = tmp_path / "top.csv"
    file.write_text("1,groot.example\n2,postnl-bezorging.example\nniets\n")
    said = {"slug": "top", "kind": "top", "path": file, "source": "https://lijst.example"}
    with pytest.raises(errors.LicenceMissing):
        importing.take(actor=shield.officer(), licence=" ", **said)
    known, left = importing.take(actor=shield.officer(), licence="CC0-1.0", **said)
    assert (known.rows, left) == (2, 1)
    importing.take(actor=shield.officer(), licence="CC0-1.0", **said)
    assert Known.objects.get().rows == 2
    outcome = actions.judge(actor=shield.MACHINE, campaign=shield.campaign(pages=True).id)
    assert (outcome.route, outcome.why) == ("people", ["route-guard-top"])
    assert outcome.targets[0].kind == "url"


def test_a_contact_is_released_by_a_person_and_then_the_mail_leaves():
    campaign = shield.campaign('<a href="https://gratis-hosting.sharepoint.com/x9">www.postnl.example</a>')
    target = {"kind": "url", "name": "https://gratis-hosting.sharepoint.com/x9"}
    takedowns.ask(shield.MACHINE, campaign, target)
    assert not Message.objects.exists()
    takedowns.release(actor=shield.officer(), host=AbuseContact.objects.get().host, email="abuse@sharepoint.example")
    message = Message.objects.get()
    assert message.recipient == "abuse@sharepoint.example"
    assert b"hxxps://gratis-hosting[.]sharepoint[.]com" in bytes(message.body)
    takedowns.ask(shield.MACHINE, campaign, target)
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("www.ing.nl", "brand"),
        ("kind.utrecht.nl", "government"),
        ("x.gov", "government"),
        ("tweakers.net", "top"),
        ("meld.centrum.example", "own"),
        ("dief.example", ""),
    ],
)
def test_the_hard_list(host, expected):
    assert guard(host, frozenset({"centrum.example"})) == expected


def test_identifiers_are_what_samples():
    assert people.sampled(Decision(id=UUID(int=20)))
    assert not people.sampled(Decision(id=UUID(int=21)))
