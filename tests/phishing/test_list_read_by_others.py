"""Each format of the list as programs of others read it: the right things, no more, and not when it is broken."""

import csv
import io
import json
import re
import subprocess
from pathlib import Path

import adblock
import jsonschema
import polars as pl
import pymisp
import pytest
import stix2
import stix2validator
from stix2patterns.exceptions import ParseException
from stix2patterns.validator import validate as check_pattern
from tests.phishing import resolvers
from tests.phishing.published import AT, HOSTILE, items, written
from tests.phishing.test_resolvers import ask, waited
from tests.ports import free_port
from tests.proof.dns_server import NameServer
from tests.proof.dns_server import serving as upstream

from dijkwacht.rooms.phishing.listing.formats import machine

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/reference/phishing-list.schema.json").read_text())
WARNING, REAL = ["192.0.2.1"], ["198.51.100.7"]


# --- a zone in a file: BIND -------------------------------------------------------------------------------------------


def checkzone(tmp_path, text, zone="rpz.example"):
    """What BIND says of a file when it is the primary of it: strictly, or it refuses to load."""
    (tmp_path / "zone").write_text(text)
    command = ["named-checkzone", "-i", "local", "-k", "ignore", "-n", "fail", "-r", "fail", zone, tmp_path / "zone"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("form", "zone"), [("rpz", "rpz.example"), ("rpz-hot", "hot.rpz.example")])
def test_bind_loads_the_zone_from_its_file(tmp_path, form, zone):
    done = checkzone(tmp_path, written(form), zone)
    assert (done.returncode, done.stdout.splitlines()[-2:]) == (0, [f"zone {zone}/IN: loaded serial 7", "OK"])


BROKEN_ZONES = {
    "a server without an address": ("IN NS localhost.", "IN NS ns"),
    "an alias beside an address": ("dief.example A 192.0.2.1", "dief.example A 192.0.2.1\ndief.example CNAME ."),
    "a line that goes on": ("dief.example A", "dief.example 0.0.0.0 ing.nl A"),
    "an address that is none": ("A 192.0.2.1", "A 192.0.2.256"),
}


@pytest.mark.parametrize("broken", BROKEN_ZONES)
def test_bind_refuses_a_zone_that_is_broken(tmp_path, broken):
    before, after = BROKEN_ZONES[broken]
    assert before in written("rpz")
    assert checkzone(tmp_path, written("rpz").replace(before, after, 1)).returncode == 1


# --- a hosts file: the parser of Knot Resolver ------------------------------------------------------------------------


def asked(tmp_path, text, names, seen):
    """What Knot Resolver answers that has these lines as its hosts file; `seen`: answered once it stands."""
    (tmp_path / "hosts").write_text(text)
    port = free_port()
    with upstream(NameServer({(name, "A"): REAL for name in names})) as server:
        (tmp_path / "kresd.conf").write_text(
            f"net.listen('127.0.0.1', {port}, {{ kind = 'dns' }})\ntrust_anchors.remove('.')\ncache.size = 10 * MB\n"
            f"modules = {{ 'hints > iterate', 'policy' }}\nhints.add_hosts('{tmp_path}/hosts')\n"
            f"policy.add(policy.all(policy.FORWARD('127.0.0.1@{server.port}')))\n"
        )
        with resolvers.running(["/usr/sbin/kresd", "-n", "-c", f"{tmp_path}/kresd.conf", str(tmp_path)], tmp_path):
            waited(port, *seen, 20)
            return {name: ask(port, name) for name in names}


@pytest.mark.slow
def test_knot_resolver_reads_the_hosts_file_and_warns_for_exact_names_only(tmp_path):
    listed = ("dief.example", "xn--mnchen-dief-thb.example", "_dief.example", "alles.nl", "dief.nl")
    others = ("x.dief.example", "x.alles.nl", "weg.example", "ing.nl", "t.co")
    found = asked(tmp_path, written("hosts"), (*listed, *others), ("dief.example", WARNING))
    assert found == dict.fromkeys(listed, WARNING) | dict.fromkeys(others, REAL)


@pytest.mark.slow
def test_knot_resolver_would_show_a_name_that_breaks_out_of_its_line(tmp_path):
    broken = written("hosts").replace("192.0.2.1 dief.nl\n", "192.0.2.1 dief.nl\n192.0.2.66 ing.nl\n")
    assert asked(tmp_path, broken, ("ing.nl",), ("dief.example", WARNING)) == {"ing.nl": ["192.0.2.66"]}


# --- filters: Brave's engine ------------------------------------------------------------------------------------------


def blocked(text):
    """A function that says whether Brave's engine keeps a page, or something in a page, from being loaded."""
    rules = adblock.FilterSet(debug=True)
    rules.add_filter_list(text)
    engine = adblock.Engine(rules, optimize=False)

    def of(url, what="document"):
        return engine.check_network_urls(url=url, source_url="https://elders.example/", request_type=what).matched

    return of


def test_a_filter_engine_warns_for_what_is_listed_and_nothing_beside_it():
    found = blocked(written("ublock"))
    warned = (
        *("https://dief.example/", "http://dief.example/x?y", "https://dief.example:8443/", "https://_dief.example/"),
        *("https://alles.nl/", "https://x.y.alles.nl/", "https://www.dief.nl/z", "https://8.8.8.8/x"),
        *("https://[2a01:4f8::1]/", "https://t.co/AbC", HOSTILE, "http://dief.example:8080/=1+1,%22x%22?a=b;c"),
    )
    free = (
        *("https://x.dief.example/", "https://mijndief.example/", "https://dief.example.nl/", "https://weg.example/"),
        *("https://t.co/", "https://t.co/AbCd", "https://t.co/AbC?x", "https://goed.nl/?u=https://dief.example/"),
        *("https://ing.nl/", "https://nietalles.nl/", "https://8.8.8.80/", "https://x/"),
    )
    assert [url for url in warned if not found(url)] == []
    assert [url for url in free if found(url)] == []
    assert not found("https://alles.nl/x.png", "image")


def test_the_case_of_a_url_counts_and_no_escape_is_in_digits():
    """As uBlock Origin, AdGuard and Ghostery have it: only a regular expression minds the case.

    AdGuard takes the longest run of letters and digits for a text that stands in the URL, also that of an escape.
    """
    urls = [line for line in written("ublock").splitlines() if line.startswith("/")]
    assert r"/^https:\/\/t\.co\/AbC$/$document,match-case" in urls
    assert all(re.fullmatch(r"/\^.+\$/\$document,match-case", line) for line in urls)
    assert not any(re.search(r"\\[A-Za-z0-9]", line) for line in urls)
    assert re.fullmatch(
        next(line for line in urls if "domain=x" in line)[1:].removesuffix("/$document,match-case"), HOSTILE
    )


def test_a_filter_that_is_cut_off_warns_for_nothing():
    found = blocked(written("ublock").replace("|https://dief.example^$document", "|https://dief.example^$documen"))
    assert not found("https://dief.example/")


# --- STIX, MISP -------------------------------------------------------------------------------------------------------

STRICT = stix2validator.ValidationOptions(strict=True, strict_types=True, strict_properties=True, disabled="103")


def test_stix_passes_the_validator_of_oasis_and_the_library_takes_it():
    """103 says that identifiers are random; the one of a centre is made from its address, to be the same tomorrow."""
    text = written("stix")
    found = stix2validator.validate_string(text, STRICT)
    assert (found.is_valid, found.errors) == (True, [])
    bundle = stix2.parse(text)
    patterns = [one.pattern for one in bundle.objects if one.type == "indicator"]
    assert [check_pattern(one, stix_version="2.1") for one in patterns] == [True] * 13
    assert {one.description for one in bundle.objects if one.type == "indicator"} == {
        "Phishing. Evidence: brand-in-host",
        "Canary of the centre",
    }


BROKEN_BUNDLES = {
    "a quote that ends the text": ("value = 'dief.example'", "value = 'dief.example' OR 'x'"),
    "an end before the start": ('"valid_until": "2026-11-26T08', '"valid_until": "2026-11-25T08'),
    "a moment without a zone": ("02:00:00.000Z", "02:00:00.000"),
}


@pytest.mark.parametrize("broken", BROKEN_BUNDLES)
def test_the_validator_refuses_a_bundle_that_is_broken(broken):
    before, after = BROKEN_BUNDLES[broken]
    assert before in written("stix")
    text = written("stix").replace(before, after, 1)
    if before.startswith("value"):  # of a pattern that is none the validator itself falls over
        with pytest.raises(ParseException):
            stix2validator.validate_string(text, STRICT)
    else:
        assert not stix2validator.validate_string(text, STRICT).is_valid


def misp_events(whole):
    """Each event as PyMISP reads it from a feed; first it is as the schema of MISP says, which knows no sightings."""
    schema = json.loads((Path(pymisp.__file__).parent / "data/schema.json").read_text())
    schema["defs"]["attribute"]["properties"] |= {key: {"type": "string"} for key in ("first_seen", "last_seen")}
    for event in whole["events"].values():
        jsonschema.Draft4Validator(schema).validate(event)
        found = pymisp.MISPEvent()
        found.load(event)
        yield found


def test_pymisp_reads_the_feed_and_would_delete_what_was_removed():
    whole = json.loads(written("misp"))
    (event,) = misp_events(whole)
    assert [(one.type, one.value, one.to_ids, one.get("deleted", False)) for one in event.attributes][9:] == [
        ("ip-dst", "8.8.8.8", True, False),
        ("ip-dst", "2a01:4f8::1", True, False),
        ("hostname", "kanarie.example", False, False),
        ("hostname", "weg.example", True, True),
    ]
    assert (event.published, len({one.uuid for one in event.attributes})) == (True, 13)
    shown = whole["manifest"][event.uuid]
    once_more = json.loads(written("misp"))["events"][event.uuid]["Event"]
    assert shown == {name: once_more[name] for name in shown}


@pytest.mark.parametrize(("name", "value"), [("type", "phishing-host"), ("category", 5), ("to_ids", "ja")])
def test_pymisp_refuses_an_event_that_is_broken(name, value):
    whole = json.loads(written("misp"))
    for event in whole["events"].values():
        event["Event"]["Attribute"][0][name] = value
    with pytest.raises((pymisp.PyMISPError, jsonschema.ValidationError, ValueError)):
        [*misp_events(whole)]


# --- JSON, CSV, Suricata ----------------------------------------------------------------------------------------------


def told(whole):
    """What a whole has wrong by the published schema."""
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    return [*jsonschema.Draft202012Validator(SCHEMA, format_checker=checker).iter_errors(whole)]


def test_json_is_as_its_published_schema_says():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert told(json.loads(written("json"))) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("kind", "ip"), ("name", "dief.example\n"), ("added_at", "gisteren"), ("removed_at", ""), ("reporter", "x")],
)
def test_the_schema_refuses_what_is_not_in_it(name, value):
    whole = json.loads(written("json"))
    whole["entries"][0][name] = value
    assert len(told(whole)) > 0


def test_csv_is_read_back_by_another_reader_row_by_row():
    table = pl.read_csv(written("csv").encode(), infer_schema=False)
    assert table.columns == [*machine.COLUMNS]
    assert table["name"].to_list() == [one.name for one in items(gone=True)]
    assert table["removed_at"].to_list()[-2:] == [None, AT.isoformat()]
    assert [len(row) for row in csv.reader(io.StringIO(written("csv")), strict=True)] == [len(machine.COLUMNS)] * 14
    with pytest.raises(pl.exceptions.PolarsError):
        pl.read_csv(written("csv").replace('"http://dief', "http://dief").encode(), infer_schema=False)
