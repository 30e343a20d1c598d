"""What each format holds: the same list, the right names, and nothing that a hostile name could bring in."""

import base64
import csv
import io
import ipaddress
import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID

import dns.zone
import pytest
from django.test import Client
from tests.phishing.listed import DESK, block, unblock

from dijkwacht.platform import tenancy
from dijkwacht.rooms.phishing.listing import publishing, tasks
from dijkwacht.rooms.phishing.listing.about import About
from dijkwacht.rooms.phishing.listing.formats import FORMATS, machine, names, stix
from dijkwacht.rooms.phishing.listing.items import Item
from dijkwacht.rooms.phishing.listing.models import Entry

AT = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
ABOUT = About(
    serial=7,
    changed_at=AT,
    centre="Het centrum\n0.0.0.0 ing.nl",
    home="https://dijkwacht.example/phishing/list",
    contact="x@dijkwacht.example",
    zone="rpz.example",
    addresses=[ipaddress.ip_address("192.0.2.1"), ipaddress.ip_address("2001:db8::1")],
)
HOSTILE_URL = "https://t.co/a,b|c$d^e*f##.g'h\\i"
ENTRIES = [
    ("host", "dief.example", False, None),
    ("name", "alles.nl", False, None),
    ("domain", "dief.nl", False, None),
    ("url", "https://t.co/abc", False, None),
    ("url", HOSTILE_URL, False, None),
    ("host", "8.8.8.8", False, None),
    ("host", "kanarie.example", True, None),
    ("host", "weg.example", False, AT),
]


def items(*, gone):
    for number, (kind, name, canary, removed) in enumerate(ENTRIES):
        if removed is None or gone:
            when = (AT - timedelta(hours=1), AT + timedelta(hours=5), removed)
            yield Item(UUID(int=number), kind, name, canary, *when, ("brand-in-host",))


def written(name):
    form = FORMATS[name]
    return b"".join(form.write(items(gone=form.gone), ABOUT)).decode()


def lines(name):
    return [one for one in written(name).splitlines() if one and one[0] not in "#!["]


def test_a_response_policy_zone_answers_with_the_warning_page_and_never_with_an_alias():
    zone = dns.zone.from_text(written("rpz"), origin="rpz.example.", relativize=True)
    found = {str(name) for name in zone.nodes if str(name) != "@"}
    assert found == {"dief.example", "alles.nl", "*.alles.nl", "dief.nl", "*.dief.nl", "kanarie.example"}
    assert zone.get_soa().serial == 7
    assert "CNAME" not in written("rpz")
    assert {str(one) for one in zone.get_rdataset("dief.example", "A")} == {"192.0.2.1"}
    assert {str(one) for one in zone.get_rdataset("dief.example", "AAAA")} == {"2001:db8::1"}
    assert written("rpz-hot").startswith("$ORIGIN hot.rpz.example.")


def test_a_hosts_file_holds_exact_names_only():
    assert set(lines("hosts")) == {
        f"{address} {name}"
        for name in ("dief.example", "alles.nl", "dief.nl", "kanarie.example")
        for address in ("192.0.2.1", "2001:db8::1")
    }


def test_filters_reach_as_far_as_the_entry_and_no_further():
    assert names.filters("host", "dief.example") == [
        "|http://dief.example^$document",
        "|https://dief.example^$document",
    ]
    assert names.filters("name", "alles.nl") == ["||alles.nl^$document"]
    assert names.filters("url", "https://t.co/Abc") == [r"/^https:\/\/t\.co\/Abc$/$document,match-case"]
    (line,) = names.filters("url", HOSTILE_URL)
    assert re.fullmatch(line.removesuffix("/$document,match-case").removeprefix("/"), HOSTILE_URL)


def test_text_and_dataset_hold_the_names():
    assert "*.alles.nl" in lines("txt")
    assert "dief.example" in lines("txt")
    assert [base64.b64decode(one).decode() for one in written("suricata").split()] == [
        "alles.nl",
        "dief.example",
        "dief.nl",
        "kanarie.example",
    ]


def test_csv_and_json_tell_when_each_came_and_went():
    rows = list(csv.DictReader(io.StringIO(written("csv"))))
    assert [row["name"] for row in rows] == [name for _, name, *_ in ENTRIES]
    assert rows[-1]["removed_at"] == AT.isoformat()
    whole = json.loads(written("json"))
    assert whole["serial"] == 7
    assert [row["name"] for row in whole["entries"]] == [name for _, name, *_ in ENTRIES]
    assert whole["entries"][-1]["removed_at"] == AT.isoformat()
    assert whole["entries"][0]["evidence"] == ["brand-in-host"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "|cmd", "%x", "\t=1"])
def test_a_spreadsheet_runs_nothing(text):
    assert machine._inert(text) == f"'{text}"


def test_stix_is_a_bundle_with_patterns_that_no_name_can_leave():
    whole = json.loads(written("stix"))
    indicators = [one for one in whole["objects"] if one["type"] == "indicator"]
    assert [one["revoked"] for one in indicators] == [False] * 7 + [True]
    assert indicators[0]["pattern"] == "[domain-name:value = 'dief.example']"
    assert indicators[1]["pattern"] == "[domain-name:value = 'alles.nl' OR domain-name:value LIKE '%.alles.nl']"
    assert indicators[5]["pattern"] == "[ipv4-addr:value = '8.8.8.8']"
    assert indicators[4]["pattern"] == "[url:value = 'https://t.co/a,b|c$d^e*f##.g\\'h\\\\i']"
    assert stix.moment(AT) == "2026-11-26T03:00:00.000Z"
    assert whole["id"].startswith("bundle--")


def test_misp_has_an_event_for_each_day_and_marks_what_was_removed():
    whole = json.loads(written("misp"))
    ((identifier, event),) = whole["events"].items()
    assert list(whole["manifest"]) == [identifier]
    attributes = event["Event"]["Attribute"]
    assert [one["type"] for one in attributes[:4]] == ["hostname", "hostname", "domain", "url"]
    assert [one["deleted"] for one in attributes] == [False] * 7 + [True]
    assert [one["to_ids"] for one in attributes] == [True] * 6 + [False, True]


@pytest.mark.parametrize("name", ["hosts", "ublock", "txt", "rpz"])
def test_what_a_setting_holds_stays_within_its_comment(name):
    assert not any(line.startswith("0.0.0.0 ") for line in written(name).splitlines())


# --- the files of the running system ----------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path, settings, db):
    settings.HOME = tmp_path
    return tmp_path


def publish_due():
    """What the job does that a tick asks for."""
    for name in publishing.due():
        publishing.publish(name)


def test_every_file_is_served_and_none_holds_what_is_not_for_it(folder):
    block("dief.example")
    block("https://t.co/abc", "url")
    unblock_me = block("weg.example")
    unblock("weg.example")
    publish_due()
    for name, form in FORMATS.items():
        answer = Client().get(f"/phishing/list/{form.file}")
        assert answer.status_code == 200, name
        text = base64.b64decode(answer.content).decode() if name == "suricata" else answer.content.decode()
        assert "dief.example" in text, name
        assert ("abc" in text) is (name not in {"rpz", "rpz-hot", "hosts", "suricata"}), name
        assert ("weg.example" in text) is form.gone, name
        assert unblock_me.removed_why not in text or not unblock_me.removed_why
        assert "a mistake" not in text
        assert not answer.cookies
    assert Client().get("/phishing/list/../../etc/passwd").status_code == 404


def test_before_the_first_file_stands_a_follower_hears_when_to_ask_again_and_nothing_is_made_meanwhile(folder, caplog):
    block("dief.example")
    for address in ("/phishing/list/list.txt", "/phishing/misp/manifest.json"):
        early = Client().get(address)
        assert (early.status_code, int(early["Retry-After"]) > 0, early["Cache-Control"]) == (503, True, "no-store")
    assert not [one for one in caplog.records if one.levelname == "ERROR"]  # nothing is wrong
    assert not (folder / "phishing").exists()
    assert tasks.ask_publish() == len(FORMATS)
    for name in FORMATS:
        tasks.publish(name)
    assert Client().get("/phishing/list/list.txt").status_code == 200
    assert tasks.ask_publish() == 0


def test_a_list_that_counts_from_an_earlier_state_after_a_restore_is_made_again(folder, monkeypatch):
    block("dief.example")
    publishing.publish("txt")
    monkeypatch.setattr(publishing, "PACE", 0.0)
    monkeypatch.setattr(publishing.reads, "serial", lambda: 1)
    assert publishing.publish("txt").serial == 1
    assert publishing.published("txt").serial == 1


def test_an_unchanged_list_is_not_sent_again_and_a_changed_one_is_made_once(folder):
    block("dief.example")
    publish_due()
    first = Client().get("/phishing/list/list.txt")
    for asked in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        again = Client().get("/phishing/list/list.txt", headers=asked)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    made = publishing.published("txt").path.stat().st_mtime_ns
    assert publishing.due() == []
    block("later.example")
    assert "txt" not in publishing.due()
    assert publishing.publish("txt").path.stat().st_mtime_ns == made  # seconds old: not made more often
    zipped = Client().get("/phishing/list/list.txt", headers={"Accept-Encoding": "gzip, br"})
    assert zipped["Content-Encoding"] == "gzip"
    import gzip

    assert gzip.decompress(zipped.content) == first.content


def test_a_file_of_an_old_state_is_replaced(folder, monkeypatch):
    block("dief.example")
    publishing.publish("txt")
    monkeypatch.setattr(publishing, "PACE", 0.0)
    block("later.example")
    assert b"later.example" not in Client().get("/phishing/list/list.txt").content  # no request makes it
    assert "txt" in publishing.due()
    publish_due()
    assert b"later.example" in publishing.published("txt").path.read_bytes()
    assert Client().get("/phishing/list/list.txt", headers={"If-None-Match": '"0"'}).status_code == 200


def test_the_misp_feed_is_a_manifest_and_its_events(folder):
    block("dief.example")
    publish_due()
    (event,) = Client().get("/phishing/misp/manifest.json").json()
    whole = Client().get(f"/phishing/misp/{event}.json").json()
    assert [one["value"] for one in whole["Event"]["Attribute"]] == ["dief.example"]
    assert Client().get("/phishing/misp/00000000-0000-0000-0000-000000000000.json").status_code == 404


def test_the_page_about_the_list_says_how_to_follow_it(folder):
    block("dief.example")
    page = Client().get("/phishing/list").content.decode()
    assert all(f"/phishing/list/{form.file}" in page for form in FORMATS.values())


def test_nothing_of_a_reason_in_words_goes_out(folder):
    with tenancy.acting(DESK):
        block("dief.example", reason="mail van jan@burger.example")
        assert Entry.objects.get().reason[0]["nl"] == "mail van jan@burger.example"
    publish_due()
    for form in FORMATS.values():
        assert b"burger" not in Client().get(f"/phishing/list/{form.file}").content


# --- the commands -----------------------------------------------------------------------------------------------------


def run(*arguments):
    words = [sys.executable, "-m", "dijkwacht", "phishing", *arguments]
    return subprocess.run(words, capture_output=True, check=False, text=True)


def test_wrong_use_of_the_commands_is_said_before_the_database_is_asked():
    assert run("block", "dief.example").returncode == 2
    assert run("list", "--format", "xml").returncode == 2
    assert run("zones").returncode == 2


def test_a_cache_keeps_one_answer_for_all_whatever_cookie_or_language_they_send(folder):
    block("dief.example")
    publish_due()
    asker = Client(headers={"Accept-Language": "nl", "Cookie": "sessionid=x; theme=y"})
    (event,) = asker.get("/phishing/misp/manifest.json").json()
    for path in ("list/list.txt", "list/hosts.txt", "misp/manifest.json", f"misp/{event}.json"):
        answer = asker.get(f"/phishing/{path}")
        assert (answer.status_code, answer["Vary"], bool(answer.cookies)) == (200, "Accept-Encoding", False), path
    answer = asker.get("/api/v1/phishing/prefixes")
    assert (answer.status_code, answer.get("Vary", ""), bool(answer.cookies)) == (200, "", False)
    assert "Cookie" in asker.get("/api/v1/phishing/prefixes?version=-1")["Vary"]
