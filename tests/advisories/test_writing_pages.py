"""The pages of who writes an advisory and of who reads it."""

import xml.etree.ElementTree as ET
from dataclasses import fields
from datetime import UTC, date, datetime
from uuid import uuid4

import msgspec
import pytest
from django.test import Client
from django.utils import timezone
from tests.accounts.people import SECURITY, TESTER, person
from tests.advisories.written import APPROVER, ONE, WRITER, WRITTEN, again, modules, published

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.facts import MatterFacts, Reference, Said, Score, VulnerabilityFacts
from dijkwacht.rooms.advisories.publishing import mail, pdf
from dijkwacht.rooms.advisories.statements import Notation, ProductStatement, Status
from dijkwacht.rooms.advisories.writing import actions, posted, reads, rules
from dijkwacht.rooms.advisories.writing.content import Content, Course, Line, Link, Text
from dijkwacht.rooms.advisories.writing.drafting import draft
from dijkwacht.rooms.advisories.writing.library import courses
from dijkwacht.rooms.advisories.writing.models import Advisory
from dijkwacht.rooms.registry.actions import organisations

__all__ = ["modules"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("modules")]
HOSTILE = '<script>alert(1)</script> <img src=x onerror=alert(1)> #eval("1") [x](javascript:alert(1)) {{ 7 }} | & "'


@pytest.fixture
def people(client):
    """Two analysts; gives a function that signs one in."""
    users = [person(f"{name}@centre.example", centre=[CentreRole.ANALYST], name=name) for name in ("wil", "noor")]

    def sign_in(which):
        client.force_login(users[which])
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa"}]
        session.save()
        return client

    return sign_in


def form(content=WRITTEN, **more):
    return posted.shown(content) | {"do": "save", "change": "1", "sitting": "one"} | more


def begun(client):
    answer = client.post("/desk/advisories/begin")
    return answer.headers["Location"]


def test_a_text_goes_from_one_to_the_other_and_is_read_by_everybody(people, client):
    one = people(0)
    address = begun(one)
    assert one.post(address, form()).status_code == 302
    page = one.get(f"{address}/preview").content.decode()
    assert "both validators accept" in page or "beide validators" in page
    assert f"DW-{timezone.localdate().year}-0001" in page  # the number to come, and said to be so
    assert "given when it is published" in page or "bij publicatie" in page or "nu is" in page
    assert "-0000" not in page
    assert one.post(f"{address}/offer", {"change": "2"}).status_code == 302
    assert "approve" not in one.get(f"{address}/preview").content.decode().split("<form")[-1]
    other = people(1)
    assert other.post(f"{address}/approve").status_code == 302
    client.logout()
    with tenancy.acting(TESTER):
        number = Advisory.objects.get().number
    shown = client.get(f"/advisories/{number}", headers={"Accept-Language": "en"})
    assert WRITTEN.title.en in shown.content.decode()
    assert shown.headers["Cache-Control"] == "public, max-age=60"
    one = people(0)
    for path in ("/advisories", f"/advisories/{number}"):  # a page that names who is signed in is nobody else's
        assert one.get(path).headers["Cache-Control"] == "private, no-store"
    client.logout()
    assert number in client.get("/advisories").content.decode()
    assert client.get(f"/advisories/{number}/pdf").content.startswith(b"%PDF")
    assert client.get(f"/api/v1/advisories/{number}").json()["impact"] == "high"
    assert client.get("/api/v1/advisories?q=Zwaluw").json()["items"][0]["number"] == number


def test_what_is_typed_is_kept_and_does_not_stand_in_its_own_way(people):
    one = people(0)
    address = begun(one)
    assert one.post(address, form(do="keep")).status_code == 204
    typed = msgspec.structs.replace(WRITTEN, affected=Text(nl="Iedereen", en="Everybody"))
    assert one.post(address, form(typed, do="keep")).status_code == 204
    assert one.post(address, form(typed, do="save")).status_code == 302


def test_the_page_of_a_draft_names_its_recipients_a_line_each(people):
    with tenancy.acting(TESTER):
        for name in ("Genoemd BV", "Ander BV"):
            organisations.create_organisation(actor=TESTER, name=name)
    one = people(0)
    address = begun(one)
    assert (
        ' name="recipients" rows="4" aria-describedby="recipients_hint"></textarea>'
        in one.get(address).content.decode()
    )
    one.post(f"{address}/recipients", {"recipients": "Genoemd BV\nAnder BV"})
    assert ">Ander BV\nGenoemd BV</textarea>" in one.get(address).content.decode()


def test_two_who_write_at_once_lose_nothing_and_are_told(people):
    address = begun(people(0))
    people(0).post(address, form())
    mine = msgspec.structs.replace(WRITTEN, affected=Text(nl="Mijn eigen woorden", en="My own words"))
    answer = people(1).post(address, form(mine, sitting="two"))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "wil" in page
    assert "My own words" in page
    assert 'name="change" value="2"' in page  # pressing again is a choice
    assert people(1).post(address, form(mine, sitting="two", change="2")).status_code == 302


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("references", "https://a.example\njavascript:alert(1)", "2"),
        ("vulnerability-0-lines", "a | b\nonly a vendor", "2"),
        ("vulnerability-0-lines", "a | b | 1 | perhaps", "1"),
        ("vulnerability-0-vectors", "CVSS:3.1/AV:Q", "1"),
        ("since", "yesterday", ""),
        ("tlp", "PURPLE", ""),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line_and_nothing_is_lost(people, field, text, says):
    one = people(0)
    address = begun(one)
    answer = one.post(address, form(**{field: text}))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'role="alert"' in page
    assert says in page
    if field != "tlp":
        assert text.splitlines()[-1].replace("'", "&#x27;") in page


def test_a_course_of_action_comes_from_the_library(people):
    one = people(0)
    address = begun(one)
    one.post(address, form(Content(), do="course", library="off-the-internet"))
    with tenancy.acting(TESTER):
        assert reads.content_of(Advisory.objects.get()).courses == (courses()["off-the-internet"],)


def test_every_course_of_the_library_is_in_two_languages():
    assert all(one.text.nl and one.text.en and one.kind in posted.KINDS for one in courses().values())


def test_the_form_gives_back_what_it_was_given():
    lines = (Line("a|b", "c", "1 | 2", Notation.TEXT, Status.FIXED, "cpe:2.3:a:x:y:*", "pkg:npm/y", ("A-1", "A-2")),)
    content = msgspec.structs.replace(
        WRITTEN, vulnerabilities=(msgspec.structs.replace(ONE, lines=(*ONE.lines, *lines)),)
    )
    assert posted.read(posted.shown(content)).content == content


def test_a_hostile_text_is_shown_as_text_in_every_format(client):
    both = Text(nl=HOSTILE, en=HOSTILE)
    content = msgspec.structs.replace(
        WRITTEN,
        title=both,
        summary=both,
        what=both,
        affected=both,
        courses=(Course(both, "mitigation", "https://zwaluw.example/?b"),),
        references=(Link("https://zwaluw.example/?a=%3Cscript%3E", HOSTILE),),
        thanks=(HOSTILE,),
        vulnerabilities=(
            msgspec.structs.replace(ONE, title=HOSTILE, description=both, lines=(Line(HOSTILE, HOSTILE, HOSTILE),)),
        ),
    )
    version = published(content)
    for address in (f"/advisories/{version.number}", "/advisories"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript' not in page
        assert "&lt;script&gt;" in page
    text = client.get(f"/advisories/{version.number}/text")
    assert text.headers["Content-Type"].startswith("text/plain")
    assert text.headers["X-Content-Type-Options"] == "nosniff"
    assert pdf.pdf(reads.release_of(version), "nl").startswith(b"%PDF")
    feed = ET.fromstring(client.get("/advisories/feed.atom").content)  # noqa: S314 - our own
    titles = [one.text for one in feed.iter("{http://www.w3.org/2005/Atom}title")]
    assert any(HOSTILE in one for one in titles)


def test_the_mail_says_what_to_do_before_the_rest_and_keeps_a_subject_of_one_line():
    release = reads.release_of(
        published(msgspec.structs.replace(WRITTEN, title=Text(nl="a\nBcc: x@y.example", en="b")))
    )
    assert "\n" not in mail.subject(release, "nl")
    body = mail.text(release, "nl")
    assert body.index("Werk bij naar V3.15 P018") < body.index("CVE-2026-99001")
    for words in ("Kans", "Schade", "https://zwaluw.example/advies", "Eerste versie", "TLP:CLEAR"):
        assert words in body


def test_a_pdf_of_a_version_is_always_the_same_and_tagged():
    release = reads.release_of(published())
    first = pdf.pdf(release, "en")
    assert first == pdf.pdf(release, "en")
    assert b"/StructTreeRoot" in first or b"/MarkInfo" in first


def test_an_older_version_stays_readable_and_says_that_it_is_one(client):
    first = published()
    second = again(first, msgspec.structs.replace(WRITTEN, likelihood="medium"))
    assert f"/advisories/{second.number}" in client.get(f"/advisories/{first.number}?version=1").content.decode()
    third = again(second, None, nl="Vals alarm", en="False alarm", withdrawing=True)
    page = client.get(f"/advisories/{third.number}", headers={"Accept-Language": "en"}).content.decode()
    assert "False alarm" in page


@pytest.mark.parametrize("address", ["DW-1999-0001", "DW-2026-0001?version=9", "DW-2026-0001?version=x", "%00"])
def test_an_advisory_that_is_not_there_is_not_found(client, address):
    published(msgspec.structs.replace(WRITTEN, tlp="GREEN"))
    assert client.get(f"/advisories/{address}").status_code in {400, 404}  # 400: NUL in an address
    assert client.get(f"/api/v1/advisories/{address}").status_code in {400, 404, 422}


def test_above_clear_whoever_it_reaches_reads_it_signed_in_and_for_others_it_is_not_there(client):
    with tenancy.acting(TESTER):
        named = organisations.create_organisation(actor=TESTER, name="Genoemd BV")
        other = organisations.create_organisation(actor=TESTER, name="Ander BV")
    with tenancy.acting(WRITER):
        row = actions.begin(actor=WRITER, content=msgspec.structs.replace(WRITTEN, tlp="AMBER"))
        actions.set_recipients(actor=WRITER, advisory=row.id, names=["Genoemd BV"])
        actions.offer(actor=WRITER, advisory=row.id, change=1, summary=Text())
    with tenancy.acting(APPROVER):
        number = actions.approve(actor=APPROVER, advisory=row.id).number
    green = published(msgspec.structs.replace(WRITTEN, tlp="GREEN")).number
    seen = {}
    for owner in (named, other):
        reader = Client()
        account = person(f"ciso@{owner.id}.example", organisations={owner.id: SECURITY})
        reader.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        paths = (f"/advisories/{number}", f"/advisories/{number}/pdf", f"/advisories/{number}/text")
        answers = [reader.get(path) for path in (*paths, f"/advisories/{green}")]
        seen[owner.name] = [answer.status_code for answer in answers]
        assert {answer.headers["Cache-Control"] for answer in answers if answer.status_code == 200} == {
            "private, no-store"
        }
        listed = reader.get("/advisories").content.decode()
        assert (number in listed, green in listed) == (owner is named, True)
    assert seen == {"Genoemd BV": [200] * 4, "Ander BV": [404] * 3 + [200]}
    assert {client.get(f"/advisories/{one}").status_code for one in (number, green)} == {404}
    assert number not in client.get("/advisories").content.decode()


def facts(**more):
    one = VulnerabilityFacts(
        "CVE-2026-99001",
        (Said("cve", "Overflow in the login page"),),
        (Said("cve", "A name that is too long."), Said("ncsc", "Een te lange naam.", "nl")),
        ("CWE-787",),
        (Score(ONE.scores[0].vector, "3.1", 9.8, "cve"),),
        (("Exploitation", "active"),),
        0.9,
        date(2026, 11, 20),
        date(2026, 11, 1),
        False,
        datetime(2026, 10, 31, tzinfo=UTC),
    )
    statements = tuple(
        ProductStatement("CVE-2026-99001", line.vendor, line.product, line.version, line.notation, line.status)
        for line in ONE.lines
    )
    given = {
        "matter": uuid4(),
        "title": "Overflow in Zwaluw Poort",
        "vulnerabilities": (one,),
        "statements": statements,
        "listed": (),
        "remedies": (Said("vendor", "Update to V3.15 P018."),),
        "references": (Reference("https://zwaluw.example/a", "", "vendor"), Reference("javascript:1", "", "x")),
        "first_seen": datetime(2026, 11, 1, tzinfo=UTC),
        "last_changed": datetime(2026, 11, 2, tzinfo=UTC),
    } | more
    assert set(given) == {one.name for one in fields(MatterFacts)}
    return MatterFacts(**given)


def test_a_draft_of_a_matter_is_filled_in_with_what_the_sources_say_and_translates_nothing():
    made = draft(facts())
    assert made.title == Text(en="Overflow in Zwaluw Poort")
    assert made.what == Text(nl="Een te lange naam.", en="A name that is too long.")
    assert made.since == date(2026, 11, 1)
    (one,) = made.vulnerabilities
    assert (one.name, one.weakness, len(one.lines)) == ("CVE-2026-99001", "CWE-787", len(ONE.lines))
    assert [link.url for link in made.references] == ["https://zwaluw.example/a"]
    assert made.courses == (Course(Text(en="Update to V3.15 P018.")),)
    assert "Zwaluw Poort" in made.affected.nl
    assert (made.likelihood, made.impact) == ("", "")


def test_a_draft_takes_a_product_from_the_list_of_what_is_exploited_only_where_nobody_else_names_it(people):
    name = "CVE-2026-99001"
    listed = [ProductStatement(name, "Zwaluw", what, "", Notation.TEXT, Status.AFFECTED) for what in ("Poort", "Hek")]
    made = draft(facts(listed=tuple(listed)))
    (one,) = made.vulnerabilities
    assert [line for line in one.lines if line.vendor == "Zwaluw"] == [Line("Zwaluw", "Hek", "?")]
    assert "Zwaluw Hek" in made.affected.en
    whole = msgspec.structs.replace(WRITTEN, vulnerabilities=made.vulnerabilities)
    assert list(rules.missing(whole)) == [("vulnerabilities-0", "to-fill-in")]
    signed_in = people(0)
    address = begun(signed_in)
    signed_in.post(address, form(whole))
    assert "een product heeft ? als versies: vul ze in" in signed_in.get(address).content.decode()
    assert not list(rules.missing(WRITTEN))  # without a version on purpose


def test_a_draft_without_a_remedy_advises_what_the_library_has():
    assert draft(facts(remedies=())).courses[0] == courses()["update"]
    unfixed = tuple(one for one in facts().statements if one.status is not Status.FIXED)
    assert courses()["wait"] in draft(facts(remedies=(), statements=unfixed)).courses
