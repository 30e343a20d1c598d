"""What a page holds, what it says for phishing, and that a page of somebody honest says nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.phishing.fetching.conftest import EVIL, Here

from dijkwacht.rooms.phishing.fetching import rules
from dijkwacht.rooms.phishing.fetching.ages import ages
from dijkwacht.rooms.phishing.fetching.certificates import Certificate
from dijkwacht.rooms.phishing.fetching.icons import Icon, Known, brand_of, read_icon
from dijkwacht.rooms.phishing.fetching.looking import Hop, Look, hosting, look
from dijkwacht.rooms.phishing.fetching.pages import Page, read_page
from dijkwacht.rooms.phishing.fetching.working import eyes

NOW = datetime(2026, 11, 26, tzinfo=UTC)
LOGIN = """<html lang="nl"><head><title>Mijn ING</title><link rel="icon" href="/fav.ico">
<link rel="stylesheet" href="/kit/ing/style.css"><script src="/kit/ing/1234/app.js"></script></head>
<body><h1>Inloggen</h1>
<p>Wij hebben een probleem gezien met uw rekening. Log in om te voorkomen dat uw pas niet meer werkt.</p>
<form action="https://verzamel.example/in.php" method="post"><label for="g">Gebruikersnaam</label>
<input id="g" name="u"><input type="password" name="p"><input name="kaartnummer" placeholder="Kaartnummer">
<img src="/kit/ing/logo.png" alt="ING">
<input autocomplete="one-time-code"><button>Verder</button></form></body></html>"""


def page(source, url="https://dief.example/"):
    return read_page(source.encode(), "utf-8", url)


def test_a_page_that_imitates_a_bank_is_read():
    found = page(LOGIN)
    assert found.title == "Mijn ING"
    assert found.asks == ["2fa", "card", "password"]
    assert found.form_hosts == ["verzamel.example"]
    assert (found.brands, found.language) == (["ing"], "nl")
    assert found.resources == ["/fav.ico", "/kit/ing/#/app.js", "/kit/ing/logo.png", "/kit/ing/style.css"]
    assert found.icons == ["https://dief.example/fav.ico"]


def test_a_shop_that_shows_by_whom_one_may_pay_does_not_say_that_it_is_them():
    shop = page(
        "<title>Jans fietsen</title><h1>Inloggen</h1><form action=/in><input type=password name=p></form>"
        "<img src=/i.png alt=iDEAL><img src=/p.png alt=PayPal>",
        "https://jansfietsen.example/",
    )
    assert (shop.asks, shop.brands) == (["password"], [])


def test_two_pages_of_one_kit_have_one_key_and_others_have_another():
    again = LOGIN.replace("1234", "9876").replace("uw rekening", "je bankpas").replace("ING", "Rabobank")
    assert page(LOGIN).kit == page(again, "https://boef.example/").kit != ""
    assert page(LOGIN).kit != page("<p>Welkom bij onze bakkerij, met brood en koek voor iedereen.").kit
    assert page("").kit == ""


FIELDS = {
    '<input type="password">': ["password"],
    '<input autocomplete="cc-number">': ["card"],
    '<label for="a">IBAN</label><input id="a">': ["iban"],
    '<input name="smscode">': ["2fa"],
    '<input placeholder="Pincode">': ["pin"],
    '<input aria-label="Uw BSN">': ["bsn"],
    '<input type="hidden" name="password">': [],
    '<input name="spinner"><input name="company">': [],
    '<input type="search" name="iban">': [],
}


@pytest.mark.parametrize("source", FIELDS, ids=range(len(FIELDS)))
def test_fields_say_what_they_ask(source):
    assert page(source).asks == FIELDS[source]


def test_a_title_is_kept_without_addresses_and_numbers_of_people():
    assert page("<title>Dag jan@burger.example, klant 12345678</title>").title == "Dag …, klant …"


def test_where_scripts_and_frames_go_is_seen_and_not_followed(way, html, site):
    script = "<script>if (x) window.location.replace('/daar')</script><iframe src='/kader'></iframe>"
    seen = look(html("/", f"<p>Een ogenblik, u gaat zo verder naar de pagina.{script}"), here := Here(way()), here).look
    assert [(hop.how, hop.url.rpartition("/")[2]) for hop in seen.hops[1:]] == [("script", "daar"), ("frame", "kader")]
    assert [hit.rpartition("/")[2] for hit in site.hits] == ["", "favicon.ico"]


STATES = {
    "gone": ("<h1>Niet gevonden</h1>", 404),
    "blank": ("<html><body></body></html>", 200),
    "hidden": ("<p>Forbidden", 403),
    "parked": ("<title>dief.example</title><p>This domain is for sale. Buy this domain today for a good price!", 200),
    "page": ("<p>Dit is een pagina waar gewoon een tekst op staat.", 200),
}


@pytest.mark.parametrize("state", STATES)
def test_what_became_of_a_page(way, html, state):
    body, status = STATES[state]
    assert look(html("/", body, status), here := Here(way()), here).look.state == state


def test_a_brands_own_site_is_not_asked(way, html):
    seen = look(html("/", "", 302, Location="https://www.ing.nl/"), here := Here(way()), here).look
    assert (seen.state, seen.hops[-1].url, seen.hops[-1].status) == ("own", "https://www.ing.nl/", 0)
    assert len(here.asked) == 1


def test_what_kind_of_place_a_host_is():
    hosts = ("dief.example", "naam.github.io", "docs.google.com", "93.184.216.34", "a.co.uk")
    assert [*map(hosting, hosts)] == ["own", "platform", "shared", "address", "own"]


# --- evidence ---------------------------------------------------------------------------------------------------------


def looked(url="https://dief.example/", *, source=LOGIN, **values):
    given = {"state": "page", "final": url, "hops": [Hop(url, "first", 200)], "page": page(source, url)}
    return Look(url, NOW.isoformat(), **{**given, **values})


def certificate(days):
    since = NOW - timedelta(days=days)
    return Certificate("Let's Encrypt", since.isoformat(), (since + timedelta(days=90)).isoformat(), [])


def codes(one):
    return [found.code for found in rules.evidence(one, NOW)]


def test_a_page_that_asks_secrets_as_a_brand_that_it_is_not():
    first, second = rules.evidence(looked(), NOW)
    assert (first.code, first.family) == ("page-asks-as-brand", "content")
    assert first.nl == (
        "De pagina op dief.example noemt zich ING en vraagt om een eenmalige code, een kaartnummer en een wachtwoord; "
        "dief.example is niet van ING."
    )
    assert second.code == "page-sends-away"


def test_much_of_a_page_is_one_family_and_its_host_another():
    young = looked("https://ing-inloggen.example/", certificate=certificate(2))
    found = rules.evidence(young, NOW)
    assert [(one.code, one.family) for one in found] == [
        ("page-asks-as-brand", "content"),
        ("page-sends-away", "content"),
        ("certificate-young", "infrastructure"),
    ]
    assert "2 days old" in found[2].en


def test_a_chain_of_short_links_counts_with_a_page_that_imitates():
    hops = [Hop(f"https://{host}.example/", "http", 302) for host in ("kort", "korter")]
    assert "chain" in codes(looked(hops=hops))
    honest = "<title>Nieuws van ING</title><p>De bank ING maakte vandaag bekend dat de rente stijgt."
    assert codes(looked(hops=hops, source=honest)) == []


def test_a_young_domain_counts_with_a_page_that_imitates(tmp_path):
    file = tmp_path / "ages.csv"
    file.write_text("domain,registered\ndief.example,2026-11-20\n")
    registered = ages(str(file)).registered("dief.example")
    assert "domain-young" in codes(looked(registered=registered))
    assert codes(looked(registered=registered, source="<p>Onze nieuwe bakkerij is open, kom proeven.")) == []
    assert ages("").registered("dief.example") == ""


@pytest.mark.parametrize("content", [None, b"\xff\xfe", "name\nx\n", "domain,registered\nx\n"])
@pytest.mark.parametrize("setting", ["DIJKWACHT_PAGES_AGES", "DIJKWACHT_PAGES_ICONS"])
def test_a_setting_that_names_an_unusable_file_is_said_with_its_name(tmp_path, setting, content):
    file = tmp_path / "file"
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ValueError, match=f"^{setting}: .*file"), eyes({setting: str(file)}):
        pass


def test_who_hides_behind_a_name_like_a_brands():
    like = "https://ing-inloggen.example/"
    assert codes(looked(like, source="", state="blank")) == ["cloaked"]
    assert codes(looked(like, source="", state="own", final="https://www.ing.nl/")) == ["cloaked"]
    assert codes(looked("https://telpixel.example/", source="", state="blank")) == []


HONEST = {
    "a bank's own page": ("https://mijn.ing.nl/", LOGIN),
    "a shop where one can pay by many banks": (
        "https://winkel.example/",
        "<h1>Betaal met ING, Rabobank, ABN AMRO, ASN Bank of Triodos Bank</h1><input type='password'>",
    ),
    "a login without a brand": ("https://bakker.example/", "<h1>Inloggen</h1><form><input type=password></form>"),
    "a newspaper about a bank": ("https://krant.example/", "<h1>ING verhoogt de rente</h1><p>De bank zegt dat."),
    "nothing": ("https://leeg.example/", ""),
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_page_says_nothing(name):
    url, source = HONEST[name]
    assert codes(looked(url, source=source, certificate=certificate(1), state="page" if source else "blank")) == []


def test_a_page_that_is_gone_or_asks_nothing_any_more_ends_a_lease():
    before = looked()
    for state in ("gone", "parked", "name"):
        gone = looked(state=state, page=Page())
        assert rules.over(gone, before)
        assert rules.notes(gone)[0].family == ""
    emptied = looked(source="<p>Deze winkel is verhuisd naar een andere straat.")
    assert rules.over(emptied, before)
    assert [one.code for one in rules.notes(emptied, before)] == ["page-changed"]
    assert not rules.over(before, before)
    assert not rules.over(looked(state="hidden", page=Page()), before)  # it may hide from us only


# --- icons ------------------------------------------------------------------------------------------------------------


def picture(colour, size=32):
    import io

    from PIL import Image, ImageDraw

    image = Image.new("RGB", (size, size), "white")
    ImageDraw.Draw(image).ellipse((size // 4, size // 8, size - 4, size - size // 3), fill=colour)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def test_an_icon_is_known_by_its_bytes_or_its_look():
    icon = read_icon(picture("orange"))
    known = (Known("ing", look=icon.look),)
    assert brand_of(icon, (Known("ing", sha256=icon.sha256),)) == "ing"
    assert brand_of(read_icon(picture("orange", 64)), known) == "ing"
    assert brand_of(read_icon(b"GIF89a nonsense"), known) == ""
    assert brand_of(Icon("x", "0" * 16), (Known("leeg", look="0" * 16),)) == ""  # one colour looks like nothing


def test_the_icon_of_a_brand_on_another_host_is_evidence(way, html):
    html("/favicon.ico", picture("orange"), **{"Content-Type": "image/png"})
    url = html("/", "<p>Vul uw gegevens in om verder te gaan.<input type=password>")
    known = (Known("ing", look=read_icon(picture("orange")).look),)
    seen = look(url, here := Here(way()), here, icons=known).look
    assert seen.icon_brand == "ing"
    assert [one.code for one in rules.evidence(seen)] == ["page-asks-as-brand"]
    assert EVIL in rules.evidence(seen)[0].nl


def test_a_picture_that_is_a_program_is_not_run(monkeypatch):
    from PIL import EpsImagePlugin

    started = []
    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", lambda *given: started.append(given))
    program = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 8 8\n%%EndComments\n(hi) print\nshowpage\n%%EOF\n"
    assert read_icon(program) == Icon()
    assert started == []
