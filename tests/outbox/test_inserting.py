"""Many rows with one statement: what `bulk_create` promises holds here too."""

import pytest
from django.db import DataError, IntegrityError, ProgrammingError, transaction

from dijkwacht.kernel.actor import ANONYMOUS, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event, Pending
from dijkwacht.platform.database.inserting import insert
from dijkwacht.platform.outbox.models import Message

TEST = system("test")


def message(name: str, **fields) -> Message:
    return Message(
        **{
            "channel": "mail",
            "recipient": f"{name}@korst.example",
            "message_id": f"<{name}@centre.example>",
            "body": b"\x00\xff\\\r\n'",
            "dedupe_key": name,
            **fields,
        }
    )


def event(**fields) -> Event:
    return Event(
        action="test", object_type="x", object_id="1", result="ok", actor_kind="system", actor_id="t", **fields
    )


@pytest.mark.django_db
def test_a_row_comes_back_as_it_went_in():
    made = message("a", last_error="“é”, {1,2}, \\N, NULL", doubt_at=None, attempts=3)
    with tenancy.acting(TEST):
        insert([made, message("b")], at_once=1)
        found = Message.objects.get(id=made.id)
    fields = [field.attname for field in Message._meta.concrete_fields if field.attname != "body"]
    assert [getattr(found, name) for name in fields] == [getattr(made, name) for name in fields]
    assert bytes(found.body) == made.body


@pytest.mark.django_db
def test_a_row_can_be_changed_after_it_was_inserted():
    made = message("a")
    with tenancy.acting(TEST):
        insert([made])
        made.recipient = "b@korst.example"
        made.save()
        assert Message.objects.get().recipient == "b@korst.example"


@pytest.mark.django_db
def test_only_the_rows_that_are_new_are_added_when_known_ones_are_skipped():
    first, again, other = message("a"), message("a", message_id="<other@centre.example>"), message("b")
    with tenancy.acting(TEST):
        assert insert([first], skip_known=True) == {first.id}
        assert insert([again, other], skip_known=True) == {other.id}
        with pytest.raises(IntegrityError), transaction.atomic():
            insert([message("a")])


@pytest.mark.django_db
def test_a_text_that_is_too_long_is_refused_and_not_cut():
    with tenancy.acting(TEST), pytest.raises(DataError), transaction.atomic():
        insert([message("a", dedupe_key="x" * 201)])


@pytest.mark.django_db
def test_a_stranger_cannot_insert_what_he_may_not_write():
    with tenancy.acting(ANONYMOUS), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        insert([message("a")])


@pytest.mark.django_db
def test_each_event_of_one_statement_waits_for_its_place_in_the_tree():
    made = [event(detail={"n": number, "text": "é\\"}) for number in range(3)]
    insert(made)
    assert set(Pending.objects.values_list("event_id", flat=True)) >= {one.id for one in made}
    assert Event.objects.get(id=made[2].id).detail == {"n": 2, "text": "é\\"}
