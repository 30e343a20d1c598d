"""Who signed a mail: nobody signs for another, costs more than others, or holds up the queue."""

import base64
import json
import os
import signal
import time
from datetime import timedelta
from uuid import uuid4

import dkim
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.utils import timezone
from tests.phishing import post
from tests.proof import dns_server

from dijkwacht.platform import tenancy
from dijkwacht.rooms.phishing.campaigns.models import Report
from dijkwacht.rooms.phishing.intake import actions, checking, reading, reads, rules, signatures, vault
from dijkwacht.rooms.phishing.intake.actions import Handed
from dijkwacht.rooms.phishing.intake.cli import requeue_command
from dijkwacht.rooms.phishing.intake.models import Arrival

MAIL = b"From: baas@bank.example\r\nTo: x@y.example\r\nSubject: Fwd\r\n\r\nhallo\r\n"
HEADERS = [b"from", b"to", b"subject"]


@pytest.fixture(scope="module")
def key():
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.TraditionalOpenSSL
    private = made.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    public = made.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private, base64.b64encode(public).decode()


@pytest.fixture
def names(key, settings):
    """A real name server: every name of these tests has the same key."""
    record = f'"v=DKIM1; k=rsa; p={key[1][:200]}" "{key[1][200:]}"'
    signers = ("bank", "dief", *(f"dief{number}" for number in range(3)))
    records = {(f"s{number}._domainkey.{one}.example", "TXT"): [record] for one in signers for number in range(1, 7)}
    with dns_server.serving(dns_server.NameServer(records, zones=("example",))) as running:
        settings.PROOF_RESOLVER = f"127.0.0.1#{running.port}"
        signatures.forget()
        yield running
        signatures.forget()


def signed(key, raw=MAIL, *, by=b"bank.example", selector=b"s1", **how):
    return dkim.sign(raw, selector, by, key[0], include_headers=HEADERS, **how) + raw


def proven(*raws, ours=False):
    claims = [_claim(raw, ours=ours) for raw in raws]
    return signatures.verified(claims, raws)


def _claim(raw, *, ours=False):
    header = rules.header_of(raw)
    return signatures.claimed(header, rules.address_in(rules.values_of(header, "from")[0]), ours=ours)


@pytest.mark.usefixtures("names")
def test_a_signature_of_the_domain_of_the_sender_proves_the_sender(key):
    assert proven(signed(key), signed(key, canonicalize=(b"relaxed", b"relaxed"))) == [True, True]


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize("blank", [b"\xc2\xa0", b"\x1c", b"\x85", b" "], ids=["nbsp", "fs", "nel", "twice"])
def test_a_signature_of_a_criminal_proves_no_other_domain(key, blank):
    forged = signed(key, by=b"dief.example", selector=b"s1; d" + blank + b"=bank.example")
    # In the same batch another mail of the criminal has the key of the criminal asked for.
    own = signed(key, MAIL.replace(b"bank.example", b"dief.example"), by=b"dief.example")
    assert proven(forged, own) == [False, True]


@pytest.mark.usefixtures("names")
def test_what_our_mail_server_found_counts_only_where_it_handed_the_mail_in(settings):
    settings.PHISHING_AUTHSERV = "mx.example"
    raw = b"Authentication-Results: mx.example; dkim=pass header.d=bank.example\r\n" + MAIL
    assert proven(raw) == [False]
    assert proven(raw, ours=True) == [True]


@pytest.mark.parametrize(
    ("door", "address", "verified"),
    [("smtp", "192.0.2.9", False), ("smtp", "10.1.2.3", True), ("lmtp", "", True), ("imap", "", True)],
)
@pytest.mark.usefixtures("own_database")
def test_a_stranger_who_writes_the_line_of_our_mail_server_is_not_believed(settings, door, address, verified):
    from dijkwacht.platform.network import networks

    settings.PHISHING_AUTHSERV, settings.PHISHING_TRUSTED = "mx.example", networks("10.0.0.0/8")
    raw = b"Authentication-Results: mx.example; spf=pass smtp.mailfrom=bank.example\r\n" + MAIL
    actions.accept_many(actor=actions.PORTER, handed=[Handed(raw=raw, door=door, address=address)])
    assert reading.read_all() == 1
    with tenancy.acting(reading.READER):
        assert Report.objects.get().verified is verified


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize("where", ["body", "header"])
def test_a_mail_of_blanks_costs_no_more_than_another(key, where):
    raw = MAIL.replace(b"hallo", b" " * 400_000 + b"x") if where == "body" else MAIL
    made = signed(key, canonicalize=(b"relaxed", b"simple"))
    head, _, _ = made.partition(b"From:")
    head = head.replace(b"c=relaxed/simple", b"c=relaxed/relaxed")
    slow = head.replace(b" b=", b" " * 40_000 + b" b=") if where == "header" else head
    before = time.perf_counter()
    assert proven(slow + raw) == [False]
    assert time.perf_counter() - before < 3


@pytest.mark.usefixtures("names")
def test_a_relaxed_signature_over_runs_of_blanks_holds(key):
    # Signed as the blanks of one run are in the relaxed form: dkimpy would take seconds for the long one.
    short = MAIL.replace(b"hallo", b"a b \t\r\n\r\nc")
    head = signed(key, short, canonicalize=(b"relaxed", b"relaxed"))[: -len(short)]
    assert proven(head + short.replace(b"a b \t", b"a" + b" " * 100_000 + b"b" + b"\t" * 100_000)) == [True]


@pytest.fixture
def checker():
    with checking.lent() as found:
        yield found
    checking.close()


def test_a_mail_that_holds_up_the_checking_is_given_up_and_the_next_is_checked(key, names, checker):
    made = signed(key)
    claims = [(0, "s1._domainkey.bank.example", f"v=DKIM1; p={key[1]}".encode())]
    assert checker.holds(made, claims) is True
    child = checker._child.pid
    checker.seconds = 1
    os.kill(child, signal.SIGSTOP)  # as one that never comes to an end
    assert checker.holds(made, claims) is False
    checker.seconds = 10
    assert checker.holds(made, claims) is True
    assert checker._child.pid != child


@pytest.mark.usefixtures("names")
def test_a_batch_of_mails_that_hold_up_the_checking_leaves_the_rest_for_later(key, monkeypatch):
    monkeypatch.setattr(checking.Checker, "_ask", lambda *_: (_ for _ in ()).throw(TimeoutError()))
    assert proven(*[signed(key)] * 5) == [False, False, False, None, None]


def test_the_process_that_checks_knows_no_secret_of_ours(monkeypatch):
    monkeypatch.setenv("DIJKWACHT_SECRET_KEY", "x")
    assert "DIJKWACHT_SECRET_KEY" not in checking.Checker().environment


# --- the name servers of strangers ------------------------------------------------------------------------------------


def mail_of(domain, selector, key):
    raw = MAIL.replace(b"bank.example", domain)
    return signed(key, raw, by=domain, selector=selector)


def test_at_most_two_keys_of_a_domain_are_asked_for_in_a_batch(key, names):
    mails = [mail_of(b"dief.example", b"s%d" % number, key) for number in range(1, 6)]
    assert proven(*mails, signed(key)) == [True, True, None, None, None, True]
    assert proven(*mails) == [True, True, True, True, None]


def test_a_silent_domain_holds_up_one_batch_and_is_not_asked_for_a_minute(key, names):
    names.silent |= {f"s{number}._domainkey.dief.example" for number in range(1, 7)}
    before = time.perf_counter()
    assert proven(mail_of(b"dief.example", b"s1", key), signed(key)) == [False, True]
    assert time.perf_counter() - before < 6
    before = time.perf_counter()
    assert proven(*(mail_of(b"dief.example", b"s%d" % number, key) for number in range(2, 7))) == [False] * 5
    assert time.perf_counter() - before < 1


@pytest.mark.usefixtures("own_database", "names")
def test_a_mail_whose_key_was_not_asked_for_is_read_a_moment_later(key):
    mails = [mail_of(b"dief.example", b"s%d" % number, key) for number in range(1, 4)]
    actions.accept_many(actor=actions.PORTER, handed=[Handed(raw=raw, door="smtp") for raw in mails])
    assert reading.read_all() == 3
    with tenancy.acting(reading.READER):
        assert [one.verified for one in Report.objects.all()] == [True, True, True]


# --- what cannot be read ----------------------------------------------------------------------------------------------


def waiting():
    with tenancy.acting(reading.READER):
        return list(Arrival.objects.order_by("size"))


def later(**ago):
    """Let the time of waiting be over."""
    with tenancy.acting(reading.READER):
        Arrival.objects.update(not_before=timezone.now() - timedelta(**ago))


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize("wrong", ["vault", "key"])
def test_a_report_that_does_not_open_now_is_read_when_it_does(wrong, monkeypatch):
    raws = [post.forwarded(post.suspicious(f"https://dief{one}.example/")).as_bytes() + b"\n" * one for one in (1, 2)]
    actions.accept_many(actor=actions.PORTER, handed=[Handed(raw=raw, door="smtp") for raw in raws])
    first, second = waiting()
    with monkeypatch.context() as away:
        if wrong == "vault":
            path = vault.path_of(first.vault, first.received_at)
            path.rename(path.with_name("away"))
        else:
            real = reading.open_json

            def one_fails(sealed, **place):
                if place["row"] == first.id:
                    raise reading.FieldError("the key is another")
                return real(sealed, **place)

            away.setattr(reading, "open_json", one_fails)
        assert reading.read_all() == 1
        (kept,) = waiting()
        assert (kept.id, kept.attempts) == (first.id, 1)
        assert kept.problem
        assert kept.not_before > timezone.now() + timedelta(seconds=30)
        assert reading.read_all() == 0
    if wrong == "vault":
        path.with_name("away").rename(path)
    later(seconds=1)
    assert reading.read_all() == 1
    assert waiting() == []
    with tenancy.acting(reading.READER):
        assert {one.id for one in Report.objects.all()} == {first.id, second.id}


@pytest.mark.usefixtures("own_database")
def test_a_report_that_never_opens_is_set_aside_and_counted():
    actions.accept_many(actor=actions.PORTER, handed=[Handed(raw=MAIL, door="smtp")])
    (row,) = waiting()
    vault.path_of(row.vault, row.received_at).unlink()
    with tenancy.acting(reading.READER):
        assert reads.waiting_since() == row.received_at
    for _ in range(reads.ATTEMPTS):
        later(seconds=1)
        reading.read_all()
    later(seconds=1)
    with tenancy.acting(reading.READER):
        assert (reads.set_aside(), reads.waiting_since(), reads.due().count()) == (1, None, 0)


@pytest.mark.usefixtures("own_database")
def test_what_was_set_aside_is_read_again_by_a_command_once_it_opens():
    raws = [post.forwarded(post.suspicious(f"https://dief{one}.example/")).as_bytes() for one in (1, 2)]
    actions.accept_many(actor=actions.PORTER, handed=[Handed(raw=raw, door="smtp") for raw in raws])
    first, second = waiting()
    away = [
        (path := vault.path_of(one.vault, one.received_at), path.rename(path.with_name(path.name + "x")))
        for one in (first, second)
    ]
    with tenancy.acting(reading.READER):
        Arrival.objects.update(attempts=reads.ATTEMPTS - 1)
    assert reading.read_all() == 0
    listed = requeue("--json")
    assert {(one["report"], one["problem"][:8]) for one in listed["reports"]} == {
        (str(one.id), "NotThere") for one in (first, second)
    }
    for path, moved in away:
        moved.rename(path)
    assert reading.read_all() == 0
    assert CliRunner().invoke(requeue_command, [str(first.id), str(uuid4())]).exit_code == 1
    assert reading.read_all() == 0  # all or none
    assert requeue(str(first.id), "--json")["reports"][0]["report"] == str(first.id)
    assert reading.read_all() == 1
    assert len(requeue("--all", "--json")["reports"]) == 1
    assert reading.read_all() == 1
    assert "Nothing is set aside." in CliRunner().invoke(requeue_command, ["--all"]).output


def requeue(*arguments):
    done = CliRunner().invoke(requeue_command, [*arguments])
    assert done.exit_code == 0, done.output
    return json.loads(done.output)
