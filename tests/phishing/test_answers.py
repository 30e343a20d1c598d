"""Who hears what: whoever really sent a mail, in words that hold nothing of it; never a stranger, a list or a robot."""

from email import message_from_bytes
from email.policy import default

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from tests.phishing import doors, post
from tests.proof import dns_server

from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.phishing.answers import actions, letters, rules
from dijkwacht.rooms.phishing.answers.models import Answer
from dijkwacht.rooms.phishing.campaigns import actions as campaigns
from dijkwacht.rooms.phishing.campaigns.models import Campaign, Report
from dijkwacht.rooms.phishing.intake import actions as intake
from dijkwacht.rooms.phishing.intake import reading, signatures

DOMAIN = "burger.example"


@pytest.fixture(scope="module")
def key():
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    ), made.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


@pytest.fixture
def names(key, settings):
    """A real name server that holds the key of burger.example."""
    import base64

    record = (
        f'"v=DKIM1; k=rsa; p={base64.b64encode(key[1]).decode()[:200]}" "{base64.b64encode(key[1]).decode()[200:]}"'
    )
    server = dns_server.NameServer({(f"s1._domainkey.{DOMAIN}", "TXT"): [record]}, zones=("example",))
    with dns_server.serving(server) as running:
        settings.PROOF_RESOLVER = f"127.0.0.1#{running.port}"
        signatures.forget()
        yield running
        signatures.forget()


def signed(mail, key, domain=DOMAIN):
    raw = mail.as_bytes().replace(b"\n", b"\r\n")
    return dkim.sign(raw, b"s1", domain.encode(), key[0], include_headers=[b"from", b"to", b"subject"]) + raw


def handed_in(*raws, sender="jan.jansen@burger.example"):
    with doors.open_doors() as (port, _):
        for raw in raws:
            post.send(port, raw, sender=sender)
    reading.read_all()
    with tenancy.acting(reading.READER):
        return list(Report.objects.order_by("received_at")), list(Answer.objects.all())


def verdict(is_now):
    with tenancy.acting(reading.READER) as actor:
        campaigns.settle(actor=actor, campaign=Campaign.objects.get().id, verdict=is_now, reason=[])
        actions.verdict_came(actor=actor, campaign=Campaign.objects.get().id, after=is_now)
        actions.tell_due(actor=actor)
        return [bytes(one.body) for one in Message.objects.order_by("created_at")]


@pytest.mark.usefixtures("own_database", "names")
def test_who_really_sent_it_hears_the_verdict_and_a_change_of_it(key):
    mail = post.forwarded(post.suspicious("https://dief.example/x?id=123456789"))
    (report,), (answer,) = handed_in(signed(mail, key))
    assert report.verified
    assert b"burger" not in bytes(answer.address)
    first = message_from_bytes(verdict("phishing")[0], policy=default)
    assert first["To"] == "jan.jansen@burger.example"
    assert first["Auto-Submitted"] == "auto-replied"
    assert first["Subject"] == "De mail die u meldde is phishing"
    text = first.get_content()
    assert "bel meteen uw bank" in text
    assert "dief.example" not in text
    assert "pakket" not in text
    assert len(verdict("phishing")) == 1
    second = message_from_bytes(verdict("legitimate")[1], policy=default)
    assert second["Subject"] == "Ons oordeel over de mail die u meldde is veranderd"


@pytest.mark.usefixtures("own_database", "names")
def test_a_forged_sender_hears_nothing_and_does_not_corroborate(key):
    mail = post.forwarded(post.suspicious())
    broken = signed(mail, key).replace(b"Is dit echt?", b"Is dat echt?")
    other = signed(post.forwarded(post.suspicious(), "Piet <piet@slachtoffer.example>"), key)
    reports, answers = handed_in(mail.as_bytes(), broken, other)
    assert [one.verified for one in reports] == [False, False, False]
    assert answers == []


@pytest.mark.usefixtures("own_database", "names")
def test_a_name_server_that_is_silent_holds_up_no_mail(key, names):
    names.silent.add(f"s1._domainkey.{DOMAIN}")
    (report,), _ = handed_in(signed(post.forwarded(post.suspicious()), key))
    assert not report.verified
    assert report.campaign_id


@pytest.mark.usefixtures("own_database", "names")
def test_a_link_opts_out_and_a_scanner_that_opens_it_does_not(key):
    mail = signed(post.forwarded(post.suspicious()), key)
    _, (answer,) = handed_in(mail)
    link = f"/phishing/answers/{letters.opt_out_token(answer.source)}/stop"
    assert Client().get(link).status_code == 200
    assert len(verdict("phishing")) == 1
    assert "geen antwoorden meer" in Client().post(link).content.decode()
    assert len(verdict("legitimate")) == 1
    assert handed_in(mail)[1][0].address == b""


@pytest.mark.usefixtures("own_database", "names")
def test_nobody_is_mailed_more_than_ten_times_a_day(key):
    handed_in(*(signed(post.forwarded(post.suspicious()), key) for _ in range(13)))
    assert len(verdict("phishing")) == rules.PER_DAY


HEADERS = {
    "proven": ({}, ""),
    "no answer": ({"auto-submitted": "auto-replied"}, "automatic"),
    "said no": ({"auto-submitted": "no"}, ""),
    "outlook": ({"x-auto-response-suppress": "All"}, "automatic"),
    "bulk": ({"precedence": "bulk"}, "mass"),
    "list": ({"list-id": "<news.list.example>"}, "mass"),
}


@pytest.mark.parametrize("case", HEADERS)
def test_robots_and_lists_get_no_answer(case):
    held, expected = HEADERS[case]

    def values(name):
        return [held[name]] if name in held else []

    known = {"address": "jan@burger.example", "envelope": "jan@burger.example", "proven": True, "own": frozenset()}
    assert rules.refusal(values, **known) == expected


STRANGERS = {
    "null sender": ({"envelope": ""}, "null-sender"),
    "a daemon": ({"address": "mailer-daemon@burger.example"}, "machine"),
    "bounces": ({"envelope": "news-bounces@list.example"}, "machine"),
    "nobody": ({"address": ""}, "no-address"),
    "ourselves": ({"address": "suspicious@dijkwacht.example"}, "own"),
    "not proven": ({"proven": False}, "unproven"),
}


@pytest.mark.parametrize("case", STRANGERS)
def test_strangers_get_no_answer(case):
    changed, expected = STRANGERS[case]
    own = frozenset({"suspicious@dijkwacht.example"})
    known = {"address": "jan@burger.example", "envelope": "jan@burger.example", "proven": True, "own": own}
    assert rules.refusal(lambda _: [], **known | changed) == expected


@pytest.mark.usefixtures("own_database", "names")
def test_behind_a_mail_server_the_domain_that_was_proved_stands_for_the_network(key):
    jan, piet = (
        signed(post.forwarded(post.suspicious(), f"{one} <{one}@burger.example>"), key) for one in ("jan", "piet")
    )
    broken = jan.replace(b"Is dit echt?", b"Is dat echt?")
    with tenancy.acting(reading.READER):
        for raw in (jan, piet, broken):
            intake.accept(actor=reading.READER, handed=intake.Handed(raw=raw, door="lmtp"))
    reading.read_all()
    with tenancy.acting(reading.READER):
        found = list(Report.objects.values_list("verified", "network"))
    proved = {network for verified, network in found if verified}
    assert len(proved) == 1
    assert proved != {""}
    assert {network for verified, network in found if not verified} == {""}
