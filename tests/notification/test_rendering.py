"""What a receiver reads: parsed back from the bytes that leave, with hostile content put in."""

import csv
import email
import email.policy
import io
import json
import re
from html.parser import HTMLParser

import msgspec
import pytest
from django.template.loader import render_to_string
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.notification import keys, world

from dijkwacht.platform import tenancy
from dijkwacht.rooms.notification import links, rendering, sending
from dijkwacht.rooms.notification.models import Campaign, Finding
from dijkwacht.rooms.notification.rendering import document, moulds, page
from dijkwacht.rooms.notification.rendering.inert import cell, inert
from dijkwacht.rooms.registry.models import Contact


@pytest.fixture
def centre(db, settings, tmp_path):
    settings.HOME = tmp_path
    settings.COURSES_FOLDER = tmp_path / "courses"
    with tenancy.acting(world.TEST):
        yield


@pytest.fixture
def bakery(centre):
    return world.organisation()


def letter_of(notice) -> sending.Letter:
    return sending.letters([notice])[0]


def parsed(notice):
    return email.message_from_bytes(rendering.mail(letter_of(notice)), policy=email.policy.default)


def parts(message) -> dict[str, str]:
    found = {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}
    return {name: str(content).replace("\r\n", "\n") for name, content in found.items()}


def rows_of(message) -> list[dict[str, str]]:
    content = next(part for part in message.walk() if part.get_content_type() == "text/csv").get_content()
    return list(csv.DictReader(io.StringIO(content)))


class Page(HTMLParser):
    """The tags, attributes and text of an HTML part."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


def test_a_mail_says_what_where_why_and_what_to_do(bakery):
    notice = world.notice(bakery, world.finding(bakery))
    message = parsed(notice)
    assert message["To"] == "veiligheid@korst.example"
    assert message["Subject"] == "[TLP:AMBER] 1 bevinding: Extern bureaublad (RDP) bereikbaar"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "nl"
    text = parts(message)["text/plain"]
    for said in (
        "TLP:AMBER", "PAP:AMBER", "192.0.2.7:3389/tcp", "192.0.2.0/24", "hoog", "WAT U NU DOET",
        "het mag op grond van de wet", "Het is opgelost:", "tag: rdp",
    ):  # fmt: skip
        assert said in text
    assert text.count("/f/") == 6  # five answers and the page


def test_a_notice_says_why_it_is_told_and_not_what_binds_the_centre(bakery):
    decided = world.decision()
    decided.sentence_nl += " Daarbij geldt: leg elke verstrekking vast."
    decided.save()
    text = parts(parsed(world.notice(bakery, world.finding(bakery), decided=decided)))["text/plain"]
    assert "het mag op grond van de wet" in text
    assert "verstrekking" not in text


def test_the_contacts_language_decides(bakery):
    Contact.objects.update(language="en")
    message = parsed(world.notice(bakery, world.finding(bakery)))
    assert message["Subject"] == "[TLP:AMBER] 1 finding: Remote desktop (RDP) accessible"
    assert "WHAT TO DO NOW" in parts(message)["text/plain"]
    assert 'lang="en"' in parts(message)["text/html"]


def test_the_message_id_stays_the_same_for_the_same_notice(bakery):
    notice = world.notice(bakery, world.finding(bakery))
    assert parsed(notice)["Message-ID"] == parsed(notice)["Message-ID"]


def test_the_json_holds_to_its_schema_and_names_rsit_labels_and_grounds(bakery):
    notice = world.notice(bakery, world.finding(bakery))
    message = parsed(notice)
    raw = next(part for part in message.walk() if part.get_content_type() == "application/json").get_content()
    value = json.loads(raw)
    msgspec.convert(value, document.Document)
    assert (value["schema"], value["version"], value["tlp"], value["pap"]) == ("dijkwacht-notice", 1, "AMBER", "AMBER")
    (found,) = value["findings"]
    assert found["rsit"] == {"class": "vulnerable", "type": "potentially-unwanted-accessible"}
    assert value["why"][found["why"]].startswith("U bent een andere organisatie")
    assert value["kinds"][0]["action_markdown"].startswith("# ")
    assert json.loads(rendering.webhook(letter_of(notice)))["id"] == str(notice.id)
    assert document.json_schema()["$defs"]["Item"]["properties"].keys() == found.keys()


def test_only_the_columns_a_kind_allows_leave(bakery):
    held = {"tag": "rdp", "password": "hunter2", "subject_common_name": "host.example"}
    message = parsed(world.notice(bakery, world.finding(bakery, evidence=held)))
    assert rows_of(message)[0]["evidence.subject_common_name"] == "host.example"
    assert b"hunter2" not in message.as_bytes()


def test_a_network_owner_gets_address_data_only(bakery):
    decided = world.decision(obligations=["address-data-only"])
    message = parsed(world.notice(bakery, world.finding(bakery), decided=decided, route="network-owner"))
    assert not [name for name in rows_of(message)[0] if name.startswith("evidence.")]
    assert "tag: rdp" not in parts(message)["text/plain"]


def test_a_big_notice_shows_the_worst_and_attaches_all(bakery):
    many = [world.finding(bakery, f"192.0.2.{n}", severity=2) for n in range(1, 41)]
    worst = world.finding(bakery, "192.0.2.99", severity=4)
    message = parsed(world.notice(bakery, *many, worst))
    text = parts(message)["text/plain"]
    assert text.count("Waar: ") == 25
    assert text.index("192.0.2.99") < text.index("192.0.2.1:")
    assert "De eerste 25 van 41" in text
    assert len(rows_of(message)) == 41


def test_a_relays_notice_lists_per_member(bakery):
    relay = world.organisation("Schakel", mail="cert@schakel.example")
    other = world.organisation("Slagerij Been", mail="")
    notice = world.notice(
        relay,
        world.finding(bakery),
        world.finding(bakery, "192.0.2.8"),
        world.finding(other, "198.51.100.1"),
        route="relay",
    )
    text = parts(parsed(notice))["text/plain"]
    assert "- Bakkerij Korst: 2\n- Slagerij Been: 1" in text
    assert {row["organisation"] for row in rows_of(parsed(notice))} == {"Bakkerij Korst", "Slagerij Been"}


def test_unsubscribing_is_offered_for_optional_kinds_only(bakery):
    optional = parsed(world.notice(bakery, world.finding(bakery, severity=1)))
    address = optional["List-Unsubscribe"].strip("<>")
    assert optional["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address.endswith("/unsubscribe")
    assert parsed(world.notice(bakery, world.finding(bakery, "192.0.2.8")))["List-Unsubscribe"] is None
    urgent = world.finding(bakery, "192.0.2.9", kind="compromised-website", severity=0)
    assert parsed(world.notice(bakery, urgent))["List-Unsubscribe"] is None


def test_a_campaign_speaks_above_the_course_of_action_under_its_own_kind(bakery):
    campaign = Campaign.objects.create(
        title="Lijst", source="Onderzoeker", feed="list-ip", kind="scan-rdp", severity=3,
        text_nl="**Let op**: actief misbruik.", text_en="Mind.", sha256="0" * 64, filename="x.txt",
        created_by="person:ada",
    )  # fmt: skip
    found = world.finding(bakery, feed="list-ip", kind="listed-address")
    message = parsed(world.notice(bakery, found, batch=world.batch(campaign=campaign)))
    text = parts(message)["text/plain"]
    assert text.index("actief misbruik") < text.index("WAT U NU DOET")
    assert "Gevonden door Onderzoeker." in text
    assert rows_of(message)[0]["kind"] == "scan-rdp"


@pytest.mark.parametrize("field", ["openpgp_key", "smime_certificate"])
def test_an_unusable_key_never_leads_to_clear_text(bakery, field):
    Contact.objects.update(**{field: "-----BEGIN NONSENSE-----\nAAAA\n-----END NONSENSE-----"})
    message = parsed(world.notice(bakery, world.finding(bakery)))
    raw = message.as_bytes()
    assert message["Subject"] == "Er staat een bericht voor u klaar"
    for hidden in (b"192.0.2", b"RDP", b"/f/", b"AMBER"):
        assert hidden not in raw
    contact = Contact.objects.get()
    assert contact.status == "working"
    assert contact.status_reason.startswith("key: ")


@pytest.mark.parametrize(
    ("field", "key", "kind"),
    [
        ("smime_certificate", keys.certificate, "application/pkcs7-mime"),
        ("openpgp_key", keys.openpgp, "multipart/encrypted"),
    ],
)
def test_a_contact_with_a_key_gets_it_encrypted(bakery, field, key, kind):
    Contact.objects.update(**{field: key()})
    message = parsed(world.notice(bakery, world.finding(bakery)))
    assert message.get_content_type() == kind
    assert message["Subject"] == "[...]"
    assert b"192.0.2" not in message.as_bytes()


HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', '=HYPERLINK("http://evil.example")', "+1+1", "-2",
    "@SUM(A1)", "\r\nBcc: victim@evil.example", "\x00\x1b[31m", "\u202egnp.exe", "a\u2028b", "{{ 7 }}{% debug %}",
    "\t=1", "\uff1d1+1", "[x](javascript:alert(1))",
]  # fmt: skip


@pytest.mark.parametrize("evil", HOSTILE)
def test_hostile_content_is_inert_everywhere(bakery, evil):
    bakery.name = evil.replace("\x00", "")[:200]
    bakery.save()
    found = world.finding(bakery, host=evil.replace("\x00", ""), evidence={"tag": evil.replace("\x00", "")}, key="x")
    relay = world.organisation("Schakel", mail="cert@schakel.example")
    message = parsed(world.notice(relay, found, route="relay"))
    assert message["Bcc"] is None
    assert message.get_all("To") == ["cert@schakel.example"]
    page = Page(parts(message)["text/html"])
    assert not {"script", "img", "iframe", "form", "link"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on") or name in {"src", "background"}]
    assert all(
        value.startswith(("http://127.0.0.1:8000/f/", "https://")) for name, value in page.attributes if name == "href"
    )
    for row in rows_of(message):
        assert not [value for value in row.values() if value and value.lstrip()[0] in "=+-@\uff1d"]
    shown = parts(message)["text/plain"]
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b-\u200f\u2028\u2029\x00\x1b]", shown + page.text)


@given(st.text(max_size=100))
def test_every_text_becomes_one_visible_line(text):
    assert inert(text).isprintable()
    assert not cell(text).lstrip().startswith(("=", "+", "-", "@"))


@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(owners=st.lists(st.sampled_from([0, 1, 2]), min_size=1, max_size=8))
def test_no_notice_holds_a_finding_of_another_organisation(centre, owners):
    names = [f"org{n}" for n in range(3)]
    organisations = [world.organisation(name, mail=f"{name}@mail.example") for name in names]
    found = [
        world.finding(organisations[owner], f"2001:db8::{n:x}:{owner}", host=f"canary-{owner}-{n}.example")
        for n, owner in enumerate(owners)
    ]
    notices = [
        world.notice(organisation, *mine)
        for organisation in organisations
        if (mine := [row for row in found if row.organisation_id == organisation.id])
    ]
    for letter in sending.letters(notices):
        message = email.message_from_bytes(rendering.mail(letter), policy=email.policy.default)
        everything = "".join(str(content) for content in parts(message).values()) + rendering.webhook(letter).decode()
        for row in Finding.objects.filter(id__in=[one.id for one in found]):
            own = row.organisation_id == letter.notice.organisation_id
            assert (row.host in everything) is own
            assert (str(row.id) in everything) is own


def test_a_link_names_only_its_notice(bakery):
    notice = world.notice(bakery, world.finding(bakery))
    token = links.token(notice.id)
    assert links.notice_of(token) == notice.id
    assert str(bakery.id) not in token
    assert links.notice_of(token, links.UNSUBSCRIBE) is None
    assert links.notice_of("x" * 500) is None
    for at in range(len(token)):
        forged = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        assert links.notice_of(forged) is None


@pytest.mark.parametrize("template", ["notice.txt", "notice.html"])
def test_a_poured_mail_is_what_its_template_lays_out(bakery, template):
    member = world.organisation("Lid <b>&", mail="b@lid.example")
    hostile = {"host": "a<b>&'\"{{ x }}.example", "asset": "\\0\\g<1> %s {0}"}
    single = world.notice(bakery, world.finding(bakery, key="1"))
    marked = world.notice(bakery, world.finding(bakery, key="2", **hostile))
    several = world.notice(bakery, world.finding(member, key="3"), world.finding(member, key="4", evidence={}))
    for notice in (single, marked, several):
        values = page.context(letter_of(notice))
        laid_out = render_to_string(f"notification/mail/{template}", values)
        assert moulds.poured(template, values, html=template.endswith("html")) == laid_out
