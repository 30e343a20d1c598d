"""The TXT record: what is seen at a real name server, and what is made of it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.proof import dns_server
from tests.proof.conftest import DOMAIN, egress

from dijkwacht.platform.egress.way import Egress
from dijkwacht.rooms.proof import rules, words
from dijkwacht.rooms.proof.looking import txt

NAME = f"_dijkwacht-challenge.{DOMAIN}"
TOKEN = "4NZ1P2D67o6hQDXmK4yj6AO7PcWVNyJtxrdn-nm5iD8"  # fixed, because it names tests
RECORD = f'"{rules.line(TOKEN)}"'


def look(way, domain=DOMAIN):
    return txt.look(domain, TOKEN, way)


def test_a_record_with_our_token_is_a_match(names, way):
    names.records[NAME, "TXT"] = ['"v=something else"', RECORD]
    found = look(way)
    assert (found.outcome, found.code) == ("match", "dns-match")
    assert words.sentence(found, "nl") == f"We zochten {NAME} op bij 127.0.0.1 en vonden uw record."


def test_a_record_that_is_split_in_strings_is_read_as_one(names, way):
    line = rules.line(TOKEN)
    names.records[NAME, "TXT"] = [f'"{line[:20]}" "{line[20:]}"']
    assert look(way).outcome == "match"


def test_other_records_are_shown_as_they_are_and_anothers_token_by_its_beginning_only(names, way):
    other = rules.new_token()
    names.records[NAME, "TXT"] = ['"v=spf1 -all"', f'"{rules.line(other)}"']
    found = look(way)
    assert (found.outcome, found.code, found.facts["count"]) == ("absent", "dns-other", 2)
    said = words.sentence(found, "en")
    assert "found 2 TXT record(s); none of them is yours" in said
    assert "v=spf1 -all" in said
    assert other not in said


def test_a_part_of_the_token_or_more_than_it_does_not_count(names, way):
    line = rules.line(TOKEN)
    names.records[NAME, "TXT"] = [f'"{line[:-1]}"', f'"{line}x"', f'" {line}"', f'"{TOKEN}"', f'"{line.upper()}"']
    assert look(way).outcome == "absent"


@pytest.mark.parametrize(
    ("records", "code"),
    [({}, "dns-no-name"), ({(DOMAIN, "A"): ["192.0.2.1"], (NAME, "A"): ["192.0.2.1"]}, "dns-no-record")],
)
def test_what_is_not_there_is_a_disproof(names, way, records, code):
    names.records.update(records)
    found = look(way)
    assert (found.outcome, found.code) == ("absent", code)


def test_a_server_that_fails_or_is_silent_says_nothing(names, way):
    names.broken.add(NAME)
    assert look(way).outcome == "temporary"
    names.broken.clear()
    names.silent.add(NAME)
    begin = time.monotonic()
    found = look(way)
    assert (found.outcome, found.code) == ("temporary", "dns-failed")
    assert time.monotonic() - begin < txt.SECONDS + 1


def test_without_a_resolver_nothing_is_said():
    found = look(Egress(resolvers=(), judge=lambda _: True))
    assert found.outcome == "temporary"
    assert "no resolver" in words.sentence(found, "en")


def test_an_alias_is_told_and_not_followed(names, way):
    names.records[NAME, "CNAME"] = ["rented.platform.example."]
    names.records["rented.platform.example", "TXT"] = [RECORD]
    found = look(way)
    assert (found.outcome, found.code) == ("refused", "dns-alias")
    assert "rented.platform.example" in words.sentence(found, "en")


def test_a_chain_of_aliases_ends(names, way):
    for number in range(30):
        names.records[f"a{number}.{DOMAIN}", "CNAME"] = [f"a{number + 1}.{DOMAIN}."]
    names.records[NAME, "CNAME"] = [f"a0.{DOMAIN}."]
    names.records[f"a30.{DOMAIN}", "TXT"] = [RECORD]
    assert look(way).outcome == "refused"


def test_as_many_records_as_fit_are_counted_and_few_are_kept(names, way):
    names.records[NAME, "TXT"] = [f'"{number}"' for number in range(3000)]
    begin = time.process_time()
    found = look(way)
    assert (found.code, found.facts["count"], len(found.facts["values"])) == ("dns-other", 3000, 10)
    assert time.process_time() - begin < 3


def test_ten_thousand_records_do_not_fit_in_an_answer_and_say_nothing(names, way):
    names.records[NAME, "TXT"] = [f'"{number}"' for number in range(10_000)]
    assert look(way).outcome in {"temporary", "absent"}


def test_an_old_answer_of_the_resolver_is_asked_anew_of_the_domains_own_server(names):
    own = dns_server.NameServer(records={(NAME, "TXT"): [RECORD]})
    with dns_server.serving(own):
        names.records |= {(DOMAIN, "NS"): [f"ns.{DOMAIN}."], (f"ns.{DOMAIN}", "A"): ["127.0.0.1"]}
        found = look(egress(names, dns_port=own.port))
    assert (found.outcome, found.facts["fresh"]) == ("match", True)
    assert "own name server" in words.sentence(found, "en")


def test_a_validated_denial_is_final(names):
    own = dns_server.NameServer(records={(NAME, "TXT"): [RECORD]})
    names.authenticated = True
    with dns_server.serving(own):
        names.records |= {(DOMAIN, "NS"): [f"ns.{DOMAIN}."], (f"ns.{DOMAIN}", "A"): ["127.0.0.1"]}
        assert look(egress(names, dns_port=own.port)).outcome == "absent"
    assert not own.asked


def test_a_name_server_that_stands_inside_is_not_asked(names):
    own = dns_server.NameServer(records={(NAME, "TXT"): [RECORD]})
    with dns_server.serving(own):
        names.records |= {(DOMAIN, "NS"): [f"ns.{DOMAIN}."], (f"ns.{DOMAIN}", "A"): ["127.0.0.1"]}
        assert look(egress(names, dns_port=own.port, judge=lambda _: False)).outcome == "absent"
        assert not own.asked
        assert look(egress(names, dns_port=own.port)).outcome == "match"  # the control
        assert own.asked


@pytest.mark.parametrize("domain", ["waterkant.example", "x.invalid", "a.test", "host.local", "2.0.192.in-addr.arpa"])
def test_a_reserved_name_is_not_looked_up(names, way, domain):
    assert look(way, domain).code == "reserved"
    assert not names.asked


def test_two_organisations_have_each_their_own_token_at_one_name(names, way):
    other = rules.new_token()
    names.records[NAME, "TXT"] = [RECORD]
    assert txt.look(DOMAIN, TOKEN, way).outcome == "match"
    assert txt.look(DOMAIN, other, way).outcome == "absent"


def test_a_token_has_256_bits_and_fits_in_one_string():
    tokens = {rules.new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(len(token) == 43 and len(rules.line(token)) < 255 for token in tokens)


@given(st.binary(max_size=300))
def test_a_strangers_bytes_never_hold_up_a_sentence(value):
    from dijkwacht.rooms.proof.looking.finding import Finding, shown

    text = shown(value)
    assert text.isprintable() or not text
    assert words.sentence(Finding("absent", "http-other", {"url": "u", "address": "a", "begins": text}), "nl")
