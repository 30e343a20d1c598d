"""What goes to a contact abroad is encrypted for its key; without one it goes in the clear only as a person decided."""

import email
import email.policy
import re
from datetime import timedelta

import pysequoia
import pytest
from django.utils import timezone
from tests.accounts.people import person

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.registry.errors import InvalidField
from dijkwacht.rooms.reporting.crossing.models import Disclosure, ForeignPoint
from dijkwacht.rooms.reporting.errors import NotSealable
from dijkwacht.rooms.reporting.scheduling import CLERK

from .abroad import TESTS, grid, impact, judge, point, reported, share
from .story import organisation
from .test_crossing_doors import receiver_in, seen_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident():
    return reported(grid())


@pytest.fixture
def secret():
    return pysequoia.Tsk.generate("spoc@de.example")


def public(secret) -> str:
    return str(secret.extract_certificate())


def sent():
    """The mails of versions that wait in the outbox, as bytes."""
    with tenancy.acting(CLERK):
        return [bytes(row.body) for row in Message.objects.filter(reference="share")]


def test_the_contact_opens_the_mail_with_its_own_key_and_finds_the_link(incident, secret, client, mailoutbox):
    point("DE", openpgp_key=public(secret))
    mailoutbox.clear()
    (made,) = share(incident, "state", "DE", in_clear="")
    assert made.sealing == "openpgp"
    assert not mailoutbox
    (content,) = sent()
    assert b"/received/" not in content
    outer = email.message_from_bytes(content, policy=email.policy.default)
    assert (outer["To"], outer["Subject"]) == ("spoc@de.example", "[...]")
    sealed = outer.get_payload()[1].get_payload(decode=True)
    opened = pysequoia.decrypt(decryptor=secret.decryptor(), bytes=sealed)
    text = email.message_from_bytes(bytes(opened.bytes), policy=email.policy.default).get_content()
    link = re.search(r"https?://\S+(/received/\S+)", text)[1]
    assert made.number.encode() in client.get(link).content
    stranger = pysequoia.Tsk.generate("other@fr.example")
    with pytest.raises(Exception, match=r"."):
        pysequoia.decrypt(decryptor=stranger.decryptor(), bytes=sealed)


def test_without_a_key_nothing_goes_until_somebody_decides_and_says_why(incident, mailoutbox):
    point("DE")
    mailoutbox.clear()
    for reason in ("", "   "):
        with pytest.raises(NotSealable, match="SPOC DE"):
            share(incident, "state", "DE", in_clear=reason)
    assert not mailoutbox
    with tenancy.acting(CLERK):
        assert not Disclosure.objects.exists()
    (made,) = share(incident, "state", "DE", in_clear="They asked for it by telephone")
    assert (made.sealing, len(mailoutbox)) == ("clear", 1)
    with tenancy.acting(CLERK):
        (event,) = Event.objects.filter(action="reporting:disclosure:share")
    assert (event.detail["sealing"], event.detail["in_clear"]) == ("clear", "They asked for it by telephone")


def test_one_without_a_key_holds_back_all_that_were_chosen_with_it(incident, secret):
    point("DE", openpgp_key=public(secret))
    point("DE", name="Second", email="second@de.example")
    with pytest.raises(NotSealable, match="Second"):
        share(incident, "state", "DE", in_clear="")
    assert sent() == []


def test_a_key_that_is_no_key_or_a_secret_one_is_refused_where_it_is_kept(secret):
    for wrong in ("no key", str(secret)):
        with pytest.raises(InvalidField):
            point("DE", openpgp_key=wrong)
    with tenancy.acting(CLERK):
        assert not ForeignPoint.objects.exists()


def test_a_key_that_cannot_be_used_any_more_counts_as_none(incident, secret, monkeypatch):
    point("DE", openpgp_key=public(secret))
    with tenancy.acting(CLERK):
        ForeignPoint.objects.update(openpgp_key="-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nbroken\n")
    with pytest.raises(NotSealable):
        share(incident, "state", "DE", in_clear="")


def test_an_entity_of_the_register_needs_no_key_for_it_signs_in(incident):
    impact(organisation("Netbeheer Drenthe", sectors=("1.1a",)))
    judge(incident)
    (made,) = share(incident, "netcode-entity", in_clear="")
    assert made.sealing == "sign-in"


def test_the_page_says_who_has_a_key_and_asks_for_a_reason_where_one_lacks_it(incident, secret, client):
    client.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER]))
    keyed = point("DE", openpgp_key=public(secret))
    path = f"/incidents/{incident.id}/share/DE"
    page = client.get(path).content.decode()
    assert "versleuteld met OpenPGP" in page
    assert 'name="in_clear"' not in page
    assert client.get(f"/incidents/abroad/contacts/{keyed.id}").content.count(b"BEGIN PGP PUBLIC KEY") == 1
    point("BE")
    path = f"/incidents/{incident.id}/share/BE"
    page = client.get(path).content.decode()
    assert 'name="in_clear"' in page
    given = {"seen": seen_in(page), "receiver": receiver_in(page), "do": "send", **TESTS}
    refused = client.post(path, given)
    assert (refused.status_code, "SPOC BE" in refused.content.decode()) == (409, True)
    assert client.post(path, {**given, "in_clear": "No key yet"}).status_code == 302
    assert timezone.now() - Disclosure.objects.get().at < timedelta(minutes=5)
