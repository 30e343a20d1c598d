"""What may stand on the list and what never, whatever form it is written in."""

import pytest

from dijkwacht.rooms.phishing.listing import errors, rules

OWN = frozenset({"portaal.dijkwacht.example", "127.0.0.1"})

CANONICAL = [
    ("host", "Dief.Example.", "dief.example"),
    ("host", " dief.example ", "dief.example"),
    ("host", "bücher.example", "xn--bcher-kva.example"),
    ("host", "ⓓief.example", "dief.example"),
    ("host", "8.8.8.8", "8.8.8.8"),
    ("name", "naam.github.io", "naam.github.io"),
    ("domain", "dief.nl", "dief.nl"),
    ("url", "HTTPS://gebruiker:geheim@Dief.Example.:8443/a b?x=1#deel", "https://dief.example:8443/a%20b?x=1"),
    ("url", "http://dief.example\\@good.example/", "http://dief.example/@good.example/"),
    ("url", "https://t.co/abc", "https://t.co/abc"),
    ("url", "https://github.io/x", "https://github.io/x"),
]


@pytest.mark.parametrize(("kind", "written", "canonical"), CANONICAL)
def test_a_name_has_one_form_on_the_list(kind, written, canonical):
    assert rules.canonical(kind, written, OWN) == canonical
    assert rules.canonical(kind, canonical, OWN) == canonical


# A protected brand, its hosts, however they are written: nothing gets past the hard list.
PROTECTED = [
    ("host", "ing.nl"),
    ("host", "MIJN.ING.NL"),
    ("host", "mijn.ing.nl."),
    ("host", "i\u200bng.nl"),
    ("host", "ing\u3002nl"),
    ("host", "\uff49\uff4e\uff47.nl"),
    ("host", "ⓘⓝⓖ.nl"),
    ("host", "a.b.c.rabobank.nl"),
    ("name", "mijn.ing.nl"),
    ("domain", "ing.nl"),
    ("url", "https://www.ing.nl/"),
    ("url", "https://dief@www.ing.nl:8443/x"),
    ("url", "https://dief.example:wachtwoord@ing.nl."),
    ("url", "hxxps://www.ing[.]nl/"),
    ("url", "https://%69ng.nl/"),
    ("url", "https:\\\\ing.nl\\pad"),
    ("url", "https://dief.example\t@ing.nl/"),
]


@pytest.mark.parametrize(("kind", "name"), PROTECTED)
def test_a_protected_brand_is_never_listed_however_it_is_written(kind, name):
    with pytest.raises(errors.ProtectedName):
        rules.canonical(kind, name, OWN)


REFUSED = [
    (errors.OwnName, "host", "Portaal.Dijkwacht.Example."),
    (errors.OwnName, "host", "www.portaal.dijkwacht.example"),
    (errors.OwnName, "domain", "dijkwacht.example"),
    (errors.OwnName, "url", "https://portaal.dijkwacht.example/phishing"),
    (errors.PublicSuffix, "host", "co.uk"),
    (errors.PublicSuffix, "name", "github.io"),
    (errors.PublicSuffix, "host", "gov.uk"),
    (errors.SharedByMany, "host", "t.co"),
    (errors.SharedByMany, "host", "docs.google.com"),
    (errors.SharedByMany, "name", "google.com"),
    (errors.TooWide, "domain", "inloggen.dief.example"),
    (errors.TooWide, "name", "8.8.8.8"),
    (errors.InsideName, "host", "localhost.localdomain.local"),
    (errors.PublicSuffix, "host", "com"),
    (errors.PublicSuffix, "host", "nl"),
    (errors.InsideName, "host", "intranet"),
    (errors.InsideName, "host", "printer.internal"),
    (errors.InsideName, "host", "1.0.0.127.in-addr.arpa"),
    (errors.InsideName, "host", "127.0.0.1"),
    (errors.InsideName, "host", "2130706433"),
    (errors.InsideName, "host", "0x7f.1"),
    (errors.InsideName, "host", "①②⑦.0.0.1"),
    (errors.InsideName, "host", "[::1]"),
    (errors.InsideName, "host", "[64:ff9b::7f00:1]"),
    (errors.InsideName, "url", "http://[::ffff:10.0.0.1]/"),
    (errors.InsideName, "url", "http://169.254.169.254/latest"),
    (errors.UnknownKind, "zone", "dief.example"),
]
MALFORMED = [
    *(
        "",
        " ",
        ".",
        "..",
        "a..nl",
        "*.dief.example",
        "-dief.example",
        "dief-.example",
        "dief.example:80",
        "x@dief.example",
    ),
    *("dief.example/pad", "https://dief.example", "dief.example\n0.0.0.0 ing.nl", "dief.example\r", "dief\t.example"),
    *("dief.example;A 1.2.3.4", 'dief".example', "a" * 64 + ".example", ".".join(["a" * 60] * 5), "dief.example#x"),
    *(
        "dief .example",
        "$INCLUDE.example",
        "||dief.example^",
        "dief.example\u2028x",
        "xn--a.example",
        "dief.example\x00",
    ),
]


@pytest.mark.parametrize(("problem", "kind", "name"), REFUSED)
def test_what_would_hit_others_or_ourselves_is_refused(problem, kind, name):
    with pytest.raises(problem):
        rules.canonical(kind, name, OWN)


@pytest.mark.parametrize("name", MALFORMED, ids=ascii)
def test_what_is_no_name_is_refused(name):
    with pytest.raises((errors.MalformedName, errors.InsideName)):
        rules.canonical("host", name, OWN)


@pytest.mark.parametrize(
    "url", ["", "dief.example", "ftp://dief.example/", "javascript:alert(1)", "https://", "https://a b/"]
)
def test_what_is_no_url_is_refused(url):
    with pytest.raises(errors.MalformedName):
        rules.canonical("url", url, OWN)


def test_a_canonical_url_holds_nothing_that_ends_a_line_or_a_field():
    made = rules.canonical("url", "https://dief.example/a\r\n0.0.0.0 ing.nl\x0b\u2028\x7f", OWN)
    assert made.isascii()
    assert made.isprintable()
    assert " " not in made


@pytest.mark.parametrize(
    ("kind", "name", "expression"),
    [
        ("host", "dief.example", "dief.example/"),
        ("url", "https://t.co/abc?x=1", "t.co/abc?x=1"),
        ("url", "https://dief.example:8443/", "dief.example/"),
    ],
)
def test_what_is_hashed_is_written_as_safe_browsing_does(kind, name, expression):
    assert rules.expression(kind, name) == expression
    assert len(rules.digest(kind, name)) == 32


@pytest.mark.parametrize(
    ("one", "other", "newer"), [(2, 1, True), (1, 2, False), (1, 1, False), (0, 2**32 - 1, True), (2**32 - 1, 0, False)]
)
def test_serials_are_compared_round_their_end(one, other, newer):
    assert rules.newer(one, other) is newer


@pytest.mark.parametrize(
    "name",
    ["https://github.com/", "http://sites.google.com/#x", "https://www.tweakers.net/", "https://www.utrecht.nl/"],
)
def test_a_url_whose_hash_is_that_of_a_whole_host_of_many_is_refused(name):
    with pytest.raises(errors.SharedByMany):
        rules.canonical("url", name)
    assert rules.canonical("url", f"{name.partition('#')[0]}x9")


def test_a_host_that_is_found_to_be_much_visited_is_not_hit_by_its_front_page():
    assert rules.canonical("url", "https://winkel.example/") == "https://winkel.example/"
    with pytest.raises(errors.SharedByMany):
        rules.canonical("url", "https://winkel.example/", visited=True)
