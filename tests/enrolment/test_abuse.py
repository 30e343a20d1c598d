"""What people try who should not: each try gives nothing, and tells nothing."""

import re
from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.accounts.people import TESTER, person
from tests.enrolment import story

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.models import OrganisationMembership, User
from dijkwacht.rooms.enrolment import web, web_account
from dijkwacht.rooms.enrolment.models import Draft, Registration
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry.models import Asset, Organisation

pytestmark = pytest.mark.django_db
CHANGING = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|[0-9a-f]{8}-[0-9a-f-]{27}|\d\d?:\d\d')


@pytest.fixture(autouse=True)
def register(settings, tmp_path):
    other = f"{story.REGISTER}12345674,,Concurrent B.V.,,Kade 2,1234 AB,Waterkant,NL,yes\n"
    settings.BUSINESS_REGISTER = story.register_file(tmp_path, other)
    for buckets in (web.CHECKS, web.LOOK_UPS, web_account.ASKED, web_account.ASKED_FOR):
        buckets.clear()


def visitor(email):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person(email, language="en"))
    return client


def known(**values):
    with tenancy.acting(TESTER):
        given = {"kind": "organisation", "classification": "essential", "name": "Concurrent", **values}
        return registry.create_organisation(actor=TESTER, **given)


def test_somebody_who_registers_a_competitor_gets_nothing_of_it():
    rival = known(kvk=story.KVK)
    attacker = visitor("attacker@example.org")
    story.fill(attacker)
    story.confirm(attacker)
    assert story.seen(lambda: Registration.objects.get().reasons) == ["not-proven", "taken"]
    assert story.seen(OrganisationMembership.objects.count) == 0
    assert attacker.get(f"/registry/organisations/{rival.id}").status_code in {403, 404}
    assert story.seen(Organisation.objects.count) == 1


def test_somebody_whom_a_broker_vouches_for_does_not_take_over_what_is_registered():
    known(kvk=story.KVK)
    second = visitor("second@debron.example")
    story.prove(second, kvk=story.KVK)
    story.fill(second)
    story.confirm(second)
    assert story.seen(lambda: Registration.objects.get().reasons) == ["taken"]
    assert story.seen(OrganisationMembership.objects.count) == 0


def test_a_neighbours_prefix_is_claimed_by_nobody_without_an_officer():
    neighbour = known(kvk="12345674")
    with tenancy.acting(TESTER):
        (row,) = registry.claim_asset(actor=TESTER, organisation=neighbour.id, kind="prefix", value="192.0.2.0/24")
        registry.verify_asset(actor=TESTER, asset=row.uid, evidence="seen")
    attacker = visitor("attacker@example.org")
    story.prove(attacker, kvk=story.KVK)
    story.fill(attacker)
    page, _number = story.confirm(attacker)
    assert story.seen(lambda: Registration.objects.get().reasons) == ["contested"]
    assert "192.0.2" not in page.content.decode()
    assert story.seen(lambda: list(Asset.objects.values_list("organisation_id", "status"))) == [
        (neighbour.id, "verified")
    ]
    assert story.seen(OrganisationMembership.objects.count) == 0


def asked(number):
    """Everything that somebody without broker is told and sent along the way, and how many queries it took."""
    client = visitor(f"try-{number}@example.org")
    with CaptureQueriesContext(connection) as queries:
        client.post("/register", {})
        told = [client.post("/register/check-field", {"name": "kvk", "value": number}).content.decode()]
        for step, answers in story.ANSWERS.items():
            told.append(
                client.post(
                    f"/register/{step}", {**answers, **({"kvk": number} if "kvk" in answers else {})}
                ).content.decode()
            )
        page, _number = story.confirm(client)
        told.append(page.content.decode())
    return [CHANGING.sub("", text.replace(number, "NUMBER")) for text in told], len(queries)


def test_trying_numbers_does_not_tell_who_is_registered():
    known(kvk="12345674")
    answers = asked("12345674"), asked("87654321")
    told = [[re.sub(r"try-\S+@example.org", "X", text) for text in found] for found, _ in answers]
    assert told[0] == told[1]
    assert answers[0][1] == answers[1][1]


def test_a_flood_of_registrations_ends_at_a_few_for_an_account(settings):
    attacker = visitor("flood@example.org")
    for _ in range(3):
        story.fill(attacker)
        story.confirm(attacker)
    story.fill(attacker)
    answer = attacker.post("/register/check", {"true": "yes"})
    assert answer.status_code == 422
    assert "registered often today" in answer.content.decode()
    assert story.seen(Registration.objects.count) == 3
    for number in story.seen(lambda: list(Registration.objects.values_list("id", flat=True))):
        attacker.post(f"/register/{number}/withdraw")
    for _ in range(2):
        story.fill(attacker)
        story.confirm(attacker)
    story.fill(attacker)
    assert attacker.post("/register/check", {"true": "yes"}).status_code == 422


def test_a_flood_from_one_network_ends_whatever_the_accounts(monkeypatch):
    monkeypatch.setattr("dijkwacht.rooms.enrolment.rules.MOST_A_DAY_OF_A_NETWORK", 2)
    for place in range(3):
        client = visitor(f"flood-{place}@example.org")
        story.fill(client, kvk=f"1234567{place}")
        code = client.post("/register/check", {"true": "yes"}, REMOTE_ADDR=f"203.0.113.{place}").status_code
        assert code == (302 if place < 2 else 422)


def test_a_draft_is_bounded_and_of_its_account_alone():
    first, second = visitor("first@example.org"), visitor("second@example.org")
    first.post("/register", {})
    first.post("/register/organisation", {"name": "SECRET PLANS B.V.", "do": "keep"})
    assert "SECRET" not in second.get("/register/organisation").content.decode()
    for step, name in (("holdings", "holdings"), ("reach", "establishments"), ("services", "arrangements")):
        first.post(f"/register/{step}", {name: "x" * 29_000, "do": "keep"})
    answer = first.post("/register/holdings", {"holdings": "\u20ac" * 29_000, "do": "keep"})
    assert answer.status_code == 413
    assert story.seen(Draft.objects.count) == 1


def test_a_draft_is_closed_by_the_database_itself():
    first, second = visitor("first@example.org"), visitor("second@example.org")
    first.post("/register", {})
    second.post("/register", {})
    from dijkwacht.platform.accounts.actors import of_user

    with tenancy.acting(of_user(User.objects.get(email="second@example.org"))):
        assert [str(draft.account) for draft in Draft.objects.all()] == [
            str(User.objects.get(email="second@example.org").id)
        ]
    with tenancy.acting(of_user(person("officer@centre.example", centre=[CentreRole.OFFICER]))):
        assert Draft.objects.count() == 2


@pytest.mark.parametrize("name", ["<script>alert(1)</script> B.V.", '"><img src=x onerror=alert(1)>', "{{ 7*7 }} B.V."])
def test_script_in_a_name_is_shown_as_text_everywhere(name):
    attacker = visitor("attacker@example.org")
    story.fill(attacker, name=name)
    page, number = story.confirm(attacker)
    desk = Client(headers={"Accept-Language": "en"})
    desk.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER]))
    shown = [page, attacker.get("/register"), desk.get("/registrations"), desk.get(f"/registrations/{number}")]
    shown.append(
        attacker.post("/receipt", {"receipt": attacker.get(f"/register/{number}/receipt.json").content.decode()})
    )
    for answer in shown:
        text = answer.content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "49 B.V." not in text


@pytest.mark.parametrize("name", ["De\u202ebron", "De\u200bBron", "De\u2066Bron"])
def test_a_name_that_deceives_the_eye_is_refused(name):
    attacker = visitor("attacker@example.org")
    attacker.post("/register", {})
    answer = attacker.post("/register/organisation", {"kvk": story.KVK, "name": name})
    assert answer.status_code == 422


HOSTILE = [
    '#read("/etc/passwd")',
    "$ integral $ *B.V.*",
    "#panic()",
    "= Title\n",
    "`raw` \\ #{1+1} <label> @ref",
    ']]#eval("1")',
]


@pytest.mark.parametrize("name", [text.strip() for text in HOSTILE])
def test_a_receipt_reads_no_name_as_markup(name):
    attacker = visitor("attacker@example.org")
    story.fill(attacker, name=name)
    _page, number = story.confirm(attacker)
    answer = attacker.get(f"/register/{number}/receipt.pdf")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")


def test_asking_for_an_account_says_the_same_whether_the_address_is_known(client, mailoutbox):
    person("known@example.org", password="a long enough phrase")
    told = [
        CHANGING.sub("", client.post("/register/account", {"email": email}).content.decode())
        for email in ("known@example.org", "new@example.org")
    ]
    assert told[0] == told[1]
    bodies = {mail.to[0]: mail.body for mail in mailoutbox}
    assert "/account/password/reset/key/" in bodies["new@example.org"]
    assert "/account/password/reset/key/" not in bodies["known@example.org"]
    assert client.post("/register/account", {"email": "new@example.org"}).status_code == 422


def test_checking_fields_is_bounded():
    client = visitor("guess@example.org")
    ask = partial(client.post, "/register/check-field", {"name": "kvk", "value": "12345678"})
    assert ask().status_code == 200
    assert 429 in (ask().status_code for _ in range(300))  # sixty a minute; a slow machine is given some back meanwhile


def test_an_account_without_second_factor_registers_nothing(settings):
    settings.DEMO = False
    client = visitor("lone@example.org")
    answer = client.get("/register/organisation")
    assert answer["Location"].startswith("/account/2fa/")
    story.prove(client, kvk=story.KVK)
    assert client.get("/register/organisation").status_code == 200
