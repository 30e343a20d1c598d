"""The tables of the feeds: complete, in the words of RSIT, and with a deliberate subject for every type."""

import re
from pathlib import Path

import pytest

from dijkwacht.feeds import FeedTableError, Recognised, Unknown, catalogue, recognise
from dijkwacht.feeds.catalogue import load_feed
from dijkwacht.feeds.sniffing import list_feed
from dijkwacht.kernel import rsit

SHADOWSERVER = catalogue()["shadowserver"]

# type, subject column, information, RSIT type: the traps, each as the publisher's page on that report says it.
SUBJECTS = [
    ("event4_sinkhole", "src_ip", "victim", "infected-system"),
    ("event6_sinkhole_http", "src_ip", "victim", "infected-system"),
    ("event4_ddos_participant", "src_ip", "victim", "infected-system"),
    ("event4_honeypot_brute_force", "src_ip", "victim", "brute-force"),
    ("event4_honeypot_rdp_scan", "src_ip", "victim", "scanner"),
    ("event4_honeypot_ddos", "src_ip", "victim", "c2-server"),
    ("event4_honeypot_ddos_target", "dst_ip", "target", "ddos"),
    ("event4_honeypot_ddos_amp", "src_ip", "target", "ddos"),
    ("event4_sinkhole_http_referer", "http_referer_ip", "victim", "application-compromise"),
    ("event4_ip_spoofer", "src_ip", "vulnerability", "vulnerable-system"),
    ("scan_http", "ip", "vulnerability", "potentially-unwanted-accessible"),
    ("scan_dns", "ip", "vulnerability", "ddos-amplifier"),
    ("scan6_ssl_poodle", "ip", "vulnerability", "weak-crypto"),
    ("compromised_website6", "ip", "victim", "application-compromise"),
    ("compromised_account", "", "victim", "data-leak"),
    ("ransomware_victim", "", "victim", "system-compromise"),
    ("sandbox_dns", "", "information", "undetermined"),
    ("malware_url", "ip", "victim", "malware-distribution"),
]


def test_all_170_types_of_shadowserver_are_in_the_table_and_twins_share_a_kind():
    assert len(SHADOWSERVER.reports) == 170
    assert SHADOWSERVER.reports["scan6_http"].kind is SHADOWSERVER.reports["scan_http"].kind
    assert SHADOWSERVER.reports["event6_sinkhole"].kind.slug == "sinkhole"
    assert len(SHADOWSERVER.kinds) == 119


@pytest.mark.parametrize(("report", "column", "information", "rsit_type"), SUBJECTS)
def test_the_subject_of_a_type_is_the_one_the_publisher_names(report, column, information, rsit_type):
    found = SHADOWSERVER.reports[report]
    assert (found.columns.ip, found.kind.information, found.kind.rsit_type) == (column, information, rsit_type)


@pytest.mark.parametrize("report", SHADOWSERVER.reports.values(), ids=lambda report: report.name)
def test_every_column_a_type_uses_is_one_it_has(report):
    columns, kind = report.columns, report.kind
    named = {columns.ip, *columns.hosts, columns.asn, columns.port, columns.protocol, columns.severity, columns.name}
    used = {*named, *kind.key, *kind.evidence, *kind.secret} - {"", "account"}
    assert used <= set(report.known) | ({"tag"} if "tag" in kind.evidence else set())


def test_credentials_are_secret_and_never_evidence():
    for feed in catalogue().values():
        for kind in feed.kinds.values():
            assert not {*kind.evidence} & {"username", "password", "email", "account", "community", "set_cookie"}, kind


def test_severity_alone_does_not_decide_urgency():
    ransomware = SHADOWSERVER.kinds["ransomware-victim"]
    assert (ransomware.severity, ransomware.urgent) == ("info", True)
    assert (SHADOWSERVER.kinds["scan-rdp"].severity, SHADOWSERVER.kinds["scan-rdp"].urgent) == ("high", False)


def test_every_feed_says_its_terms_and_has_both_languages():
    for feed in catalogue().values():
        texts = [feed.title, *(kind.title for kind in feed.kinds.values())]
        assert all(text.nl and text.en for text in texts)
        assert feed.publisher
        assert feed.expected_rows[0] <= feed.expected_rows[1]
        assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", kind) for kind in feed.kinds)


def test_the_taxonomy_knows_its_classes_and_types():
    assert rsit.is_known("vulnerable", "weak-crypto")
    assert not rsit.is_known("vulnerable", "spam")
    assert not rsit.is_known("no-such-class", "spam")


RECOGNISED = [
    ("2026-11-01-scan_http-nederland.csv", "scan_http"),
    ("2026-11-01-scan6_http-as64496.csv.gz", "scan6_http"),
    ("/var/spool/2026-11-01-scan_http-nederland.csv.ZIP", "scan_http"),
    ("C:\\in\\2026-11-01-scan_http.csv", "scan_http"),
    ("scan_http.csv", "scan_http"),
    ("part-2.event4_sinkhole.of-monday.csv", "event4_sinkhole"),
]


@pytest.mark.parametrize(("name", "report"), RECOGNISED)
def test_a_file_is_recognised_by_its_name(name, report):
    found = recognise(name, ("timestamp", "severity", "ip"))
    assert isinstance(found, Recognised)
    assert (found.feed.slug, found.report.name) == ("shadowserver", report)


def test_a_file_without_a_type_in_its_name_is_recognised_by_its_columns_when_only_one_kind_has_them():
    by_columns = recognise("report.csv", SHADOWSERVER.reports["scan_ipmi"].known, feed="shadowserver")
    assert isinstance(by_columns, Recognised)
    assert by_columns.report.name == "scan_ipmi"
    assert isinstance(recognise("report.csv", SHADOWSERVER.reports["scan_socks"].known, feed="shadowserver"), Unknown)


def test_a_report_that_lacks_a_column_is_still_recognised_so_that_reading_can_name_the_column():
    assert isinstance(recognise("2026-11-01-scan_http-nederland.csv", ("severity", "ip")), Recognised)


def test_an_unknown_report_type_is_named_and_not_guessed():
    found = recognise("2026-11-01-scan_toaster-nederland.csv", ("timestamp", "severity", "ip"))
    assert isinstance(found, Unknown)
    assert (found.reason, found.report_type) == ("unknown-report-type", "scan_toaster")
    assert "scan_toaster" in found.detail.nl


def test_a_file_of_no_feed_asks_for_the_feed_and_the_sender_may_choose_it():
    assert isinstance(recognise("holiday.jpg", ()), Unknown)
    assert isinstance(recognise("holiday.txt", (), feed="no-such-feed"), Unknown)
    chosen = recognise("holiday.txt", (), feed="list-ip")
    assert isinstance(chosen, Recognised)


@pytest.mark.parametrize(
    ("start", "feed"),
    [
        (b"192.0.2.7\n2001:db8::1\n", "list-ip"),
        (b"192.0.2.0/28\n", "list-prefix"),
        (b"https://voorbeeld.example/x\n", "list-url"),
        (b"192.0.2.7:8080\nvoorbeeld.example/x\n", "list-url"),
        (b"voorbeeld.example\n", "list-domain"),
        (b"iemand@voorbeeld.example\n", "list-email"),
        (b"192.0.2.7\nvoorbeeld.example\n", "list-mixed"),
        (b"192[.]0[.]2[.]7\n", "list-mixed"),
        (b"hxxp://voorbeeld[.]example/\niemand@voorbeeld.example\n", "list-mixed"),
        (b"192.0.2.7\niemand@voorbeeld.example\n", "list-mixed"),
        (b"iemand[at]voorbeeld.example\n", ""),  # of accounts a mixed list does not say what they mean
        (b"192.0.2.7/24\n", ""),  # bits behind the length: no network, and no path on a web server either
        (b"192.0.2.7\nten past nine\n", ""),
        (b"# nothing\n", ""),
    ],
)
def test_a_list_is_known_by_the_form_of_its_lines(start, feed):
    assert list_feed(start) == feed


def test_a_mixed_list_gives_the_kinds_of_the_lists_it_mixes():
    mixed = catalogue()["list-mixed"]
    assert {slug: catalogue()[slug].kinds for slug in mixed.reports} == {
        slug: {one.kind.slug: one.kind} for slug, one in mixed.reports.items()
    }


WRONG = [
    ('severity = "info"', 'severity = "terrible"', "severity"),
    ('rsit-type = "vulnerable-system"', 'rsit-type = "spam"', "RSIT has no vulnerable/spam"),
    ('evidence = ["cve"]', 'evidence = ["password"]', "both evidence and secret"),
    ('key = ["cve"]', 'key = ["password"]', "secret column in the key"),
    ('ip = "address"', 'asn = "as"', "no subject"),
    ("personal-data = false", "personal-data = false\ncolour = 1", "colour"),
    ("[kinds.flaw]", "[kinds.FLAW]", "kebab-case"),
    ('slug = "good"', 'slug = "other"', "not the folder's name"),
    ('tlp = "AMBER"', 'tlp = "PINK"', "PINK"),
]
GOOD = """slug = "good"
publisher = "x"
homepage = ""
tlp = "AMBER"
pap = "AMBER"
legal-qualification = "x"
licence-note = "x"
expected-rows = [0, 1]
schedule = "daily"
silence-alarm-hours = 1
format = "csv"
retention-days = 1
title = { nl = "x", en = "x" }
terms = { text = "x", value = "constituency" }
[kinds.flaw]
title = { nl = "x", en = "x" }
rsit-class = "vulnerable"
rsit-type = "vulnerable-system"
information = "vulnerability"
personal-data = false
severity = "info"
urgent = false
key = ["cve"]
evidence = ["cve"]
secret = ["password"]
columns = { ip = "address" }
"""


def _folder(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "good"
    folder.mkdir()
    (folder / "feed.toml").write_text(text)
    return folder


def test_a_new_feed_needs_a_folder_and_no_code(tmp_path):
    assert list(load_feed(_folder(tmp_path, GOOD)).kinds) == ["flaw"]


@pytest.mark.parametrize(("good", "wrong", "message"), WRONG)
def test_a_wrong_table_stops_the_start_and_says_where(tmp_path, good, wrong, message):
    with pytest.raises(FeedTableError, match=re.escape(message)):
        load_feed(_folder(tmp_path, GOOD.replace(good, wrong)))
