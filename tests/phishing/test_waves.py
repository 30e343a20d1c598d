"""Campaigns that belong together stand and are decided together where each is plain, and lend each other nothing."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.accounts.people import person
from tests.phishing import shield

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.mails.sketch import sketch_of
from dijkwacht.platform import tenancy
from dijkwacht.rooms.phishing import errors
from dijkwacht.rooms.phishing.campaigns import rules as campaign_rules
from dijkwacht.rooms.phishing.campaigns.models import Campaign
from dijkwacht.rooms.phishing.deciding import brakes, people, reads, tasks, together
from dijkwacht.rooms.phishing.deciding.models import Decision, Halt, Review
from dijkwacht.rooms.phishing.fetching.certificates import Certificate
from dijkwacht.rooms.phishing.fetching.icons import Icon
from dijkwacht.rooms.phishing.fetching.looking import Hop
from dijkwacht.rooms.phishing.fetching.looking import Look as Seen
from dijkwacht.rooms.phishing.fetching.models import Look
from dijkwacht.rooms.phishing.fetching.pages import Page
from dijkwacht.rooms.phishing.listing.models import Entry
from dijkwacht.rooms.phishing.waves import actions as waves
from dijkwacht.rooms.phishing.waves import rules
from dijkwacht.rooms.phishing.waves.models import CampaignMark

pytestmark = pytest.mark.django_db
KIT = Page(title="PostNL", asks=["password"], brands=["postnl"], structure="a" * 64, fields="b" * 64)
HONEST = Page(title="Winkel", asks=["password"], structure="a" * 64, fields="b" * 64)  # of the same shop program
WORDS = [f"woord{number}" for number in range(60)]


@pytest.fixture(autouse=True)
def at_the_centre():
    with tenancy.acting(shield.MACHINE):
        yield


def judged(campaign):
    tasks.judge(str(campaign.id))
    campaign.refresh_from_db()
    return campaign


def on(host, *, page=KIT, kit="k" * 32, url="", words=None, seen=True):
    """A campaign whose link leads to a host, with what the looker saw there."""
    url = url or f"https://{host}/"
    made = shield.campaign(f'<a href="{url}">Betaal</a>')
    if words is not None:
        made.sketch = sketch_of(words)
        made.marks = campaign_rules._marks([], made.sketch)
        made.save()
    if seen:
        shield.looked(made, url, page=page)
        row = Look.objects.get(campaigns=made)
        row.kit, row.seen = kit, {**row.seen, "kit": kit}
        row.save()
    return made


def in_queue(campaign, *why):
    Review.objects.update_or_create(campaign=campaign, defaults={"state": "waiting", "why": [*why]})
    return campaign


def live():
    return sorted(Entry.objects.filter(removed_at=None).values_list("name", flat=True))


# --- who is kin -------------------------------------------------------------------------------------------------------


def test_one_kit_on_thirty_domains_is_one_wave_and_thirty_campaigns():
    found = [judged(on(f"h{number}.example")) for number in range(30)]
    assert {one.wave for one in found[1:]} == {found[0].id}
    assert Campaign.objects.get(id=found[0].id).wave == found[0].id
    assert Campaign.objects.count() == 30


def test_one_mail_with_other_links_is_one_wave_before_any_page_was_seen():
    one, other = (on(host, words=WORDS, seen=False) for host in ("een.example", "twee.example"))
    judged(one)
    assert judged(other).wave == judged(one).wave is not None


def test_the_text_of_a_mail_must_be_alike():
    judged(on("een.example", words=WORDS, seen=False))
    assert judged(on("twee.example", words=[f"ander{word}" for word in WORDS], seen=False)).wave is None


def test_a_page_that_asks_nothing_gives_no_marks():
    shop = Page(title="Winkel", structure="a" * 64, fields="b" * 64)
    judged(on("een.example", page=shop))
    assert judged(on("twee.example", page=shop)).wave is None
    assert not CampaignMark.objects.exclude(kind="path").exists()


def look(url="https://een.example/", final="", **more):
    given = {"page": KIT, "kit": "k" * 32, **more}
    hops = [Hop(url, "first", 200, "192.0.2.1")]
    return Seen(url, "2026-11-26T10:00:00+00:00", "page", final or url, 200, hops, **given)


def kinds(found):
    return {one.kind for one in found}


def test_the_marks_of_a_page_are_all_that_a_kit_and_its_server_leave():
    held = Certificate("x", "2026-11-01T00:00:00+00:00", "2027-01-01T00:00:00+00:00", [], sha256="c" * 64)
    found = rules.marks_of_page(look(icon=Icon("s", "1" * 16), certificate=held))
    assert kinds(found) == {"kit", "structure", "fields", "icon", "address", "certificate"}


def test_the_address_of_a_host_that_many_share_is_no_mark():
    assert "address" not in kinds(rules.marks_of_page(look("https://kit.github.io/")))


def test_a_page_that_the_link_only_led_to_gives_no_marks():
    """Else an open redirect of an honest site would put that site with whom it was made to lead to."""
    assert rules.marks_of_page(look("https://eerlijk.example/ga?to=x", "https://dief.example/")) == []


@pytest.mark.parametrize(
    ("shared", "is_kin"),
    [
        (["kit"], True),
        (["mail"], True),
        (["address"], False),
        (["structure"], False),
        (["kit", "structure"], True),
        (["fields", "icon"], True),
        (["address", "certificate"], True),
        ([], False),
    ],
)
def test_kin_is_who_shares_a_kit_a_mail_or_two_lesser_marks(shared, is_kin):
    assert (rules.nearest({"who": shared}) is not None) is is_kin


def test_a_path_is_a_mark_where_it_is_peculiar_and_without_its_token():
    def links(url):
        return [{"link": {"key": url, "host": "een.example", "where": "link"}}]

    one = rules.marks_of_links(links("https://een.example/bezorging/betalen/12345"))
    assert one == rules.marks_of_links(links("https://twee.example/bezorging/betalen/999")) != []
    assert rules.marks_of_links(links("https://een.example/login")) == []


def test_what_everybody_carries_says_nothing(monkeypatch):
    monkeypatch.setattr(rules, "WORN", 3)
    found = [judged(on(f"h{number}.example")) for number in range(3)]
    Campaign.objects.update(wave=None)
    assert judged(on("laat.example")).wave is None
    assert found


@pytest.mark.parametrize(
    ("others", "worn"), [(["a"] * 100, False), (["a"] * 79 + [None] * 21, True), ([None] * 99, False)]
)
def test_the_mark_of_one_large_wave_is_not_worn(others, worn):
    assert rules.is_worn(others) is worn


def test_two_waves_never_become_one():
    """A page made to bridge them joins one: else whoever makes such a page chooses what people decide on together."""
    one, two = judged(on("a1.example", kit="1" * 32)), judged(on("b1.example", kit="2" * 32, page=ASKS_OTHER))
    judged(on("a2.example", kit="1" * 32))
    judged(on("b2.example", kit="2" * 32, page=ASKS_OTHER))
    bridge = on("brug.example", kit="1" * 32)
    shield.looked(bridge, "https://brug.example/2", page=ASKS_OTHER)
    assert judged(bridge).wave in {one.id, two.id}
    assert Campaign.objects.filter(wave__isnull=False).values("wave").distinct().count() == 2


ASKS_OTHER = Page(title="DPD", asks=["password"], structure="d" * 64, fields="e" * 64)


def test_placing_costs_the_same_whatever_the_size_of_the_wave():
    def queries(campaign):
        with CaptureQueriesContext(connection) as held:
            waves.place(actor=shield.MACHINE, campaign=campaign.id)
        return len(held)

    judged(on("een.example"))
    first = queries(on("twee.example"))
    for number in range(20):
        judged(on(f"h{number}.example"))
    assert queries(on("laat.example")) <= first


# --- kinship lends nothing --------------------------------------------------------------------------------------------


def test_kinship_is_no_evidence():
    for number in range(5):
        judged(on(f"postnl-h{number}.example"))
    before = live()
    assert len(before) == 5
    bare = judged(
        on("bakker.example", page=Page(title="Bakker", asks=["password"], structure="a" * 64, fields="b" * 64))
    )
    assert bare.wave is not None
    assert bare.verdict != "phishing"
    assert live() == before


def test_an_honest_site_that_is_dragged_into_a_wave_is_not_blocked_with_it():
    """The attacker sends the mail of the wave with a link to a competitor, whose login wears the same shop program."""
    wave = [in_queue(judged(on(f"h{number}.example"))) for number in range(3)]
    dragged = in_queue(judged(on("concurrent.example", page=HONEST)))
    assert dragged.wave == wave[0].id
    found = together.decide(
        actor=shield.officer(),
        wave=wave[0].id,
        campaigns=[one.id for one in (*wave, dragged)],
        verdict="phishing",
        reason="zelfde kit",
    )
    assert found.left == {dragged.id: "together-no-page"}
    assert live() == ["h0.example", "h1.example", "h2.example"]
    assert not dragged.decisions.filter(automatic=False).exists()


@pytest.mark.parametrize(
    ("host", "why"),
    [("www.cbs.nl", "route-guard-government"), ("mijn-ing-betalen.example", "together-two")],
)
def test_what_two_people_decide_stays_by_itself(host, why):
    one, guarded = in_queue(judged(on("een.example"))), judged(on(host))
    in_queue(guarded)
    found = _all(one, guarded)
    assert found.left == {guarded.id: why}
    assert "een.example" in live()
    assert not guarded.decisions.filter(automatic=False).exists()


def _all(*campaigns, verdict="phishing", actor=None):
    Campaign.objects.filter(id__in=[one.id for one in campaigns]).update(wave=campaigns[0].id)
    return together.decide(
        actor=actor or shield.officer(),
        wave=campaigns[0].id,
        campaigns=[one.id for one in campaigns],
        verdict=verdict,
        reason="samen",
    )


@pytest.mark.parametrize("why", ["route-appeal", "route-freed-before", "route-differs", "route-reopened"])
def test_what_somebody_objected_to_stays_by_itself(why):
    one, other = in_queue(judged(on("een.example"))), in_queue(judged(on("twee.example")), why)
    assert _all(one, other).left == {other.id: why}


def test_what_was_decided_meanwhile_is_left_alone():
    one, other = in_queue(judged(on("een.example"))), judged(on("twee.example"))
    Review.objects.update_or_create(campaign=other, defaults={"state": "done"})
    assert _all(one, other).left == {other.id: "together-not-waiting"}


def test_no_more_go_together_than_the_budget_of_the_hour(settings):
    settings.PHISHING_BLOCKS_PER_HOUR = 2
    rows = [in_queue(judged(on(f"h{number}.example"))) for number in range(4)]
    found = _all(*rows)
    assert len(found.done) == 2
    assert set(found.left.values()) == {"route-budget"}
    assert brakes.left_together() == 0
    assert not Halt.objects.exists()


def test_a_campaign_of_another_wave_is_not_decided_on():
    one, stranger = (
        in_queue(judged(on("een.example"))),
        in_queue(judged(on("vreemd.example", kit="z" * 32, page=ASKS_OTHER))),
    )
    Campaign.objects.filter(id=one.id).update(wave=one.id)
    found = together.decide(
        actor=shield.officer(), wave=one.id, campaigns=[one.id, stranger.id], verdict="phishing", reason="x"
    )
    assert found.done == [one.id]
    assert not stranger.decisions.filter(automatic=False).exists()


def test_nothing_is_found_legitimate_together_and_a_warning_is_not_taken_away_so():
    one = in_queue(judged(on("postnl-een.example")))
    assert live() == ["postnl-een.example"]
    with pytest.raises(errors.UnknownVerdict):
        _all(one, verdict="legitimate")
    assert _all(one, verdict="cannot-say").left == {one.id: "together-warned"}
    assert live() == ["postnl-een.example"]


def test_a_decision_together_is_one_for_each_that_can_be_played_again():
    rows = [in_queue(judged(on(f"h{number}.example"))) for number in range(3)]
    officer = shield.officer()
    _all(*rows, actor=officer)
    made = Decision.objects.filter(by=officer.id)
    assert made.count() == 3
    assert all(reads.replay(one).same for one in made)
    assert sum(one.spent for one in made) == 3


@pytest.mark.parametrize("chosen", [0, together.MOST + 1], ids=["none", "too many"])
def test_none_and_too_many_are_refused(chosen):
    with pytest.raises(errors.NothingChosen):
        together.decide(
            actor=shield.officer(),
            wave=uuid4(),
            campaigns=[uuid4() for _ in range(chosen)],
            verdict="phishing",
            reason="x",
        )


def test_who_may_not_decide_may_not_decide_together():
    one = in_queue(judged(on("een.example")))
    with pytest.raises(errors.NotAllowed):
        _all(one, actor=shield.officer(CentreRole.AUDITOR))


# --- pages ------------------------------------------------------------------------------------------------------------


def test_the_queue_shows_a_wave_once_and_its_page_decides_for_all_that_is_ticked(client):
    rows = [in_queue(judged(on(f"h{number}.example"))) for number in range(3)]
    client.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER]))
    queue = client.get("/phishing/queue").content.decode()
    assert queue.count("/phishing/campaigns/") == 1
    assert f"/phishing/waves/{rows[0].id}" in queue
    page = client.get(f"/phishing/waves/{rows[0].id}").content.decode()
    assert page.count("checked") == 3
    assert "hxxps://" not in page
    assert "h0[.]example" in page
    sent = {"campaign": [str(one.id) for one in rows[:2]], "verdict": "phishing", "reason": "zelfde kit"}
    assert client.post(f"/phishing/waves/{rows[0].id}", sent).status_code == 302
    assert live() == ["h0.example", "h1.example"]


def test_a_wave_that_is_none_is_not_found(client):
    client.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER]))
    assert client.get(f"/phishing/waves/{uuid4()}").status_code == 404


def test_one_decision_of_a_person_says_nothing_of_the_rest_of_the_wave():
    one, other = (in_queue(judged(on(host))) for host in ("een.example", "twee.example"))
    people.decide(actor=shield.officer(), campaign=one.id, verdict="phishing", reason="x", targets=["host een.example"])
    judged(other)
    assert live() == ["een.example"]
    assert other.verdict != "phishing"
