"""What organisations answer: by the link in a letter, in the portal, by API; and what the centre and a relay see."""

import json
import re

import pytest
from django.test import Client
from django.utils.html import escape
from tests.accounts.people import ADMINISTRATOR, READER, SECURITY, bearer, person, token
from tests.delivery.shelf import go, letters, runs
from tests.notification.world import TEST, member, officer, organisation

from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event, Personal
from dijkwacht.rooms.advisories.delivery import actions, links, reads, reads_centre
from dijkwacht.rooms.advisories.delivery.errors import InvalidAnswer, NotAllowed, NotFound
from dijkwacht.rooms.advisories.delivery.models import Concern, Exposure, Match, Telling
from dijkwacht.rooms.notification.models import Decision
from dijkwacht.rooms.registry.models import Contact, Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(shelf):
    """An organisation that was told, and the key of the advisory."""
    with tenancy.acting(TEST):
        owner = organisation()
        runs(owner, "Fortinet; FortiOS; 7.2\nFortinet; FortiOS; 7.0", name="Kantoor")
        key = shelf.publish(urgent=True)
        go(key)
    return owner, key


def link_of(owner):
    with tenancy.acting(TEST):
        return links.page(Telling.objects.get(organisation=owner).id).partition("/f/")[2]


def signed_in(email, organisation, role=SECURITY):
    client = Client(headers={"Accept-Language": "nl"})
    client.force_login(
        person(email, organisations={organisation.id: role}), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def test_the_link_in_a_letter_answers_with_one_click_and_opening_it_changes_nothing(told):
    owner, _ = told
    with tenancy.acting(TEST):
        address = re.search(r"/f/advisories/\S+answer=patched", letters()["veiligheid@korst.example"])[0]
    client = Client(headers={"Accept-Language": "nl"})
    page = client.get(address)
    assert page.status_code == 200
    assert 'value="patched" required checked' in page.content.decode()
    assert (page["Referrer-Policy"], page["Cache-Control"]) == ("no-referrer", "no-store")
    with tenancy.acting(TEST):
        assert not Exposure.objects.exists()
        assert Concern.objects.get().read_at is None
    assert client.post(address, {"answer": "patched", "note": "vannacht"}).status_code == 200
    with tenancy.acting(TEST):
        said = Exposure.objects.get()
        assert (said.answer, said.note, said.how, said.organisation_id) == ("patched", "vannacht", "link", owner.id)
        assert set(Match.objects.values_list("status", flat=True)) == {"done"}
        assert Concern.objects.get().read_at is not None
        row = Event.objects.get(action="advisories:advisory:answer")
        assert "vannacht" not in str(row.detail)
        assert Personal.objects.filter(event_id=row.id).exists()


def test_a_link_of_an_older_letter_says_that_the_advisory_was_changed(told, shelf):
    owner, (advisory, _) = told
    link = link_of(owner)
    client = Client(headers={"Accept-Language": "nl"})
    assert "na die mail gewijzigd" not in client.get(f"/f/{link}").content.decode()
    with tenancy.acting(TEST):
        go(shelf.publish(advisory=advisory, remedy="Update to 7.4.2."))
    assert "na die mail gewijzigd" in client.get(f"/f/{link}").content.decode()
    assert "versie 2" in client.get(f"/f/{link}").content.decode()


@pytest.mark.parametrize("broken", [lambda link: link[:-1], lambda _: "x", lambda link: link.replace("~", "-")])
def test_a_link_that_is_not_ours_opens_nothing(told, broken):
    link = link_of(told[0]).removeprefix("advisories/")
    assert Client().post(f"/f/advisories/{broken(link)}", {"answer": "patched"}).status_code == 404


def test_a_link_closes_when_the_organisation_left_or_the_contact_is_wrong(told):
    owner, _ = told
    link = link_of(owner)
    with tenancy.acting(TEST):
        Contact.objects.update(status="wrong")
    assert Client().get(f"/f/{link}").status_code == 404
    with tenancy.acting(TEST):
        Contact.objects.update(status="working")
        Organisation.objects.update(active=False)
    assert Client().get(f"/f/{link}").status_code == 404


def test_no_answer_or_an_unknown_one_shows_the_form_again(told):
    link = link_of(told[0])
    for answer in ({}, {"answer": "maybe"}, {"answer": "patched", "note": "x" * 2001}):
        assert Client().post(f"/f/{link}", answer).status_code == 422


def test_an_answer_left_out_in_the_portal_keeps_the_note_and_says_so_in_words(told):
    owner, (advisory, _) = told
    client = signed_in("ciso@korst.example", owner)
    for language, given, said in (
        ("nl", {"note": "vannacht <b>bijgewerkt"}, "Kies een antwoord."),
        ("en", {"note": "vannacht <b>bijgewerkt", "answer": "maybe"}, "Choose an answer."),
        ("nl", {"note": "x" * 2001, "answer": "patched"}, "De toelichting is te lang: ten hoogste 2000 tekens."),
    ):
        client.cookies["django_language"] = language
        page = client.post(f"/mine/advisories/{advisory}", {"organisation": str(owner.id), **given})
        text = page.content.decode()
        assert page.status_code == 422
        assert said in text
        assert escape(given["note"]) in text
        assert "not_affected, " not in text
    assert 'value="patched" required checked' in text
    again = client.post(f"/f/{link_of(owner)}", {"answer": "patched", "note": "y" * 2001})
    assert "y" * 2001 in again.content.decode()
    assert "De toelichting is te lang" in again.content.decode()
    with tenancy.acting(TEST):
        assert not Exposure.objects.exists()


def test_not_affected_by_their_own_word_is_not_counted_as_remediated(told):
    owner, (advisory, _) = told
    with tenancy.acting(member(owner)) as actor:
        actions.answer(actor=actor, organisation=owner.id, advisory=advisory, answer="not_affected")
    with tenancy.acting(officer()) as actor:
        assert reads_centre.counts(actor, advisory)["status"] == {"not_affected": 2}
    client = Client()
    client.force_login(
        person("o@centre.example", centre=["officer"]), backend="django.contrib.auth.backends.ModelBackend"
    )
    page = client.get(f"/advisories/{advisory}/reach").content.decode()
    assert "niet kwetsbaar naar eigen zeggen: 2" in page
    assert "verholpen" not in page
    with tenancy.acting(member(owner)) as actor:  # they looked again
        actions.answer(actor=actor, organisation=owner.id, advisory=advisory, answer="patched")
    with tenancy.acting(officer()) as actor:
        assert reads_centre.counts(actor, advisory)["status"] == {"done": 2}


def test_in_the_portal_one_sees_why_and_what_to_do_and_reading_is_the_receipt(told):
    owner, (advisory, _) = told
    client = signed_in("ciso@korst.example", owner)
    listed = client.get("/mine/advisories").content.decode()
    assert "DW-2026-0001: Lek in FortiOS" in listed
    page = client.get(f"/mine/advisories/{advisory}").content.decode()
    assert "U gebruikt Fortinet FortiOS 7.2" in page
    assert "artikel" in page  # the ground in law
    with tenancy.acting(TEST):
        assert "Daarbij geldt" in Decision.objects.get().sentence_nl
        sent = letters()["veiligheid@korst.example"]
    for shown in (page, sent):
        assert "op grond van artikel" in " ".join(shown.split())
        assert "Daarbij geldt" not in shown  # what binds the centre
    with tenancy.acting(TEST):
        assert Concern.objects.get().read_at is not None
    client.post(f"/mine/advisories/{advisory}", {"organisation": str(owner.id), "answer": "working"})
    with tenancy.acting(TEST):
        assert Exposure.objects.get().how == "portal"
        assert set(Match.objects.values_list("status", flat=True)) == {"in_progress"}


def test_single_lines_can_be_marked_and_another_organisations_line_cannot(told, shelf):
    owner, (advisory, _) = told
    with tenancy.acting(TEST):
        other = organisation("Ander", mail="x@ander.example")
        runs(other, "Fortinet; FortiOS; 7.2")
        go((advisory, 1))
        mine = Match.objects.filter(organisation_id=owner.id).first()
        theirs = Match.objects.get(organisation_id=other.id)
    with tenancy.acting(member(owner)) as actor:
        how = {"actor": actor, "organisation": owner.id, "advisory": advisory}
        assert actions.mark(**how, matches=[mine.id], status="done") == 1
        with pytest.raises(NotFound):
            actions.mark(**how, matches=[theirs.id], status="done")
        with pytest.raises(InvalidAnswer):
            actions.mark(**how, matches=[mine.id], status="gone")


def test_a_reader_reads_and_does_not_answer_nor_make_it_read(told):
    owner, (advisory, _) = told
    client = signed_in("bestuur@korst.example", owner, READER)
    assert client.get(f"/mine/advisories/{advisory}").status_code == 200
    answer = client.post(f"/mine/advisories/{advisory}", {"organisation": str(owner.id), "answer": "patched"})
    assert answer.status_code == 403
    with tenancy.acting(TEST):
        assert Concern.objects.get().read_at is None


def test_answers_are_kept_and_the_same_again_is_one(told):
    owner, (advisory, _) = told
    with tenancy.acting(member(owner)) as actor:
        how = {"actor": actor, "organisation": owner.id, "advisory": advisory}
        for answer in ("working", "working", "patched", "received"):
            actions.answer(**how, answer=answer)
        assert [row.answer for row in reads.access_matter(actor, owner.id, advisory).answers] == ["patched", "working"]
        assert not reads.waiting(actor, owner.id).exists()


def test_a_program_reads_and_answers_and_a_repeated_request_is_one_answer(told):
    owner, (advisory, _) = told
    keeper = person("beheer@korst.example", organisations={owner.id: ADMINISTRATOR})
    text = token(keeper, "inventory:read", "inventory:write", organisation=owner.id)
    client, path = Client(headers=bearer(text)), f"/api/v1/organisations/{owner.id}/advisories"
    listed = client.get(path).json()["items"]
    assert [(one["number"], one["verdict"], one["answer"]) for one in listed] == [("DW-2026-0001", "affected", "")]
    full = client.get(f"{path}/{advisory}").json()
    assert len(full["lines"]) == 2
    for _ in range(2):
        done = client.post(
            f"{path}/{advisory}/answers",
            json.dumps({"answer": "mitigated"}),
            content_type="application/json",
            headers={"Idempotency-Key": "een"},
        )
        assert done.json()["answer"] == "mitigated"
    matches = client.get(f"{path}/{advisory}/matches").json()["items"]
    assert {one["status"] for one in matches} == {"in_progress"}
    wrong = client.post(f"{path}/{advisory}/answers", json.dumps({"answer": "maybe"}), content_type="application/json")
    assert wrong.status_code == 422


def test_the_centre_sees_who_was_told_why_who_answered_and_who_has_not(told, shelf):
    owner, (advisory, _) = told
    with tenancy.acting(TEST):
        silent = organisation("Stil", mail="x@stil.example")
        runs(silent, "Fortinet; FortiOS; 7.2")
        go((advisory, 1))
    with tenancy.acting(member(owner)) as actor:
        actions.answer(actor=actor, organisation=owner.id, advisory=advisory, answer="patched", note="=cmd()")
    with tenancy.acting(officer()) as actor:
        seen = reads_centre.reach_of(actor, advisory)
        assert [(one["organisation"].name, one["answer"] and one["answer"].answer) for one in seen] == [
            ("Stil", None),
            ("Bakkerij Korst", "patched"),
        ]
        assert reads_centre.answered_by_day(actor, advisory)[0]["share"] == 50
        assert reads_centre.counts(actor, advisory) == {
            "lines": 3,
            "organisations": 2,
            "status": {"done": 2, "not_remediated": 1},
        }
    client = Client(headers={"Accept-Language": "nl"})
    client.force_login(
        person("o@centre.example", centre=["officer"]), backend="django.contrib.auth.backends.ModelBackend"
    )
    page = client.get(f"/advisories/{advisory}/reach").content.decode()
    assert "Stil" in page
    rows = b"".join(client.get(f"/advisories/{advisory}/reach.csv").streaming_content).decode()
    assert '"\'=cmd()"' in rows  # no spreadsheet computes it
    with tenancy.acting(TEST):
        assert Event.objects.filter(action="advisories:reach:export").count() == 1


def test_no_organisation_sees_who_else_was_told(told):
    owner, (advisory, _) = told
    with tenancy.acting(member(owner)) as actor:
        for look in (reads_centre.reach_of, reads_centre.answered_by_day, reads_centre.counts):
            with pytest.raises(NotAllowed):
                look(actor, advisory)
    with tenancy.acting(TEST):
        other = organisation("Ander", mail="")
    with tenancy.acting(member(other)) as actor:
        with pytest.raises(NotFound):
            reads.access_matter(actor, other.id, advisory)
        with pytest.raises(NotFound):
            reads.access_matter(actor, owner.id, advisory)
        assert not Concern.objects.exists()
        assert not Match.objects.exists()
        assert not Telling.objects.exists()


def test_what_waits_for_an_answer_stands_on_the_first_page(told):
    owner, (advisory, _) = told
    client = signed_in("ciso@korst.example", owner)
    assert "Beantwoord advies DW-2026-0001: Lek in FortiOS" in client.get(f"/home/{owner.id}").content.decode()
    client.post(f"/mine/advisories/{advisory}", {"organisation": str(owner.id), "answer": "patched"})
    assert "Beantwoord advies" not in client.get(f"/home/{owner.id}").content.decode()
