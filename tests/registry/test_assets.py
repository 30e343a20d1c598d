"""From what people write to one normal form, or a reason why not."""

import contextlib
import ipaddress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dijkwacht.rooms.registry import space
from dijkwacht.rooms.registry.assets import normalise
from dijkwacht.rooms.registry.errors import InvalidAsset

DAY = date(2026, 11, 22)


def values(kind, text, *, reserved=True, on=DAY):
    return normalise(kind, text, reserved=reserved, on=on).values


@pytest.mark.parametrize(
    ("kind", "written", "normal"),
    [
        ("prefix", "192.0.2.0/24", "192.0.2.0/24"),
        ("prefix", " 192.0.2.7 ", "192.0.2.7/32"),
        ("prefix", "192.0.2.7/24", "192.0.2.0/24"),
        ("prefix", "192.0.2.0-192.0.2.255", "192.0.2.0/24"),
        ("prefix", "2001:0DB8:0:0::/48", "2001:db8::/48"),
        ("prefix", "2001:db8::1", "2001:db8::1/128"),
        ("prefix", "3fff::/20", "3fff::/20"),
        ("asn", "AS64496", "64496"),
        ("asn", "as 64496", "64496"),
        ("asn", "64511", "64511"),
        ("asn", "AS1.15", "65551"),
        ("domain", "WaterKant.Example", "waterkant.example"),
        ("domain", "waterkant.example.", "waterkant.example"),
        ("domain", "*.waterkant.example", "waterkant.example"),
        ("domain", "gemeente.nl", "gemeente.nl"),
        ("domain", "bücher.example", "xn--bcher-kva.example"),
        ("domain", "XN--BCHER-KVA.example", "xn--bcher-kva.example"),
        ("domain", "straße.example", "xn--strae-oqa.example"),
        ("domain", "shop.co.uk", "shop.co.uk"),
    ],
)
def test_what_people_write_has_one_form(kind, written, normal):
    assert values(kind, written) == (normal,)


@pytest.mark.parametrize(
    ("kind", "written", "reason"),
    [
        ("prefix", "0.0.0.0/0", "too large"),
        ("prefix", "8.0.0.0/7", "too large"),
        ("prefix", "2a00::/18", "too large"),
        ("prefix", "10.1.2.0/24", "RFC 1918"),
        ("prefix", "100.64.0.0/16", "RFC 6598"),
        ("prefix", "127.0.0.1", "RFC 1122"),
        ("prefix", "169.254.169.254", "RFC 3927"),
        ("prefix", "224.0.0.1", "RFC 5771"),
        ("prefix", "255.255.255.255", "RFC 1112"),
        ("prefix", "198.16.0.0/12", "RFC 2544"),  # holds the benchmarking range and more
        ("prefix", "fe80::1", "2000::/3"),
        ("prefix", "fc00::/19", "2000::/3"),
        ("prefix", "::ffff:192.0.2.1", "2000::/3"),
        ("prefix", "64:ff9b::192.0.2.1", "2000::/3"),
        ("prefix", "2002:7f00:1::/48", "RFC 3056"),
        ("prefix", "2001:0::/32", "RFC 2928"),
        ("prefix", "192.0.2.0/255.255.255.0", "write it as"),
        ("prefix", "192.0.2.0/33", "not an address block"),
        ("prefix", "192.0.2.256", "not an address block"),
        ("prefix", "192.000.2.1", "not an address block"),
        ("prefix", "192.0.2", "not an address block"),
        ("prefix", "٣.٣.٣.٣", "write it as"),
        ("prefix", "fe80::1%eth0", "write it as"),
        ("prefix", "192.0.2.9 - 192.0.2.1", "low - high"),
        ("prefix", "192.0.2.1 - 2001:db8::", "low - high"),
        ("prefix", "0.0.0.0 - 255.255.255.255", "too large"),
        ("prefix", "", "write it as"),
        ("asn", "0", "RFC 7607"),
        ("asn", "23456", "AS_TRANS"),
        ("asn", "64512", "RFC 6996"),
        ("asn", "65535", "RFC 7300"),
        ("asn", "65552", "reserved"),
        ("asn", "4200000000", "RFC 6996"),
        ("asn", "4294967295", "RFC 7300"),
        ("asn", "4294967296", "at most"),
        ("asn", "1.65536", "at most"),
        ("asn", "AS", "write it as"),
        ("asn", "-1", "write it as"),
        ("domain", "nl", "public suffix"),
        ("domain", "co.uk", "public suffix"),
        ("domain", "github.io", "public suffix"),
        ("domain", "example", "public suffix"),
        ("domain", "waterkant.nlx", "does not exist"),
        ("domain", "192.0.2.1", "does not exist"),
        ("domain", "www.example.com", "RFC 2606"),
        ("domain", "printer.local", "RFC 6762"),
        ("domain", "2.0.192.in-addr.arpa", "RFC 3172"),
        ("domain", "a b.nl", "not a domain name"),
        ("domain", "-a.nl", "not a domain name"),
        ("domain", "a_b.nl", "not a domain name"),
        ("domain", "a..nl", "not a domain name"),
        ("domain", "https://a.nl", "not a domain name"),
        ("domain", "jan@a.nl", "not a domain name"),
        ("domain", f"{'a' * 64}.nl", "not a domain name"),
        ("domain", f"{'a.' * 127}nl", "not a domain name"),
        ("domain", "xn--a.nl", "not a valid internationalised"),
        ("domain", "a\u202e.nl", "not a valid internationalised"),
        ("domain", "x" * 300, "too long"),
        ("url", "https://a.nl", "kind must be"),
    ],
)
def test_what_nobody_can_own_is_refused_with_the_reason(kind, written, reason):
    with pytest.raises(InvalidAsset) as refused:
        values(kind, written)
    assert reason in refused.value.text("en")
    assert refused.value.text("nl") != refused.value.text("en")


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("prefix", "192.0.2.0/25"),
        ("prefix", "198.51.100.0/24"),
        ("prefix", "203.0.113.9"),
        ("prefix", "198.19.0.0/16"),
        ("prefix", "2001:db8:1::/48"),
        ("prefix", "3fff:1::/32"),
        ("asn", "64500"),
        ("asn", "65540"),
        ("domain", "a.example"),
        ("domain", "a.test"),
        ("domain", "a.invalid"),
    ],
)
def test_documentation_space_is_for_the_demo_only(kind, written):
    assert values(kind, written, reserved=True)
    with pytest.raises(InvalidAsset):
        values(kind, written, reserved=False)


def test_the_table_is_dated():
    with pytest.raises(InvalidAsset):
        values("prefix", "3fff::/32", reserved=False)
    assert values("prefix", "3fff::/32", reserved=False, on=date(2024, 6, 30)) == ("3fff::/32",)


def test_every_row_of_the_table_has_its_source_and_date():
    for table in (space.prefixes(4), space.prefixes(6), space.asns()):
        assert all(entry.source.startswith("RFC ") and entry.valid_from < DAY for entry in table.entries)


def test_a_change_is_noted_in_both_languages():
    for kind, text in (("prefix", "192.0.2.7/24"), ("domain", "*.a.example"), ("prefix", "192.0.2.0 - 192.0.2.2")):
        normal = normalise(kind, text, reserved=True, on=DAY)
        assert normal.note_en
        assert normal.note_nl != normal.note_en


networks = st.one_of(
    st.builds(
        lambda address, length: ipaddress.ip_network((address, length), strict=False),
        st.integers(0, 2**32 - 1),
        st.integers(0, 32),
    ),
    st.builds(
        lambda address, length: ipaddress.ip_network((ipaddress.IPv6Address(address), length), strict=False),
        st.one_of(st.integers(0, 2**128 - 1), st.integers(0x2A00 << 112, (0x2A00 << 112) + 2**100)),
        st.integers(0, 128),
    ),
)


@given(networks)
def test_a_prefix_is_accepted_only_when_it_touches_no_special_space(network):
    special = [entry for entry in space.prefixes(network.version).entries if not entry.documentation]
    first, last = int(network.network_address), int(network.broadcast_address)
    touches = any(entry.first <= last and first <= entry.last for entry in special)
    try:
        accepted = values("prefix", str(network))
    except InvalidAsset:
        return
    assert accepted == (str(network),)
    assert not touches
    assert not network.is_multicast
    assert network.prefixlen >= (8 if network.version == 4 else 19)


@given(st.integers(0xC6120000, 0xC613FFFF), st.integers(0, 5000))
def test_a_range_is_split_into_prefixes_that_cover_it_exactly(first, size):
    last = min(first + size, 0xC613FFFF)
    text = f"{ipaddress.ip_address(first)} - {ipaddress.ip_address(last)}"
    parts = [ipaddress.ip_network(value) for value in values("prefix", text)]
    assert sum(part.num_addresses for part in parts) == last - first + 1
    assert int(parts[0].network_address) == first
    assert int(parts[-1].broadcast_address) == last


labels = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=20)


@given(st.lists(labels, min_size=1, max_size=5), st.sampled_from(["", "."]), st.booleans())
def test_a_domain_keeps_its_labels_whatever_its_case(parts, dot, upper):
    name = ".".join([*parts, "example"])
    assert values("domain", (name.upper() if upper else name) + dot) == (name,)


@given(st.sampled_from(["prefix", "asn", "domain"]), st.text(max_size=300))
def test_any_text_is_accepted_or_refused_and_normalising_twice_is_once(kind, text):
    try:
        once = values(kind, text)
    except InvalidAsset:
        return
    assert [values(kind, value) for value in once] == [(value,) for value in once]


@given(st.text("0123456789abcdef.:/-% ", max_size=60))
def test_text_that_looks_like_addresses_never_escapes_as_another_error(text):
    with contextlib.suppress(InvalidAsset):
        assert values("prefix", text)
