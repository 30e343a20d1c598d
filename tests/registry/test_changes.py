"""An organisation tells what changed, in time or late; the centre asks about what it learned elsewhere."""

import uuid
from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from dijkwacht.platform import tenancy
from dijkwacht.rooms.registry import actions, history, reads
from dijkwacht.rooms.registry.errors import InvalidField, NotAllowed, NotFound, WrongState
from dijkwacht.rooms.registry.upkeep import reads as upkeep_reads
from dijkwacht.rooms.registry.upkeep.terms import term
from dijkwacht.rooms.registry.vocabulary import NoticeState

from .people import ANALYST, OFFICER, administrator, member

pytestmark = pytest.mark.django_db
ARTICLE_47 = frozenset({"1.8-dns"})


@pytest.fixture(autouse=True)
def letters(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return mail.outbox


@pytest.fixture
def waterkant():
    with tenancy.acting(OFFICER):
        return actions.create_organisation(
            actor=OFFICER,
            name="Gemeente Waterkant",
            kind="organisation",
            classification="essential",
            emails=["griffie@waterkant.example"],
            kvk="12345678",
        )


def tell(organisation, actor=None, *, since=None, **changes):
    actor = actor or administrator(organisation.id)
    with tenancy.acting(actor):
        return actions.tell_change(
            actor=actor,
            organisation=organisation.id,
            effective_on=since or timezone.localdate(),
            changes=changes,
        )


def ask(organisation, actor=OFFICER, **proposed):
    with tenancy.acting(actor):
        return actions.ask_change(
            actor=actor, organisation=organisation.id, source="the business register", proposed=proposed
        )


def stored(organisation):
    with tenancy.acting(OFFICER):
        return reads.access_organisation(OFFICER, organisation.id)


@pytest.mark.parametrize(
    ("changed_on", "types", "due_on", "ground"),
    [
        ("2026-11-02", [], "2026-11-16", "Cbw 44(2)"),
        ("2026-11-02", ["1.5-provider"], "2026-11-16", "Cbw 44(2)"),
        ("2026-11-07", [], "2026-11-23", "Cbw 44(2)"),
        ("2026-12-11", [], "2026-12-28", "Cbw 44(2)"),
        ("2026-11-02", ["1.8-dns"], "2027-02-02", "Cbw 47(5)"),
        ("2026-11-30", ["1.5-provider", "1.8-dns"], "2027-03-01", "Cbw 47(5)"),
    ],
)
def test_the_term_is_two_weeks_or_three_months(changed_on, types, due_on, ground):
    assert term(date.fromisoformat(changed_on), types, ARTICLE_47) == (date.fromisoformat(due_on), ground)


def test_a_change_is_stored_at_once_and_its_history_names_the_article(waterkant):
    notice = tell(waterkant, name="Waterkant")
    assert stored(waterkant).name == "Waterkant"
    assert (notice.state, notice.late, notice.ground) == (NoticeState.TOLD, False, "Cbw 44(2)")
    with tenancy.acting(OFFICER):
        change = history.changes_of(OFFICER, waterkant.id)[0]
    assert (change.source, change.ground, change.values) == ("organisation", "Cbw 44(2)", {"name": "Waterkant"})


def test_a_change_of_long_ago_is_stored_and_marked_late(waterkant):
    notice = tell(waterkant, since=timezone.localdate() - timedelta(days=60), name="Waterkant")
    assert notice.late
    assert stored(waterkant).name == "Waterkant"


def test_a_digital_service_has_three_months(waterkant):
    with tenancy.acting(OFFICER):
        actions.update_organisation(actor=OFFICER, organisation=waterkant.id, entity_types=["1.8-dns"])
    notice = tell(waterkant, since=timezone.localdate() - timedelta(days=60), name="Waterkant")
    assert (notice.late, notice.ground) == (False, "Cbw 47(5)")


def test_what_is_the_same_is_no_change(waterkant):
    assert tell(waterkant, name="Gemeente Waterkant") is None


@pytest.mark.parametrize("field", ["classification", "active", "kind", "kvk", "oin", "id", "demo"])
def test_who_one_is_and_what_the_law_makes_of_it_an_organisation_does_not_change_itself(waterkant, field):
    with pytest.raises(InvalidField):
        tell(waterkant, **{field: "87654321"})


@pytest.mark.parametrize("since", ["", "soon", timezone.localdate() + timedelta(days=1)])
def test_the_day_of_the_change_is_known_and_past(waterkant, since):
    own = administrator(waterkant.id)
    with pytest.raises(InvalidField), tenancy.acting(own):
        actions.tell_change(actor=own, organisation=waterkant.id, effective_on=since, changes={"name": "W"})


def test_a_member_and_a_stranger_tell_nothing(waterkant):
    with pytest.raises(NotAllowed):
        tell(waterkant, member(waterkant.id), name="W")
    with pytest.raises(NotFound):
        tell(waterkant, administrator(uuid.uuid4()), name="W")


def test_the_centre_asks_by_mail_without_a_value_in_it(waterkant, letters):
    notice = ask(waterkant, name="Waterkant-Zuid")
    assert (notice.state, notice.proposed) == (NoticeState.ASKED, {"name": "Waterkant-Zuid"})
    (letter,) = letters
    assert letter.to == ["griffie@waterkant.example"]
    assert f"/registry/organisations/{waterkant.id}/change" in letter.body
    assert "Waterkant-Zuid" not in letter.subject + letter.body


def test_what_was_asked_is_not_asked_twice_and_what_is_the_same_not_once(waterkant, letters):
    assert ask(waterkant, name="Gemeente Waterkant") is None
    assert ask(waterkant, name="Waterkant-Zuid") is not None
    assert ask(waterkant, name="Waterkant-Zuid") is None
    assert len(letters) == 1


def test_telling_the_change_answers_the_question(waterkant):
    asked = ask(waterkant, name="Waterkant-Zuid")
    tell(waterkant, name="Waterkant-Zuid")
    with tenancy.acting(OFFICER):
        assert upkeep_reads.access_change_notice(OFFICER, asked.id).state == NoticeState.TOLD
        assert not upkeep_reads.change_notices_for(OFFICER, state=NoticeState.ASKED).exists()


def test_that_nothing_changed_takes_a_reason_and_is_said_once(waterkant):
    asked, own = ask(waterkant, name="Waterkant-Zuid"), administrator(waterkant.id)
    with tenancy.acting(own):
        with pytest.raises(InvalidField):
            actions.dismiss_change(actor=own, change_notice=asked.id, reason=" ")
        actions.dismiss_change(actor=own, change_notice=asked.id, reason="that is another Waterkant")
        with pytest.raises(WrongState):
            actions.dismiss_change(actor=own, change_notice=asked.id, reason="again")
    assert stored(waterkant).name == "Gemeente Waterkant"


def test_an_organisation_sees_no_question_to_another(waterkant):
    asked, stranger = ask(waterkant, name="Waterkant-Zuid"), administrator(uuid.uuid4())
    with tenancy.acting(stranger):
        assert not upkeep_reads.change_notices_for(stranger).exists()
        with pytest.raises(NotFound):
            actions.dismiss_change(actor=stranger, change_notice=asked.id, reason="x")


def test_who_does_not_answer_is_reminded_each_week(waterkant, letters):
    ask(waterkant, name="Waterkant-Zuid")
    now = timezone.now()

    def remind(days):
        with tenancy.acting(OFFICER):
            return actions.remind_of_changes(actor=OFFICER, now=now + timedelta(days=days))

    assert [remind(days) for days in (1, 8, 9, 16)] == [0, 1, 0, 1]
    assert len(letters) == 3
    assert "herinnering" in letters[-1].subject.lower()


def test_only_an_officer_asks(waterkant):
    for actor in (ANALYST, administrator(waterkant.id)):
        with pytest.raises(NotAllowed):
            ask(waterkant, actor, name="W")
