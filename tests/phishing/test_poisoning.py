"""Somebody tries to have a place blocked that is no phishing: each attack is played, and warns for nothing."""

import pytest
from tests.phishing import shield

from dijkwacht.platform import tenancy
from dijkwacht.rooms.phishing.campaigns.models import Report
from dijkwacht.rooms.phishing.deciding import actions, people, reputations, showing
from dijkwacht.rooms.phishing.deciding.models import Known, KnownName, Reputation
from dijkwacht.rooms.phishing.fetching.pages import Page
from dijkwacht.rooms.phishing.listing.models import Entry

pytestmark = pytest.mark.django_db
SHOP = '<a href="https://concurrent.example/winkel">Bekijk de aanbieding</a>'
FORGED = '<a href="https://concurrent.example/winkel">www.postnl.example</a>'  # a mail that the attacker wrote


@pytest.fixture(autouse=True)
def at_the_centre():
    with tenancy.acting(shield.MACHINE):
        yield


def judged(campaign):
    outcome = actions.judge(actor=shield.MACHINE, campaign=campaign.id)
    campaign.refresh_from_db()
    return outcome


def nothing_is_warned_for():
    return not Entry.objects.filter(removed_at=None).exists()


def test_one_person_with_many_addresses_in_one_network_is_one_word():
    campaign = shield.campaign(FORGED, mails=500)
    shield.reported(campaign, 200, network="one", known=20)
    outcome = judged(campaign)
    assert "corroborated" not in [one.code for one in outcome.reason]
    assert nothing_is_warned_for()


def test_a_botnet_that_reports_a_bank_gets_nothing():
    campaign = shield.campaign('<a href="https://www.ing.nl/inloggen">Log in</a>', mails=10_000)
    shield.reported(campaign, 300)
    assert judged(campaign).verdict == "own"
    assert nothing_is_warned_for()


def test_a_botnet_with_a_past_still_gets_no_bank():
    """Even reporters who were right before, from many networks: a protected brand is never warned for."""
    campaign = shield.campaign('<a href="https://www.ing.nl/inloggen">www.postnl.example</a>', mails=10_000)
    shield.reported(campaign, 50, known=30)
    assert judged(campaign).route != "block"
    assert nothing_is_warned_for()


@pytest.mark.parametrize("mail", [SHOP, FORGED], ids=["honest-mail", "forged-mail"])
def test_a_competitors_shop_goes_to_people_however_many_report_it(mail):
    """Whoever reports also wrote the mail: its content and their number are of one cause."""
    campaign = shield.campaign(mail, mails=5_000)
    shield.reported(campaign, 100, known=10)
    assert judged(campaign).route == "people"
    assert nothing_is_warned_for()


def test_our_own_portal_is_never_warned_for(settings):
    settings.BASE_URL = "https://postnl-meldpunt.example"
    campaign = shield.campaign('<a href="https://postnl-meldpunt.example/x9">Betaal</a>', mails=1_000, pages=True)
    shield.reported(campaign, 50, known=30)
    outcome = judged(campaign)
    assert (outcome.verdict, outcome.route) == ("own", "none")
    assert people.offered(shield.case(campaign)) == {}
    assert nothing_is_warned_for()


def test_a_newsletter_that_many_dislike_goes_to_people():
    campaign = shield.campaign(
        '<a href="https://wijkkrant.example/november">Lees verder</a>', sender="Wijkkrant <k@wijkkrant.example>"
    )
    shield.reported(campaign, 400)
    outcome = judged(campaign)
    assert (outcome.route, outcome.why) == ("people", ["route-only-reports"])
    assert nothing_is_warned_for()


def test_a_legitimate_link_beside_next_to_nothing_goes_to_nobody():
    campaign = shield.campaign('<a href="https://www.gemeentehuis.example/paspoort">Hier</a>', sender="a@b.example")
    shield.reported(campaign, 3, known=30)
    assert judged(campaign).route != "block"
    assert nothing_is_warned_for()


def test_a_legitimate_link_beside_a_phishing_link_is_not_warned_for():
    campaign = shield.campaign(
        '<a href="https://postnl-bezorging.example/betaal">Betaal</a> <a href="https://krant.example/stuk">krant</a>'
    )
    shield.looked(campaign, "https://postnl-bezorging.example/betaal")
    judged(campaign)
    assert [one.name for one in Entry.objects.all()] == ["postnl-bezorging.example"]


def test_reports_without_an_aligned_signature_weigh_nothing():
    """Forged DKIM: intake marks what is not aligned with From as not verified; known names do not help then."""
    campaign = shield.campaign(FORGED)
    shield.reported(campaign, 50, known=30, verified=False)
    assert [*reputations.words_of(campaign, shield.long_ago())] == []
    assert judged(campaign).route == "people"
    people.decide(actor=shield.officer(), campaign=campaign.id, verdict="legitimate", reason="vals gemeld")
    assert set(Reputation.objects.values_list("refuted", flat=True)) == {0.0}


def test_who_was_wrong_loses_the_word():
    campaign = shield.campaign(SHOP, mails=50)
    shield.reported(campaign, 5, known=2)
    before = sum(word.source for word in reputations.words_of(campaign, shield.long_ago()))
    people.decide(actor=shield.officer(), campaign=campaign.id, verdict="legitimate", reason="is een winkel")
    after = sum(word.source for word in reputations.words_of(campaign, shield.long_ago()))
    assert after < before / 2


def test_a_decision_that_is_turned_around_takes_back_what_it_counted():
    campaign = shield.campaign(FORGED)
    shield.reported(campaign, 1, known=1)
    key = Report.objects.values_list("source", flat=True).get()
    for verdict, targets in (("legitimate", []), ("phishing", ["host concurrent.example"])):
        people.decide(actor=shield.officer(), campaign=campaign.id, verdict=verdict, reason="x", targets=targets)
    row = Reputation.objects.get(kind="source", key=key)
    assert (round(row.confirmed, 3), round(row.refuted, 3)) == (2.0, 0.0)


@pytest.mark.parametrize(
    ("mail", "sender"), [(SHOP, "a@b.example"), (FORGED, "PostNL <p@b.example>")], ids=["honest", "forged"]
)
def test_a_list_and_reporters_and_a_forged_mail_go_to_people(mail, sender):
    known = Known.objects.create(slug="lijst", kind="phishing", licence="CC0", source="x", digest="0", rows=1)
    KnownName.objects.create(known=known, name="concurrent.example", domain="concurrent.example")
    campaign = shield.campaign(mail, sender=sender, subject="Hallo")
    shield.reported(campaign, 30, known=30)
    outcome = judged(campaign)
    assert {one.family for one in outcome.reason} >= {"list", "corroboration"}
    assert outcome.route == "people"
    assert nothing_is_warned_for()


def test_reporters_with_a_past_from_many_networks_confirm_a_name_that_imitates():
    """The other side: with infrastructure, corroboration does what it is for."""
    campaign = shield.campaign('<a href="https://postnl-x.example/a">Hier</a>', sender="a@b.example", subject="Hallo")
    assert judged(campaign).route == "people"
    shield.reported(campaign, 5, known=8)
    assert judged(campaign).route == "block"


def partners(campaign, count, *, wrong=0):
    """Reports with the tokens of `count` organisations."""
    for number in range(count):
        source = f"partner:organisatie-{number}"
        Report.objects.create(campaign=campaign, vault="0" * 64, door="api", source=source, network="", verified=True)
        if wrong:
            Reputation.objects.create(kind="source", key=source, confirmed=0, refuted=wrong)


@pytest.mark.parametrize(("count", "wrong", "route"), [(1, 0, "people"), (2, 0, "block"), (2, 2, "people")])
def test_one_organisations_token_is_one_word_and_two_confirm(count, wrong, route):
    campaign = shield.campaign('<a href="https://postnl-x.example/a">Hier</a>', sender="a@b.example", subject="Hallo")
    partners(campaign, count, wrong=wrong)
    for _ in range(3):  # more reports of the same are no more organisations
        source = "partner:organisatie-0"
        Report.objects.create(campaign=campaign, vault="0" * 64, door="api", source=source, network="x", verified=True)
    assert judged(campaign).route == route


@pytest.mark.parametrize("host", ["ideal-standard.nl", "ing-bouw.nl", "ideal.de"])
def test_one_forged_mail_with_a_brands_word_does_not_warn_for_an_honest_name_that_holds_it(host):
    brand = "ING" if host.startswith("ing") else "iDEAL"
    campaign = shield.campaign(f'<a href="https://{host}/badkamer">Betaal nu</a>', sender=f"{brand} <x@y.example>")
    outcome = judged(campaign)
    assert {one.family for one in outcome.reason} == {"content", "infrastructure"}
    assert (outcome.route, outcome.why) == ("people", ["route-no-page"])
    shield.looked(campaign, f"https://{host}/badkamer", page=Page(title="Badkamers"))
    assert judged(campaign).route == "people"
    assert nothing_is_warned_for()


def test_a_page_of_a_shared_host_that_was_read_from_a_picture_waits_for_a_person():
    """A letter behind the name may be read wrong: then it is somebody else's page."""
    read, clicked = "https://bit.ly/3xYz9Qk", "https://bit.ly/4AbCdEf"
    campaigns = [
        shield.campaign(f'<a href="{link}">Betaal</a>', sender="PostNL <x@y.example>") for link in (read, clicked)
    ]
    for campaign, link in zip(campaigns, (read, clicked), strict=True):
        shield.looked(campaign, link)
        shield.reported(campaign, 5, known=8)
    campaigns[0].analysis["links"][0]["link"]["where"] = "picture"
    campaigns[0].save()
    outcome = judged(campaigns[0])
    assert (outcome.route, outcome.why) == ("people", ["route-read-from-picture"])
    assert nothing_is_warned_for()
    case = shield.case(campaigns[0])
    assert f"url {read}" in people.offered(case)
    assert [one["read"] for one in showing.shown_case(campaigns[0], case, "nl")["links"]] == [True]
    assert judged(campaigns[1]).route == "block"  # of a link that could be clicked the same evidence is enough


def test_an_honest_site_that_leads_on_whoever_asks_is_not_warned_for():
    """An open redirect: the page at its end is phishing, and of somebody else."""
    link, end = "https://www.wijkkrant.nl/uit?u=evil", "https://postnl-inlog.evil-host.nl/x"
    campaign = shield.campaign(f'<a href="{link}">Betaal</a>', sender="a@b.example")
    shield.looked(campaign, link, final=end)
    shield.reported(campaign, 5, known=8)
    outcome = judged(campaign)
    assert (outcome.route, outcome.why) == ("people", ["route-leads-elsewhere"])
    assert {(one.kind, one.name) for one in outcome.targets} == {("url", link), ("host", "postnl-inlog.evil-host.nl")}
    assert nothing_is_warned_for()
    assert {f"url {end}", "host postnl-inlog.evil-host.nl"} <= people.offered(shield.case(campaign)).keys()
