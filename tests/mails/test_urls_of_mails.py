"""A URL as a browser understands it, without who received it."""
# ruff: noqa: E501 - URLs as they are

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dijkwacht.mails.urls import canonical, host_of, read_url, read_urls, unwrapped, without_reporter

HOSTS = {
    "http://evil.example\\@good.example/": "evil.example",
    "http://good.example@evil.example/": "evil.example",
    "http://good.example:80@evil.example:81/x": "evil.example",
    "http:evil.example/": "evil.example",
    "http:\\\\evil.example": "evil.example",
    "HTTP://EVIL.example.": "evil.example.",
    "http://2130706433/": "127.0.0.1",
    "http://0x7f.1/": "127.0.0.1",
    "http://①②⑦.0.0.1/": "127.0.0.1",
    "http://[64:ff9b::7f00:1]/": "[64:ff9b::7f00:1]",
    "http://bücher.example/": "xn--bcher-kva.example",
    "http://evil。example/": "evil.example",
    "hxxps://evil[.]example/a": "evil.example",
    "http://ev\til.exa\nmple/": "evil.example",
}


@pytest.mark.parametrize("text", HOSTS)
def test_the_host_is_the_one_a_browser_asks(text):
    assert host_of(canonical(text)) == HOSTS[text]


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "data:text/html,x", "mailto:a@b.example", "http://", "http://a b/", "", "//x"]
)
def test_what_no_browser_asks_over_http_is_no_url(text):
    assert canonical(text) == ""
    assert read_url(text) is None


WRAPPED = {
    "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.example%2Fa&data=x": "https://evil.example/a",
    "https://www.google.com/url?q=https://evil.example/a&sa=D": "https://evil.example/a",
    "https://urldefense.proofpoint.com/v2/url?u=https-3A__evil.example_a-3Fb-3D1&d=DwM": "https://evil.example/a?b=1",
    "https://urldefense.com/v3/__https://evil.example/a*b__;Iw!!abc$": "https://evil.example/a#b",
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fevil.example%2Fa&h=x": "https://evil.example/a",
    "https://www.google.com/url?q=https%3A%2F%2Feur01.safelinks.protection.outlook.com%2F%3Furl%3Dhttps%253A%252F%252Fevil.example%252Fa": "https://evil.example/a",
    "https://www.google.com/url?q=javascript:alert(1)": "https://www.google.com/url?q=javascript:alert(1)",
}  # fmt: skip


@pytest.mark.parametrize("text", WRAPPED)
def test_what_a_mail_filter_put_before_it_is_taken_off(text):
    assert unwrapped(canonical(text)) == WRAPPED[text]


PERSONAL = {
    "https://evil.example/?e=jan@burger.example&x=1": "https://evil.example/?e=&x=1",
    "https://evil.example/?e=jan%40burger.example": "https://evil.example/?e=",
    "https://evil.example/#jan@burger.example": "https://evil.example/",
    "https://evil.example/amFuQGJ1cmdlci5leGFtcGxl": "https://evil.example/",
    "https://evil.example/?v=amFuQGJ1cmdlci5leGFtcGxl": "https://evil.example/?v=",
    "https://evil.example/JAN@BURGER.EXAMPLE/in": "https://evil.example//in",
    "https://evil.example/?a=1&utm_source=mail&fbclid=x": "https://evil.example/?a=1",
    "https://evil.example/?a=%20b&c": "https://evil.example/?a=%20b&c",
    "https://u:p@evil.example/": "https://evil.example/",
}


@pytest.mark.parametrize("text", PERSONAL)
def test_who_received_it_is_taken_out_and_nothing_else(text):
    assert without_reporter(canonical(text)) == PERSONAL[text]


def test_the_name_of_a_known_reporter_is_taken_out_where_it_stands_bare():
    assert without_reporter("https://evil.example/janneke/x", ["janneke@burger.example"]) == "https://evil.example//x"


@pytest.mark.parametrize(
    "url", ["https://evil.example/information", "https://evil.example/info", "https://evil.example/bijanneke"]
)
def test_a_page_is_not_broken_for_a_name_that_is_a_word_of_its_own(url):
    assert without_reporter(url, ["info@burger.example", "janneke@burger.example"]) == url


def test_two_who_got_the_same_mail_have_the_same_key():
    one = read_url("https://evil.example/p/8f14e45fceea167a5a36/?u=jan@burger.example&t=1732571", [])
    other = read_url("https://evil.example/p/c9f0f895fb98ab9159f5/?u=piet@elders.example&t=8813201", [])
    assert one.key == other.key == "https://evil.example/p/*/?u=&t=*"


def test_words_in_a_path_stay_in_the_key():
    url = "https://evil.example/inloggen/mijn-rekening?stap=2"
    assert read_url(url).key == url


@given(st.text(max_size=60))
def test_reading_twice_changes_nothing_more(text):
    once = read_url(f"http://{text}")
    if once is not None:
        assert read_url(once.canonical).canonical == once.canonical
        assert without_reporter(once.clean) == once.clean


JAN = "jan.jansen@voorbeeld.example"
CODED = base64.b64encode(JAN.encode()).decode()
HIDDEN = {
    f"https://evil.example/#x={CODED}": "https://evil.example/#x=",
    f"https://evil.example/#/login/{CODED}": "https://evil.example/#/login/",
    f"https://evil.example/?e={JAN.encode().hex()}": "https://evil.example/?e=",
    "https://evil.example/?e=jan.jansen%2540voorbeeld.example": "https://evil.example/?e=",
    f"https://evil.example/?d={base64.b64encode(b'{0}e0:0' + JAN.encode() + b'0}').decode()}": "https://evil.example/?d=",
    f"https://evil.example/a.123.{CODED.rstrip('=')}": "https://evil.example/a.123.",
    f"https://evil.example/a|{CODED.rstrip('=')};b": "https://evil.example/a%7C;b",
}


@pytest.mark.parametrize("number", range(len(HIDDEN)))
def test_an_address_that_is_hidden_is_taken_out_too(number):
    url, clean = [*HIDDEN.items()][number]
    assert without_reporter(canonical(url)) == clean


@pytest.mark.parametrize(
    ("url", "reporter", "received"),
    [
        ("https://evil.example/a/b/login", ["a@x.example"], []),
        ("https://sites.example/view/ing-betaalpas", [JAN], ["ing-betaalpas@x.example"]),
        ("https://code.example/evil/page", [JAN], ["evil@x.example", "page@x.example"]),
    ],
    ids=["short", "received", "two"],
)
def test_whoever_wrote_the_mail_chooses_no_part_of_a_path_that_goes(url, reporter, received):
    assert without_reporter(url, reporter, received) == url


PIECES = [
    "https://evil.example/",
    "#",
    "?utm_source=x",
    "&e=",
    JAN,
    CODED,
    JAN.encode().hex(),
    "jan%2540x.nl",
    "AbCdEfGh",
    "12345678",
]


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=5).map("".join), max_size=6))
def test_what_is_asked_of_all_urls_at_once_is_answered_as_one_by_one(texts):
    reporter = ["evil-name@burger.example"]
    assert read_urls(texts, reporter) == [read_url(text, reporter) for text in texts]


@given(st.binary(max_size=7), st.text("abcxyz", min_size=1, max_size=9), st.binary(max_size=5))
def test_no_cheap_look_passes_over_an_address(before, name, after):
    for secret in (base64.b64encode, base64.urlsafe_b64encode, lambda plain: plain.hex().encode()):
        plain = (
            bytes(sign & 127 for sign in before) + f"{name}@{name}.nl".encode() + bytes(sign & 127 for sign in after)
        )
        coded = secret(plain).decode().rstrip("=")
        assert coded not in without_reporter(f"https://evil.example/?x={coded}")
