"""A review asks each organisation whether its registration is still right, group by group, until it answers."""

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from tests.accounts.people import ADMINISTRATOR, person

from dijkwacht.platform import tenancy
from dijkwacht.rooms.registry import actions
from dijkwacht.rooms.registry.errors import InvalidField, NotAllowed, NotFound, WrongState
from dijkwacht.rooms.registry.upkeep import reads as upkeep_reads
from dijkwacht.rooms.registry.upkeep.groups import GROUPS

from .people import ANALYST, OFFICER, administrator, member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def letters(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return mail.outbox


def entity(name, classification="essential", *sectors, **values):
    with tenancy.acting(OFFICER):
        return actions.create_organisation(
            actor=OFFICER,
            name=name,
            kind="organisation",
            classification=classification,
            sectors=list(sectors),
            emails=[f"{name.split()[0].lower()}@contact.example"],
            **values,
        )


@pytest.fixture
def hospital():
    return entity("Ziekenhuis Duinzicht", "essential", "1.5")


@pytest.fixture
def others(hospital):
    return [
        entity("Koerier Snel", "important", "2.1"),
        entity("Bakker Vers", "other"),
        entity("Gestopt", "essential", "1.5", active=False),
    ]


def start(actor=OFFICER, **values):
    soon = timezone.localdate() + timedelta(days=60)
    with tenancy.acting(actor):
        return actions.start_review(actor=actor, **{"title": "Review 2026", "due_on": soon, **values})


def asked(campaign):
    with tenancy.acting(OFFICER):
        return {row.organisation.name: row for row in upkeep_reads.reviews_for(OFFICER, campaign=campaign.id)}


def confirm(actor, review, group):
    with tenancy.acting(actor):
        return actions.confirm_review(actor=actor, review=review.id, group=group)


@pytest.mark.usefixtures("others")
@pytest.mark.parametrize(
    ("selection", "names"),
    [
        ({}, {"Ziekenhuis Duinzicht", "Koerier Snel"}),
        ({"classification": "important"}, {"Koerier Snel"}),
        ({"sector": "1.5"}, {"Ziekenhuis Duinzicht"}),
    ],
)
def test_a_review_asks_the_active_entities_of_its_selection(selection, names):
    assert asked(start(**selection)).keys() == names


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"due_on": "2026-01-01"},
        {"due_on": ""},
        {"classification": "other"},
        {"sector": "9"},
        {"sector": "1.6"},
    ],
)
@pytest.mark.usefixtures("hospital")
def test_a_review_has_a_title_a_day_to_come_and_somebody_to_ask(wrong):
    with pytest.raises(InvalidField):
        start(**wrong)


@pytest.mark.usefixtures("hospital")
def test_only_an_officer_starts_one():
    with pytest.raises(NotAllowed):
        start(ANALYST)


def test_the_review_is_done_with_its_last_group(hospital):
    own, review = administrator(hospital.id), asked(start())["Ziekenhuis Duinzicht"]
    *most, last = GROUPS
    assert [confirm(own, review, group).confirmed_at for group in most] == [None] * len(most)
    assert confirm(own, review, last).confirmed_at is not None
    with pytest.raises(WrongState):
        confirm(own, review, last)
    with tenancy.acting(OFFICER):
        (campaign,) = upkeep_reads.review_campaigns_for(OFFICER)
    assert (campaign.asked, campaign.done) == (1, 1)


def test_a_stranger_a_member_and_an_unknown_group_confirm_nothing(hospital):
    review = asked(start())["Ziekenhuis Duinzicht"]
    with pytest.raises(NotFound):
        confirm(administrator(uuid.uuid4()), review, "identity")
    with pytest.raises(NotAllowed):
        confirm(member(hospital.id), review, "identity")
    with pytest.raises(InvalidField):
        confirm(administrator(hospital.id), review, "everything")


@pytest.mark.usefixtures("others")
def test_mails_go_out_once_and_again_each_two_weeks_to_who_did_not_confirm(hospital, letters):
    campaign, now = start(), timezone.now()

    def run(days):
        with tenancy.acting(OFFICER):
            return actions.mail_reviews(actor=OFFICER, now=now + timedelta(days=days))

    assert [run(days) for days in (0, 1, 13)] == [2, 0, 0]
    assert {letter.to[0] for letter in letters} == {"ziekenhuis@contact.example", "koerier@contact.example"}
    assert any(f"/registry/organisations/{hospital.id}/review" in letter.body for letter in letters)
    review = asked(campaign)["Ziekenhuis Duinzicht"]
    for group in GROUPS:
        confirm(administrator(hospital.id), review, group)
    assert run(15) == 1
    assert letters[-1].to == ["koerier@contact.example"]
    assert letters[-1].subject.startswith("Herinnering")


def test_the_pages_lead_from_the_question_to_the_thanks(hospital):
    campaign = start()
    someone = person("ciso@duinzicht.example", organisations={hospital.id: ADMINISTRATOR})
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(someone, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/registry/organisations/{hospital.id}/review"
    shown = browser.get(address).content.decode()
    assert "Ziekenhuis Duinzicht" in shown
    assert shown.count("Klopt nog") == len(GROUPS)
    review = asked(campaign)["Ziekenhuis Duinzicht"]
    for group in GROUPS:
        assert browser.post(f"/registry/reviews/{review.id}/confirm", {"group": group}).status_code == 302
    assert "Dank u" in browser.get(address).content.decode()


def test_the_page_of_a_campaign_shows_who_is_silent(hospital):
    campaign = start()
    officer = person("officer@centre.example", centre=["officer"])
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    shown = browser.get(f"/registry/reviews/{campaign.id}").content.decode()
    assert hospital.name in shown
    assert "0 van 1 bevestigd" in shown
    assert browser.get(f"/registry/reviews/{uuid.uuid4()}").status_code == 404
