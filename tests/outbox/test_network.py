"""Which addresses a stranger's URL may make us connect to: the forms that other systems got wrong."""

import ipaddress
import socket

import pytest

from dijkwacht.platform import network

REFUSED = [
    "0.0.0.0",  # noqa: S104 - a target, nothing listens
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.1.2.3",
    "127.255.255.255",
    "168.63.129.16",
    "169.254.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::10.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::169.254.169.254",
    "64:ff9b:1::7f00:1",
    "64:ff9b:1::8.8.8.8",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::",
    "2002:808:808::",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "2a00:1450:4001:800:0:5efe:7f00:1",
    "2a00:1450:4001:800:200:5efe:a00:1",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "9.9.9.9",
    "145.97.20.1",
    "172.15.255.255",
    "172.32.0.1",
    "100.63.255.255",
    "100.128.0.1",
    "198.17.255.255",
    "198.20.0.1",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2001:4860:4860::8888",
    "2a00:1450:4001:800::200e",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
]
# What getaddrinfo makes an address of without asking anybody.
NUMBERS = [
    "2130706433",
    "127.1",
    "0x7f.1",
    "0x7f000001",
    "0177.0.0.1",
    "017700000001",
    "①②⑦.0.0.1",
    "１２７.0.0.1",  # noqa: RUF001 - the trap itself
    "127。0。0。1",
    "0",
    "::ffff:7f00:1",
    "::1",
    "localhost",
    "10.1",
    "0xa9fea9fe",
    "2852039166",
]


@pytest.mark.parametrize("text", REFUSED)
def test_an_address_that_is_not_public_is_refused(text):
    assert not network.is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_is_public(text):
    assert network.is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("host", NUMBERS)
def test_a_number_in_any_notation_is_judged_by_what_it_resolves_to(host):
    with pytest.raises((network.NotPublic, network.NotFoundByName)):
        network.addresses(host, 443)


def test_the_table_is_long_enough():
    assert len(REFUSED) + len(NUMBERS) >= 60


def test_a_name_with_one_private_address_is_refused_whole(monkeypatch):
    def answers(*_args, **_kwargs):
        return [(socket.AF_INET, 1, 6, "", (ip, 443)) for ip in ("8.8.8.8", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    with pytest.raises(network.NotPublic):
        network.addresses("mixed.example", 443)


@pytest.mark.parametrize("host", ["", "a" * 70 + ".example", "\udc80", "a..b", "no-such-name.invalid"])
def test_a_name_that_is_none_is_refused(host):
    with pytest.raises((network.NotPublic, network.NotFoundByName)):
        network.addresses(host, 443)


def test_an_allowed_pair_holds_for_that_port_only():
    assert network.addresses("127.0.0.1", 8443, allowed=["127.0.0.1:8443"])
    with pytest.raises(network.NotPublic):
        network.addresses("127.0.0.1", 8444, allowed=["127.0.0.1:8443"])
