"""Who follows the list by prefixes, by push, or silently: each keeps up with every change, and is seen when not."""

import base64
import json
from datetime import timedelta
from hashlib import sha256

import pytest
from django.test import Client
from django.utils import timezone
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from tests.accounts.people import person
from tests.phishing import browsing
from tests.phishing.listed import ANALYST, DESK, block, unblock

from dijkwacht.kernel.actor import Actor, CentreRole, Kind
from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox import webhook
from dijkwacht.platform.outbox.outcome import Accepted, Later
from dijkwacht.rooms.phishing.errors import NotAllowed
from dijkwacht.rooms.phishing.listing import canaries, consumers, errors, health, pushing, reads, tasks
from dijkwacht.rooms.phishing.listing.models import Change, Consumer, Entry, ZoneUse

OFFICER = Actor(kind=Kind.PERSON, id="an officer", roles=frozenset({CentreRole.OFFICER}))


class Follower:
    """A program that holds the prefixes as the API says."""

    def __init__(self):
        self.version, self.held = 0, set()

    def ask(self):
        told = Client().get(f"/api/v1/phishing/prefixes?version={self.version}").json()
        packed = base64.b64decode(told["added"])
        added = {packed[at : at + 4].hex() for at in range(0, len(packed), 4)}
        before = set() if told["whole"] else self.held
        assert set(told["removed"]) <= before
        self.held = (before - set(told["removed"])) | added
        self.version = told["version"]
        assert sha256(b"".join(bytes.fromhex(one) for one in sorted(self.held))).hexdigest() == told["sha256"]
        return told["whole"]

    def warns(self, url):
        """Whether one of the expressions of a URL is on the list, and reaches as far as this URL."""
        host, *_ = expressions = browsing.expressions(url)
        asked = {sha256(one.encode()).digest(): one for one in expressions}
        prefixes = sorted({one[:4].hex() for one in asked} & self.held)
        if not prefixes:
            return False
        found = Client().get("/api/v1/phishing/hashes", {"prefix": prefixes}).json()
        listed = {asked.get(bytes.fromhex(one["sha256"])): one["kind"] for one in found}
        return any(
            one in {host, browsing.whole(url)} or kind in {"name", "domain"} for one, kind in listed.items() if one
        )


@pytest.fixture
def desk(db):
    with tenancy.acting(DESK):
        yield


def test_a_program_keeps_up_by_differences_and_asks_only_about_prefixes(desk):
    follower = Follower()
    assert follower.ask()
    block("dief.example")
    block("https://t.co/abc", "url")
    follower.ask()
    assert follower.warns("https://dief.example/inloggen?x")
    assert follower.warns("http://T.co:80/%61bc#deel")
    assert not follower.warns("https://t.co/abcd")
    assert not follower.warns("https://onder.dief.example/")
    assert not follower.warns("https://goed.example/")
    unblock("dief.example")
    block("boef.example")
    block("even.example")
    unblock("even.example")
    assert not follower.ask()
    assert not follower.warns("https://dief.example/")
    assert follower.warns("https://boef.example/")
    block("dief.example")
    assert not follower.ask()
    assert follower.warns("https://dief.example/")


def test_whoever_hashes_as_safe_browsing_does_finds_what_is_listed_however_it_is_written(desk):
    listed = (
        *("https://dief.example/a//b/../c/?x=//y", "https://dief.example/%2561%20b", "http://dief.example/%C3%A9/"),
        *("http://dief.example/a%23b?c%23d", "https://m\u00fcnchen-dief.example/x", "https://dief.example/./q?r?"),
    )
    for url in listed:
        block(url, "url")
    block("alles.nl", "name")
    follower = Follower()
    follower.ask()
    assert [url for url in listed if not follower.warns(url)] == []
    assert [url for url in ("https://x.y.alles.nl/z", "https://alles.nl/") if not follower.warns(url)] == []
    assert [url for url in ("https://dief.example/", "https://dief.example/a/c/") if follower.warns(url)] == []


def test_who_holds_a_version_of_the_future_begins_anew(desk):
    block("dief.example")
    follower = Follower()
    follower.version = 10_000
    assert follower.ask()


@pytest.mark.parametrize("prefix", ["", "zz", "0000000g", "00000000' or 1=1", "0" * 64])
def test_what_is_no_prefix_is_refused(desk, prefix):
    answer = Client().get("/api/v1/phishing/hashes", {"prefix": prefix})
    assert (answer.status_code, bool(answer.json()["errors"])) == (422, True)


# --- push -------------------------------------------------------------------------------------------------------------


def pushed_to(monkeypatch, outcome):
    posted = []

    def post(**how):
        posted.append(how)
        return outcome

    monkeypatch.setattr(webhook, "post", post)
    return posted


def test_a_push_is_signed_with_the_consumers_key_and_repeated_until_it_was_taken(desk, monkeypatch):
    made = consumers.add(actor=DESK, name="soc", push_url="https://soc.example/hook")
    block("dief.example")
    posted = pushed_to(monkeypatch, Later("HTTP 503"))
    assert pushing.due() == [made.row.id]
    pushing.push(made.row.id)
    assert Consumer.objects.get().push_said == "HTTP 503"
    posted += pushed_to(monkeypatch, Accepted())
    pushing.push(made.row.id)
    again = pushed_to(monkeypatch, Accepted())
    pushing.push(made.row.id)
    assert (again, pushing.due(), Consumer.objects.get().push_said) == ([], [], "")
    body = json.loads(posted[0]["body"])
    assert [(one["added"], one["name"]) for one in body["events"]] == [(True, "dief.example")]
    fields = posted[0]["fields"]
    assert Webhook(f"whsec_{made.secret}").verify(posted[0]["body"], fields) == body
    for broken in (posted[0]["body"].replace(b"dief", b"goed"), posted[0]["body"] + b" "):
        with pytest.raises(WebhookVerificationError):
            Webhook(f"whsec_{made.secret}").verify(broken, fields)
    with pytest.raises(WebhookVerificationError):
        Webhook(f"whsec_{made.secret}").verify(posted[0]["body"], fields | {"webhook-timestamp": "1"})


def test_a_push_to_the_inside_is_refused_where_it_leaves(desk):
    made = consumers.add(actor=DESK, name="soc", push_url="https://127.0.0.1/hook")
    block("dief.example")
    pushing.push(made.row.id)
    assert "not on the public internet" in Consumer.objects.get().push_said
    assert tasks.ask_pushes() == 1


# --- consumers, canaries ----------------------------------------------------------------------------------------------


def test_a_key_is_shown_once_and_kept_sealed(desk):
    made = consumers.add(actor=OFFICER, name="noord", notify="192.0.2.1", from_networks="192.0.2.0/24 2001:db8::/32")
    row = Consumer.objects.get()
    assert (row.notify, row.networks) == ("192.0.2.1#53", "192.0.2.0/24,2001:db8::/32")
    assert made.secret.encode() not in bytes(row.secret)
    assert consumers.secret(row) == made.secret
    with pytest.raises(errors.ConsumerTaken):
        consumers.add(actor=OFFICER, name="noord")
    with pytest.raises(NotAllowed):
        consumers.add(actor=ANALYST, name="zuid")
    with pytest.raises(NotAllowed):
        consumers.revoke(actor=ANALYST, consumer=row.id)
    consumers.revoke(actor=OFFICER, consumer=row.id)
    with pytest.raises(errors.ConsumerUnknown):
        consumers.revoke(actor=OFFICER, consumer=row.id)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"name": "Noord"}, errors.ConsumerName),
        ({"name": "a" * 41}, errors.ConsumerName),
        ({"notify": "resolver.example"}, errors.ConsumerAddress),
        ({"notify": "192.0.2.1#0"}, errors.ConsumerAddress),
        ({"notify": "224.0.0.1#53"}, errors.ConsumerAddress),
        ({"from_networks": "192.0.2.1/24"}, errors.ConsumerAddress),
        ({"push_url": "http://soc.example/"}, errors.ConsumerAddress),
    ],
    ids=["upper", "long", "name", "port", "multicast", "bits", "http"],
)
def test_what_is_wrong_with_a_consumer_is_said(desk, given, problem):
    with pytest.raises(problem):
        consumers.add(**{"actor": OFFICER, "name": "noord"} | given)


def test_a_stale_consumer_is_seen(desk):
    row = consumers.add(actor=OFFICER, name="noord").row
    now = timezone.now()

    def state():
        return {one.zone: (one.state, one.behind) for one in health.of_consumers(OFFICER)}

    assert state() == {"hot": ("never", None), "full": ("never", None)}
    block("dief.example")
    use = ZoneUse.objects.create(consumer=row, zone="hot", asked_at=now, transferred_at=now, transferred_serial=1)
    assert state()["hot"] == ("fresh", 0)
    block("boef.example")
    assert state()["hot"] == ("fresh", 1)
    Change.objects.filter(serial=2).update(at=now - timedelta(minutes=6))
    assert state()["hot"] == ("late", 1)
    ZoneUse.objects.filter(id=use.id).update(asked_at=now - timedelta(hours=1))
    assert state()["hot"] == ("silent", 1)
    consumers.revoke(actor=OFFICER, consumer=row.id)
    assert state()["hot"] == ("revoked", 1)


def test_whom_we_post_to_is_stale_when_its_address_takes_nothing_and_the_page_says_what_to_do(desk, client, settings):
    settings.CANARY_DOMAIN = "kanarie.example"
    (canary,) = canaries.turn(actor=DESK)
    made = consumers.add(actor=OFFICER, name="soc", push_url="https://soc.example/hook")

    def state():
        return [(one.zone, one.state, one.behind) for one in health.followed(OFFICER)]

    assert state() == [("push", "fresh", 0)], "it asks for no zone, and is not called silent"
    block("dief.example")
    Change.objects.filter(serial=2).update(at=timezone.now() - timedelta(minutes=6))
    Consumer.objects.filter(id=made.row.id).update(push_said="it said 500")
    assert state() == [("push", "late", 1)]
    client.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER]))
    for address in ("/phishing/consumers", "/phishing/dashboard"):
        page = client.get(address, headers={"Accept-Language": "en"}).content.decode()
        assert "it said 500" in page
        assert "does not take what we post" in page or "neemt niet aan wat wij sturen" in page
    assert canary.name in client.get("/phishing/consumers").content.decode()


def test_each_day_a_canary_comes_and_another_goes(desk, settings):
    assert canaries.turn(actor=DESK) == []
    settings.CANARY_DOMAIN = "kanarie.example"
    (first,) = canaries.turn(actor=DESK)
    assert first.name.endswith(".kanarie.example")
    assert canaries.turn(actor=DESK) == []
    Entry.objects.filter(id=first.id).update(added_at=timezone.now() - timedelta(hours=25))
    canaries.turn(actor=DESK)
    now, before = canaries.today_and_yesterday()
    assert (before, now != before) == (first.name, True)


def test_the_prefixes_are_read_once_for_a_state_of_the_list(db, monkeypatch):
    block("dief.example")
    asked = []
    monkeypatch.setattr(reads, "prefixes", lambda real=reads.prefixes: (asked.append(1), real())[1])
    first = [Client().get("/api/v1/phishing/prefixes").json() for _ in range(3)]
    assert (len(asked), first[0] == first[2]) == (1, True)
    block("later.example")
    again = Client().get("/api/v1/phishing/prefixes").json()
    assert (len(asked), again["sha256"] != first[0]["sha256"]) == (2, True)
