"""No name of the entity is left in what goes out, wherever and however somebody wrote it."""

import re
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dijkwacht.law.incidents import IncidentRecord, netcode, spoc
from dijkwacht.law.incidents.disclosure.searching import Names

NAME, DOMAIN, PHONE, MAIL = "Waterleiding Nieuweland", "nieuweland.example", "+31206230101", "nora@nieuweland.example"
STREET, POSTCODE, KVK, PREFIX = "Dijkweg 12", "1234 AB", "90000102", "192.0.2.0/24"
POINTING = {NAME, DOMAIN, PHONE, STREET, POSTCODE, KVK, PREFIX, "2001:db8:77::/48", "Jansen-de Boer"}
TEXTS = ("title", "description", "effects", "cross_border_effect", "root_cause", "measures_taken", "netcode_reasoning")


def plain(text):
    """The letters and digits of a text, as a reader puts them together."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return re.sub(r"[\W_]", "", "".join(one for one in folded if unicodedata.category(one) not in {"Mn", "Cf"}))


WRITTEN = {
    "as it is": NAME,
    "in capitals": NAME.upper(),
    "joined": "WaterleidingNieuweland",
    "with signs": "waterleiding_nieuweland",
    "over two lines": "Waterleiding\n  Nieuweland",
    "wide letters": "".join(chr(ord(one) + 0xFEE0) if one.isalpha() else one for one in NAME),
    "a sign nobody sees": "Water\u200bleiding Nieuwe\u00adland",
    "accents": "Wâterleiding Niéuweland",
    "in a longer word": "srv-waterleidingnieuweland01",
    "domain": "www.nieuweland.example/login",
    "defanged": "hxxps://vpn.nieuweland[.]example",
    "defanged with words": "nieuweland(dot)example",
    "mail": "nora@nieuweland.example",
    "telephone": "+31 20 623 01 01",
    "national telephone": "020-6230101",
    "telephone with zeros": "0031 (20) 623-0101",
    "street": "dijkweg 12",
    "postcode": "1234AB",
    "number of the register": "KvK 9000 0102",
    "address in a prefix": "192.0.2.17",
    "defanged address": "192[.]0[.]2[.]17",
    "sixth version": "2001:db8:77::17",
    "person": "mevrouw Jansen-de Boer",
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_a_name_is_found_however_it_is_written(written):
    names = Names(POINTING)
    text, times = names.without(f"It began at ({written}), as they say.", "[…]")
    assert times >= 1
    assert text.startswith("It began at (")
    assert text.endswith("), as they say.")
    assert not names.found(text)


@pytest.mark.parametrize("other", ["198.51.100.7", "bad.example", "2001:db8:78::1", "the water of the land", "1234567"])
def test_what_points_at_nobody_here_stays(other):
    assert Names(POINTING).without(other, "[…]") == (other, 0)


def test_a_short_name_is_not_looked_for_within_words():
    text, times = Names(["ING"]).without("De melding van ING, de storing bij ing_mail", "[…]")
    assert (text, times) == ("De melding van […], de storing bij […]_mail", 2)


secrets = st.sampled_from([NAME, DOMAIN, "nieuweland[.]example", MAIL, KVK, STREET, "192.0.2.99", "Nora Nieuweland"])
noise = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)
pieces = st.lists(st.one_of(noise, secrets, secrets.map(str.upper), secrets.map(str.title)), min_size=1, max_size=8)


@given(st.dictionaries(st.sampled_from(TEXTS), pieces.map("".join).map(str.strip).filter(bool), min_size=1))
@example({"description": NAME * 3})
@example({"title": f"{NAME[:7]}{NAME}{NAME[7:]}"})
@example({"title": f"{NAME[:6]}{DOMAIN}{NAME[6:]}"})
def test_no_version_holds_a_name_whatever_stands_around_it(texts):
    record = IncidentRecord.read(
        {
            "entity_name": NAME,
            "contact_name": "Nora Nieuweland",
            "contact_email": MAIL,
            "member_states": ["DE"],
            **texts,
        }
    )
    made = [
        spoc.for_state(record, "DE", names=POINTING),
        spoc.for_union(record, names=POINTING),
        netcode.for_states(record, names=POINTING),
        netcode.for_entities(record, names=POINTING),
    ]
    for version in made:
        for value in (value for value in version.content.values() if isinstance(value, str)):
            left = plain(value)
            for secret in (NAME, "Nora Nieuweland", KVK):
                assert plain(secret) not in left
            assert DOMAIN not in value.casefold()
            assert MAIL not in value.casefold()
            assert "192.0.2.99" not in value


@given(st.lists(st.sampled_from(["evil.example", DOMAIN, f"x.{DOMAIN}", "192.0.2.1", "203.0.113.5"]), max_size=6))
def test_an_indicator_that_points_at_the_entity_goes_as_a_whole(indicators):
    record = IncidentRecord.read({"indicators": indicators})
    sent = netcode.for_entities(record, names=POINTING).content.get("indicators", [])
    assert list(sent) == [one for one in indicators if one in {"evil.example", "203.0.113.5"}]


@pytest.mark.parametrize(
    "filler", [" ", "[", "1", "1 ", "a", "a.", "2 0 6 ", "Waterleiding ", "192.0.2.", "::", "[:]", "+"]
)
def test_a_long_text_is_searched_in_a_moment(filler):
    """20,000 characters, the most that a question takes; the bound is far above what it took: under 0.3 s."""
    names, text = Names(POINTING), (filler * 20_000)[:20_000]
    started = time.perf_counter()
    names.without(text, "[…]")
    assert time.perf_counter() - started < 5
