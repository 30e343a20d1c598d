"""Proof by mail: asked of addresses that come with the asset, answered once, renewed within a year."""

import logging
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.proof.conftest import DOMAIN, claim
from tests.proof.steps import answer, fresh, mailed, prove, rewind, start
from tests.registry.people import OFFICER

from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.proof import mails, reads, rules, tasks
from dijkwacht.rooms.proof.errors import (
    AddressNotOffered,
    TooSoon,
)
from dijkwacht.rooms.registry.models import Asset

pytestmark = pytest.mark.django_db


def link_in_mail():
    from email import message_from_string

    (text,) = [found for found in mailed() if "hostmaster@" in found]
    body = message_from_string(text).get_payload(decode=True).decode()
    return re.search(r"/proof/confirm/([\w-]+)", body)[1]


def test_the_link_in_a_mail_shows_on_get_and_acts_on_post_once(organisation, client):
    asset = claim(organisation)
    challenge = start(asset, "mail", f"hostmaster@{DOMAIN}")
    address = f"/proof/confirm/{link_in_mail()}"
    for _ in range(3):  # mail scanners
        page = client.get(address)
        assert page.status_code == 200
        assert "Gemeente Voorbeeld" in page.content.decode()
    assert (fresh(challenge).state, fresh(asset).status) == ("open", "claimed")
    assert client.post(address, {"answer": "maybe"}).status_code == 422
    assert client.post(address, {"answer": "yes"}).status_code == 200
    row = fresh(asset)
    assert (row.status, row.method, row.expires_at > timezone.now() + timedelta(days=364)) == ("verified", "mail", True)
    assert client.post(address, {"answer": "yes"}).status_code == 404
    assert client.get(address).status_code == 404


def test_a_link_that_is_wrong_old_or_used_is_one_page(organisation, client):
    challenge = start(claim(organisation), "mail", f"hostmaster@{DOMAIN}")
    link = link_in_mail()
    rewind(challenge, 31)
    pages = {client.get(f"/proof/confirm/{one}").content for one in (link, "x", link[:-1], "a" * 300, "é")}
    assert len({re.sub(rb'nonce="[^"]*"|value="[^"]*"', b"", page) for page in pages}) == 1


def test_no_verifies_nothing_and_goes_to_an_officer(organisation, client):
    asset = claim(organisation)
    challenge = start(asset, "mail", f"hostmaster@{DOMAIN}")
    client.post(f"/proof/confirm/{link_in_mail()}", {"answer": "no"})
    assert (fresh(challenge).state, fresh(asset).status) == ("denied", "claimed")
    with tenancy.acting(OFFICER):
        assert list(reads.waiting_for_an_officer(OFFICER)) == [challenge]


@pytest.mark.parametrize(
    "recipient", ["", "me@evil.example", f"ceo@{DOMAIN}", "hostmaster@evil.example", f"HOSTMASTER@{DOMAIN}"]
)
def test_a_claimant_cannot_choose_where_the_mail_goes(organisation, recipient):
    with pytest.raises(AddressNotOffered):
        start(claim(organisation), "mail", recipient)


def test_one_mail_a_day_an_address_and_only_the_newest_link_works(organisation, client):
    asset = claim(organisation)
    challenge = start(asset, "mail", f"hostmaster@{DOMAIN}")
    old = link_in_mail()
    with pytest.raises(TooSoon):
        start(asset, "mail", f"hostmaster@{DOMAIN}")
    start(asset, "mail", f"security@{DOMAIN}")
    rewind(challenge, 2)
    start(asset, "mail", f"hostmaster@{DOMAIN}")
    assert client.get(f"/proof/confirm/{old}").status_code == 404


def test_an_organisation_sends_few_proof_mails_a_day(organisation):
    for number in range(rules.MAILS_PER_DAY):
        start(claim(organisation, f"d{number}.{DOMAIN}"), "mail", f"abuse@d{number}.{DOMAIN}")
    one_more = claim(organisation, f"x.{DOMAIN}")
    with pytest.raises(TooSoon):
        start(one_more, "mail", f"abuse@x.{DOMAIN}")
    assert len(mailed()) == rules.MAILS_PER_DAY


def test_a_mail_proof_is_asked_for_again_a_month_before_and_renewed(organisation):
    asset = claim(organisation)
    challenge = answer(start(asset, "mail", f"hostmaster@{DOMAIN}"))
    assert tasks.remind() == 0
    with tenancy.acting(OFFICER):
        Asset.objects.filter(pk=asset.pk).update(expires_at=timezone.now() + timedelta(days=20))
    assert (tasks.remind(), tasks.remind()) == (1, 0)
    assert len(mailed("Toon opnieuw aan")) == 1
    rewind(challenge, 345)
    answer(start(asset, "mail", f"hostmaster@{DOMAIN}"))
    assert fresh(asset).expires_at > timezone.now() + timedelta(days=364)
    assert fresh(challenge).state == "withdrawn"


def test_the_token_of_a_mail_is_nowhere_but_in_the_mail(organisation, caplog, capsys):
    with caplog.at_level(logging.DEBUG):
        challenge = start(claim(organisation), "mail", f"hostmaster@{DOMAIN}")
        secret = link_in_mail()
    row = fresh(challenge)
    assert row.token == ""
    assert bytes(row.token_digest) == mails.digest(secret)
    assert secret not in caplog.text + "".join(capsys.readouterr())
    assert all(secret not in str(event.detail) for event in Event.objects.all())


def test_a_published_token_is_not_in_the_logs_or_the_audit_log(organisation, names, way, caplog):
    with caplog.at_level(logging.DEBUG):
        challenge = prove(claim(organisation), names, way)
    assert challenge.token not in caplog.text
    assert all(challenge.token not in str(event.detail) for event in Event.objects.all())
    assert Event.objects.filter(action__startswith="proof:challenge:").count() >= 2


def test_a_confirmation_ends_after_a_year_and_the_contact_hears_it(organisation):
    asset = claim(organisation)
    challenge = answer(start(asset, "mail", f"hostmaster@{DOMAIN}"))
    tasks.end_mails()
    assert fresh(challenge).state == "proven"
    rewind(challenge, 366)
    tasks.end_mails()
    assert (fresh(challenge).state, fresh(asset).status) == ("lost", "expired")
    assert len(mailed("is verlopen")) == 1


def test_a_proof_that_lasts_takes_the_place_of_a_mail(organisation, names, way):
    asset = claim(organisation)
    confirmed = answer(start(asset, "mail", f"hostmaster@{DOMAIN}"))
    assert fresh(asset).expires_at is not None
    prove(asset, names, way)
    assert (fresh(asset).method, fresh(asset).expires_at) == ("dns", None)
    rewind(confirmed, 366)
    tasks.end_mails()
    assert (fresh(confirmed).state, fresh(asset).status) == ("lost", "verified")


def test_a_mail_nobody_answers_ends(organisation):
    challenge = start(claim(organisation), "mail", f"hostmaster@{DOMAIN}")
    rewind(challenge, 31)
    tasks.end_mails()
    assert fresh(challenge).state == "expired"


def test_an_organisation_starts_so_many_challenges_a_day(organisation, monkeypatch):
    monkeypatch.setattr(rules, "STARTS_PER_DAY", 2)
    start(claim(organisation), "dns")
    asset = claim(organisation, f"b.{DOMAIN}")
    start(asset, "dns")
    with pytest.raises(TooSoon):
        start(asset, "file")
