"""A mail as people forward it, and as somebody who means harm makes it: the link comes out."""

import base64
import os
import subprocess
import sys
from email.utils import getaddresses
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.mails import letters, outlook

from dijkwacht.mails import urls
from dijkwacht.mails.finding import BARE, SCHEME, in_text
from dijkwacht.mails.headers import addresses_of
from dijkwacht.mails.isolated import Question, Reader
from dijkwacht.mails.reading import Mail, read_mail
from dijkwacht.mails.scanning import place_of
from dijkwacht.rooms.phishing.intake.wrapping import as_mail, recognised


@pytest.mark.parametrize("form", letters.FORWARDED)
def test_the_link_is_found_in_every_form_that_people_forward(form):
    mail = read_mail(letters.FORWARDED[form])
    assert mail.problems == []
    assert letters.LINK in {link.canonical for link in mail.links}


@pytest.mark.parametrize("name", letters.HOSTILE)
def test_a_hostile_mail_loses_no_link(name):
    mail = read_mail(letters.HOSTILE[name])
    assert letters.HOST in {link.host for link in mail.links}, mail


def test_the_hostile_set_has_the_cases_that_were_measured():
    assert len(letters.HOSTILE) == 22


@pytest.mark.parametrize("name", ["20,000 encoded words", "100,000 addresses", "50,000 parts", "a header of 1 MB"])
def test_a_mail_beyond_a_bound_says_what_was_not_looked_at(name):
    mail = read_mail(letters.HOSTILE[name])
    assert mail.how == "text"
    assert "at most" in mail.problems[0]


def test_what_is_attached_has_its_own_sender_and_who_received_it():
    mail = read_mail(letters.attached())
    assert mail.senders == ["Jan de Burger <jan@burger.example>", "PostNL <info@pakket.example>"]
    assert mail.recipients == ["verdacht@centre.example", "jan@burger.example"]
    assert (mail.subject, mail.layers) == ("Uw pakket wacht", 1)
    assert {link.layer for link in mail.links} == {1}


def test_what_the_reader_saw_stands_beside_where_a_link_goes():
    (link, *_) = read_mail(letters.FORWARDED["a link of HTML"]).links
    assert (link.where, link.shown, link.host) == ("link", "www.postnl.example", letters.HOST)


def test_a_page_that_asks_for_a_password_is_counted():
    assert read_mail(letters.FORWARDED["an attached page"]).password_forms == 1
    assert read_mail(letters.FORWARDED["a link of HTML"]).password_forms == 0


def test_layers_without_end_are_read_as_far_as_the_bound():
    inner = letters.suspicious().as_bytes()
    for _ in range(10):
        inner = letters.with_file(inner, "application", "octet-stream", "x.eml")
    assert "layers" in read_mail(inner).problems[0]


@pytest.mark.parametrize(
    ("base", "relative", "leads_to"),
    [
        ("http://dief.example/a/b.html?x#y", "c", "http://dief.example/a/c"),
        ("http://dief.example/a/b.html", "/c", "http://dief.example/c"),
        ("http://dief.example/a/b/", "..\\c", "http://dief.example/a/c"),
        ("http://dief.example/a/b", "?c", "http://dief.example/a/b?c"),
        ("http://good.example/", "\\\\dief.example/c", "https://dief.example/c"),
        ("http://good.example/", "/\n/dief.example/c", "https://dief.example/c"),
        ("http://good.example/", "ht\ntp://dief.example/c", "http://dief.example/c"),
        ("http://dief.example/", "?a=1&amp;lt=2", "http://dief.example/?a=1&lt=2"),
    ],
)
def test_a_relative_link_leads_where_a_browser_goes(base, relative, leads_to):
    mail = read_mail(letters.suspicious(f'<base href="{base}"><a href="{relative}">x</a>', "html").as_bytes())
    assert [link.canonical for link in mail.links if link.where == "link"] == [leads_to]


def test_what_is_no_letter_of_a_reference_stays_as_the_page_says():
    mail = read_mail(
        letters.suspicious('<a href="http://dief.example/?a=1&amp;lt=2&amp;copy=3">x</a>', "html").as_bytes()
    )
    assert [link.canonical for link in mail.links] == ["http://dief.example/?a=1&lt=2&copy=3"]


@pytest.mark.parametrize("opened", ["<div>", "<b>", "<x-y a=1>", "<DIV><p></p>"])
def test_a_page_too_deep_for_a_parser_is_read_as_its_source_and_says_so(opened):
    page = f'{opened * 1_500}<a href="{letters.LINK}?a=1&amp;b=2">x</a>'
    mail = read_mail(letters.suspicious(page, "html").as_bytes())
    assert "depth" in mail.problems[0]
    assert [link.canonical for link in mail.links] == [f"{letters.LINK}?a=1&b=2"]


@pytest.mark.parametrize(
    "page", ["<p>x" * 5_000, "<br>" * 5_000, "<tr><td><b>x</b>" * 5_000, "<li><a href=x>y</a>" * 5_000]
)
def test_a_page_of_many_elements_beside_each_other_is_not_too_deep(page):
    assert read_mail(letters.suspicious(page, "html").as_bytes()).problems == []


PIECES = [
    "http://a.example/b",
    "www.x.nl",
    "WWW.y.nl/",
    "Www.z.nl",
    "a.nl/b",
    "http:\\\\b.nl",
    "h[:]//",
    "http[:]//c.nl/",
    "www[.]d.nl",
]


@given(
    st.lists(
        st.sampled_from([*PIECES, "x", "/", ":", ".", " ", "\n", "\t", "\u00a0", "\u2028", "\r\n", "(", ")"]),
        max_size=30,
    )
)
def test_passing_over_most_of_a_text_loses_no_url(pieces):
    text = "".join(pieces)
    plainly = [found for word in text.split() for found in in_text(word)]
    every = [match[0] for word in text.split() for pattern in (SCHEME, BARE) for match in pattern.finditer(word)]
    assert [*in_text(text)] == plainly
    assert len(plainly) == len(every)


def test_an_outlook_message_is_read_with_its_sender_its_texts_and_what_is_attached():
    whole = outlook.message(
        {0x0037: "Uw pakket", 0x1000: f"Betaal: {letters.LINK}/tekst", 0x0C1F: "info@pakket.example", 0x0C1A: "PostNL"},
        html=f'<a href="{letters.LINK}/html">www.postnl.example</a>'.encode(),
        files={"factuur.pdf": letters.pdf(), "scan.png": letters.qr_image(), "door.eml": letters.attached()},
    )
    mail = read_mail(letters.with_file(whole, "application", "vnd.ms-outlook", "verdacht.msg"))
    assert mail.problems == []
    found = {(link.canonical, link.where) for link in mail.links}
    assert found >= {
        (f"{letters.LINK}/tekst", "text"),
        (f"{letters.LINK}/html", "link"),
        (letters.LINK, "pdf"),
        (letters.LINK, "code"),
        (letters.LINK, "text"),
    }
    assert any("info@pakket.example" in one for one in mail.senders)


def test_an_outlook_message_that_was_handed_in_alone_keeps_its_subject_and_a_picture_has_none():
    whole = outlook.message({0x0037: "Uw pas verloopt", 0x1000: f"Betaal: {letters.LINK}"})
    assert read_mail(as_mail([], recognised(whole)), uploaded=True).subject == "Uw pas verloopt"
    assert read_mail(as_mail([letters.LINK], recognised(letters.qr_image())), uploaded=True).subject == ""


DIEF = "http://dief.example/x"
CODED = base64.b64encode(DIEF.encode()).decode()
CODED_PAGE = base64.b64encode(f"<a href={DIEF}>x</a>".encode()).decode()
TUCKED_AWAY = {
    "a frame that is a page in base64": f'<iframe src="data:text/html;charset=utf-8;base64,{CODED_PAGE}"></iframe>',
    "a link to a page in itself": f"<a href='data:text/html,<a href=\"{DIEF}\">y</a>'>x</a>",
    "base64 in a script": f'<script>location=atob("{CODED}")</script>',
    "a link in SVG": f'<svg><a xlink:href="{DIEF}"><text>x</text></a></svg>',
    "a comment for Outlook": f'<!--[if mso]><a href="{DIEF}">x</a><![endif]-->',
}


@pytest.mark.parametrize("how", TUCKED_AWAY)
def test_a_link_that_is_tucked_away_in_a_page_is_found(how):
    assert DIEF in {link.canonical for link in read_mail(letters.suspicious(TUCKED_AWAY[how], "html").as_bytes()).links}


@pytest.mark.parametrize(
    ("main", "sub", "name", "content"),
    [
        ("application", "octet-stream", "factuur", f'<html><a href="{DIEF}">x</a>'),
        ("text", "calendar", "x.ics", f"BEGIN:VCALENDAR\r\nURL:{DIEF}\r\nEND:VCALENDAR\r\n"),
        ("image", "svg+xml", "x.svg", f'<svg xmlns:xlink="x"><a xlink:href="{DIEF}"><text>x</text></a></svg>'),
    ],
)
def test_a_file_is_read_as_what_it_is_whatever_it_is_called(main, sub, name, content):
    mail = read_mail(letters.with_file(content.encode(), main, sub, name))
    assert DIEF in {link.canonical for link in mail.links}


def test_pages_within_each_other_end():
    page = "<a href=http://dief.example/x>x</a>"
    for _ in range(12):
        page = f'<iframe src="data:text/html;base64,{base64.b64encode(page.encode()).decode()}"></iframe>'
    assert read_mail(letters.suspicious(page, "html").as_bytes()).layers <= 6


@given(st.binary(max_size=400))
def test_no_bytes_raise(raw):
    read_mail(letters.HEAD + raw)
    read_mail(raw)


@given(st.text(max_size=200))
def test_no_page_raises(source):
    head = letters.HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n"
    read_mail(head + source.encode(errors="surrogatepass"))


# --- in a process of its own ------------------------------------------------------------------------------------------


def test_a_reader_reads_what_read_mail_reads():
    with Reader() as reader:
        for raw in letters.FORWARDED.values():
            assert reader.read(raw, ["x@y.example"]) == read_mail(raw, ["x@y.example"])


def test_a_reader_that_takes_too_long_is_replaced_and_its_mail_read_as_text():
    with Reader(seconds=5) as reader:
        reader.read(b"")
        child = reader._child.pid
        subprocess.run(["kill", "-STOP", str(child)], check=True)
        stopped = reader.read(letters.attached())
        assert (stopped.how, "more than 5 seconds" in stopped.problems[0]) == ("text", True)
        assert letters.HOST in {link.host for link in stopped.links}
        again = reader.read(letters.attached())
        assert (again.how, again.problems) == ("fast", [])
        assert reader._child.pid != child


def test_a_large_mail_waits_for_no_child_that_takes_nothing():
    with Reader(seconds=3) as reader:
        reader.read(b"")
        subprocess.run(["kill", "-STOP", str(reader._child.pid)], check=True)
        mail = reader.read(letters.attached() + b"x" * (1 << 20))
        assert "more than 3 seconds" in mail.problems[0]
        assert letters.HOST in {link.host for link in mail.links}


def test_nothing_is_read_in_the_process_that_asks():
    with Reader(seconds=0.01) as reader:  # no child starts so soon
        mail = reader.read(letters.attached())
    assert (mail.how, mail.links, len(mail.problems)) == ("nothing", [], 2)


@pytest.mark.parametrize(
    "text", [")" * 8_000, "http://x.example/" + ")" * 8_000, "\n" * 200_000, "a." * 100_000, "from:" * 50_000]
)
def test_text_that_is_made_to_be_slow_does_not_end_a_reader(text):
    with Reader() as reader:
        mail = reader.read(letters.HEAD + b"\r\n" + f"{text} {letters.LINK}".encode())
    assert (mail.how, mail.problems) == ("fast", [])
    assert letters.HOST in {link.host for link in mail.links}


def test_a_reader_that_may_not_have_the_memory_dies_alone():
    with Reader(memory=220 << 20) as reader:
        raw = letters.with_file(b"\x89PNG" + b"a" * (20 << 20), "image", "png", "large.png").replace(
            b"Is dit echt?", letters.LINK.encode()
        )
        mail = reader.read(raw)
        assert letters.HOST in {link.host for link in mail.links}


def test_the_child_ends_when_nobody_asks_any_more():
    done = subprocess.run(
        [sys.executable, "-m", "dijkwacht.mails.isolated", str(1 << 30)], input=b"", capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def forging() -> bytes:
    """A picture that is a program of PostScript: it prints what looks like our answer about somebody else's mail."""
    forged = msgspec.msgpack.encode(Mail("fast", subject="forged"))
    digits = (len(forged).to_bytes(8) + forged).hex().encode()
    lines = b"\n".join(digits[start : start + 80] for start in range(0, len(digits), 80))
    head = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 8 8\n%%EndComments\n<\n"
    return head + lines + b"\n> print flush\nshowpage\n%%EOF\n"


def test_a_picture_in_one_mail_writes_nothing_about_another():
    honest = letters.suspicious().as_bytes()
    with Reader() as reader:
        first = reader.read(letters.with_file(forging(), "image", "png", "x.png"))
        assert "UnidentifiedImageError" in first.problems[0]
        assert reader.read(honest) == read_mail(honest)


PRINTING = """
import os, subprocess, sys
from dijkwacht.mails import isolated
def answer(message, take):
    {}
    return isolated._read(message, take)
isolated.serve(int(sys.argv[1]), answer)
"""


@pytest.mark.parametrize("prints", ["subprocess.run(['echo', 'x' * 99])", "os.write(1, b'x' * 99)", "print('x' * 99)"])
def test_what_a_library_prints_is_no_answer(prints, tmp_path, monkeypatch):
    (tmp_path / "printing.py").write_text(PRINTING.format(prints))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(Reader, "module", "printing")
    with Reader() as reader:
        assert reader.read(letters.attached()) == read_mail(letters.attached())


ANSWERING = """
import os, sys
size = int.from_bytes(os.read(0, 8))
mark = os.read(0, 8)
answer = {}
os.write(1, len(answer).to_bytes(8) + {} + answer)
os.read(0, 1 << 20), os.read(0, 1)
"""


@pytest.mark.parametrize(
    ("answer", "mark", "problem"),
    [
        (msgspec.msgpack.encode(Mail("fast", subject="forged")), "b'12345678'", "another question"),
        (b"\xc1\xc1", "mark", "no answer"),
    ],
    ids=["mark", "form"],
)
def test_an_answer_to_something_else_ends_the_child(answer, mark, problem, tmp_path, monkeypatch):
    (tmp_path / "answering.py").write_text(ANSWERING.format(answer, mark))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(Reader, "module", "answering")
    with Reader() as reader:
        mail = reader.read(letters.attached())
        assert reader._child is None
    assert (mail.how, mail.subject) == ("nothing", "")
    assert problem in mail.problems[0]


def test_the_child_that_reads_holds_none_of_our_secrets(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret@database/x")
    with Reader() as reader:
        reader.read(b"")
        held = Path(f"/proc/{reader._child.pid}/environ").read_bytes()
    assert b"secret" not in held
    assert os.environ["PATH"].encode() in held


# --- corners of a page: what some mail program or browser shows or follows --------------------------------------------

U = letters.LINK
CLICKED = {
    "template": (f'<template><a href="{U}">x</a></template>', "link"),
    "a template in a template": (f'<template><template><a href="{U}">x</a></template></template>', "link"),
    "noscript": (f'<noscript><a href="{U}">x</a></noscript>', "link"),
    "noscript in the head": (f'<head><noscript><meta http-equiv="refresh" content="0;url={U}"></noscript>', "refresh"),
    "meta refresh without url=": (f'<meta http-equiv="refresh" content="0;{U}">', "refresh"),
    "meta refresh with a comma": (f"<meta http-equiv=refresh content=\"1.5, '{U}'\">", "refresh"),
    "meta refresh with spaces": (f'<meta http-equiv=refresh content=" 3 ; URL = {U}">', "refresh"),
    "a conditional comment": (f'<!--[if mso]><a href="{U}">x</a><![endif]-->', "link"),
    "a conditional comment that all see": (f'<!--[if !mso]><!--><a href="{U}">x</a><!--<![endif]-->', "link"),
    "a shape of VML": (f'<!--[if mso]><v:roundrect href="{U}"><center>x</center></v:roundrect><![endif]-->', "link"),
    "a link of SVG": (f'<svg><a xlink:href="{U}"><text>x</text></a></svg>', "link"),
    "a link of SVG without namespace": (f'<svg><a href="{U}"><text>x</text></a></svg>', "link"),
    "a link that an animation sets": (f'<svg><a><animate attributeName="href" values="#;{U}"/></a></svg>', "link"),
    "a link that is set": (f'<svg><a><set attributeName="xlink:href" to="{U}"/></a></svg>', "link"),
    "formaction of a button": (f'<form><button formaction="{U}">x</button></form>', "form"),
    "formaction of an input": (f'<form><input type=submit formaction="{U}"></form>', "form"),
    "a form of AMP": (f'<form action-xhr="{U}"></form>', "form"),
    "an area": (f'<map><area href="{U}"></map>', "link"),
    "a frame": (f'<frameset><frame src="{U}"></frameset>', "frame"),
    "srcdoc": (f'<iframe srcdoc="&lt;a href={U}&gt;x&lt;/a&gt;"></iframe>', "link"),
    "javascript:": (f"<a href=\"javascript:location='{U}'\">x</a>", "script"),
    "a data: page": ("<a href=\"data:text/html,<a href='" + U + "'>x</a>\">x</a>", "link"),
    "a data: page in base64": (
        '<a href="data:text/html;base64,' + base64.b64encode(f'<a href="{U}">x</a>'.encode()).decode() + '">x</a>',
        "link",
    ),
    "base, after the link": ('<a href="nl">x</a><base href="http://pakket-betalen.example/">', "link"),
    "entities": (f'<a href="{U.replace("h", "&#104;", 1).replace(":", "&colon;")}">x</a>', "link"),
    "a tab in the scheme": (f'<a href="{U.replace("tt", "t" + chr(9) + "t", 1)}">x</a>', "link"),
    "www in mixed case": ("<p>ga naar wWw.pakket-betalen.example</p>", "text"),
}
LOADED = {
    "srcset": f'<img srcset="a.png 1x, {U} 2x">',
    "a source": f'<picture><source srcset="{U}"></picture>',
    "a style": f'<div style="background: url({U})">x</div>',
    "a sheet": f'<style>td {{ background: url("{U}") }}</style>',
    "an imported sheet": f'<style>@import "{U}";</style>',
    "a picture of SVG": f'<svg><image xlink:href="{U}"/></svg>',
    "a button that is a picture": f'<input type=image src="{U}">',
    "a poster": f'<video poster="{U}"></video>',
}
ELSE = '<a href="http://anders.example/">x</a>'
NOBODYS = {
    "a comment": f'<!-- <a href="{U}">x</a> -->',
    "a refresh that only waits": '<meta http-equiv="refresh" content="5">',
    "a meta that is none": f'<meta name="x" content="0;{U}">',
}


def found_in(page):
    return [(link.host, link.where) for link in read_mail(letters.suspicious(page, "html").as_bytes()).links]


@pytest.mark.parametrize("corner", CLICKED)
def test_what_some_mail_program_makes_clickable_is_found(corner):
    page, where = CLICKED[corner]
    host = "www." + letters.HOST if "www" in page.lower() and where == "text" else letters.HOST
    assert (host, where) in found_in(page)


@pytest.mark.parametrize("corner", LOADED)
def test_what_a_page_loads_is_a_resource(corner):
    assert found_in(LOADED[corner]) == [(letters.HOST, "resource")]


@pytest.mark.parametrize("corner", NOBODYS)
def test_what_nobody_shows_is_no_link(corner):
    assert found_in(NOBODYS[corner] + ELSE) == [("anders.example", "link")]


@pytest.mark.parametrize("handler", ["onload", "onmouseover", "onpointerdown", "onerror"])
def test_a_browser_runs_every_script_of_a_page_that_is_attached(handler):
    page = f"<body {handler}=\"location='{U}'\"><p>Een ogenblik</p></body>".encode()
    found = read_mail(letters.with_file(page, "text", "html", "factuur.html")).links
    assert [(link.host, link.where) for link in found] == [(letters.HOST, "script")]


def test_pictures_without_end_push_no_link_out():
    pictures = "".join(f'<img src="http://p.example/{number}.png">' for number in range(5_000))
    mail = read_mail(letters.suspicious(f'{pictures}<a href="{U}">x</a>', "html").as_bytes())
    assert letters.HOST in {link.host for link in mail.links}
    assert "pictures: more than 1000" in mail.problems


def test_pages_within_each_other_without_end_are_looked_at_as_far_as_the_bound():
    import html

    page = f'<a href="{U}">x</a>'
    for _ in range(8):
        page = f'<iframe srcdoc="{html.escape(page)}"></iframe>'
    assert found_in(page + ELSE) == [("anders.example", "link")]


# --- many at once -----------------------------------------------------------------------------------------------------


def test_many_mails_are_read_as_each_is():
    questions = [Question(raw, ["jan@burger.example"], number % 2 == 0) for number, raw in enumerate(SOME)]
    with Reader() as reader:
        found = reader.read_many(questions)
    assert found == [read_mail(raw, who, uploaded=up) for raw, who, up in questions]


SOME = [*letters.FORWARDED.values(), *letters.HOSTILE.values(), b""] * 2


def test_a_batch_whose_process_dies_is_read_one_by_one():
    mails = [letters.suspicious().as_bytes()] * 3
    with Reader() as reader:
        reader.read(b"")
        asked, real = [], reader._ask

        def dies(question, kind, *bodies, **time):
            asked.append(kind)
            if len(asked) == 1:
                reader._child.kill()
            return real(question, kind, *bodies, **time)

        reader._ask = dies
        found = reader.read_many(map(Question, mails))
    assert asked == [list[Mail], Mail, Mail, Mail]
    assert [{link.host for link in mail.links} for mail in found] == [{letters.HOST}] * 3
    assert all(mail.problems == [] for mail in found)


def test_a_batch_waits_less_long_for_one_of_it_than_that_one_may_take():
    with Reader(seconds=3_600) as reader:
        reader.read(b"")
        subprocess.run(["kill", "-STOP", str(reader._child.pid)], check=True)
        found = reader.read_many([Question(letters.attached())] * 2)
    assert [(mail.how, mail.problems) for mail in found] == [("fast", [])] * 2


SIGNS = st.sampled_from(["ww", "WW", "wWw", "=\n", "aa"])


@given(st.text(alphabet="wW/.\\ \n=a", max_size=3_000), SIGNS, st.integers(0, 40))
def test_a_sign_is_found_where_the_library_finds_it(text, sign, start):
    long = text * 3
    raw, seal = long.encode(), sign.encode()
    for rare in ((0,), (len(sign) - 1,), (0, len(sign) - 1)):
        assert place_of(long, sign, start, rare=rare) == long.find(sign, start)
        assert place_of(raw, seal, start, 2_500, rare=rare) == raw.find(seal, start, 2_500)


PLAIN = st.from_regex(r"[a-zA-Z0-9._-]{1,8}@[a-zA-Z0-9.-]{1,8}", fullmatch=True)


@given(st.lists(PLAIN | st.text(alphabet='ab.@<>,;:" ()\\', max_size=12), max_size=4))
def test_addresses_of_a_header_are_those_that_the_library_finds(values):
    assert addresses_of(values) == [address for _, address in getaddresses(values)]


@pytest.mark.parametrize("word", ["=?utf-8?b?a?=", "=?\u00e9?q?a?="], ids=["base64", "charset"])
def test_an_encoded_word_that_is_none_stays_as_it_stands(word):
    head = f"Subject: {word}\r\n".encode() + letters.HEAD
    mail = read_mail(head + b"\r\n" + letters.LINK.encode())
    assert (mail.how, mail.subject.startswith("=?"), mail.problems) == ("fast", True, [])
    assert {link.host for link in mail.links} == {letters.HOST}


def test_bytes_in_quoted_printable_that_are_read_as_text_cut_no_url_in_two():
    body = b"<p>" + b"x" * 60 + b"</p><!-- http://pakket-bet=\r\nalen.example/nl -->"
    raw = letters.HEAD + b"Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + body
    assert {link.host for link in read_mail(raw).links} == {letters.HOST}


def test_what_nobody_sees_in_a_host_makes_no_second_host_of_it():
    mail = read_mail(letters.forward(text="http://pakket-\u200bbetalen.example/nl").as_bytes())
    assert [link.host for link in mail.links] == [letters.HOST]


def test_brackets_in_a_path_stay_as_they_are():
    assert urls.canonical("http://dief.example/a(.)b[.]c") == "http://dief.example/a(.)b[.]c"
    assert urls.canonical("hxxps[:]//dief(dot)example/x") == "https://dief.example/x"


@pytest.mark.parametrize("raw", [b"", b" \r\n\r\n\t"], ids=["no bytes", "spaces"])
def test_an_empty_file_is_said_to_be_empty(raw):
    assert read_mail(raw).problems == ["empty: there is nothing in it"]


def test_bytes_in_a_name_that_are_no_text_cross_to_the_reader():
    raw = b'From: \xff\xfe <a@b.example>\nContent-Type: multipart/mixed; boundary=""\n\n--\n' + letters.BODY
    with Reader() as reader:
        assert reader.read(raw).how != "text" or read_mail(raw).how == "text"


def test_uuencode_that_is_broken_is_read_as_far_as_it_goes():
    raw = letters.HEAD + b"\r\n" + letters.uuencoded(f"{U}\n".encode()).partition(b"`")[0] + b"\x01broken"
    assert {link.host for link in read_mail(raw).links} == {letters.HOST}
