"""A measure is edited by one and approved by another, from a day on; nothing is overwritten; lessons lead to it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.accounts.people import person
from tests.registry.people import ANALYST, OFFICER, administrator

from dijkwacht.kernel.actor import Actor, CentreRole, Kind, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.knowledge import published
from dijkwacht.rooms.knowledge.editing import actions, due, reads
from dijkwacht.rooms.knowledge.editing.actions import Edit
from dijkwacht.rooms.knowledge.editing.models import Revision
from dijkwacht.rooms.knowledge.errors import (
    ChangedMeanwhile,
    NameTaken,
    NotAllowed,
    NotFound,
    NotWaiting,
    OwnRevision,
    TextNotUsable,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
AUDITOR = Actor(kind=Kind.PERSON, id="auditor", roles=frozenset({CentreRole.AUDITOR}))


def text(title="Een tweede sleutel", **more):
    made = published.entry("use-mfa").text.replace("Gebruik een tweede factor (MFA)", title)
    for old, new in more.items():
        made = made.replace(old, new)
    return made


def write(actor, base=0, days=0, **more):
    fields = {"text": text(), "why": "duidelijker", "owner": ""} | more
    edit = Edit(base=base, publish_on=TODAY() + timedelta(days=days), **fields)
    with tenancy.acting(actor):
        return actions.write(actor=actor, measure="use-mfa", edit=edit)


def approved(days=0, **more):
    row = write(ANALYST, days=days, **more)
    with tenancy.acting(ANALYST):
        actions.propose(actor=ANALYST, revision=row.id)
    with tenancy.acting(OFFICER):
        return actions.decide(actor=OFFICER, revision=row.id, yes=True, reason="")


def title():
    return published.entry("use-mfa").measure.nl.title


def test_what_a_second_person_approved_takes_the_place_of_the_file():
    assert title() == "Gebruik een tweede factor (MFA)"
    approved()
    assert (title(), published.entry("use-mfa").number) == ("Een tweede sleutel", 1)


def test_what_is_to_be_published_later_is_not_there_before_its_day():
    approved(days=3)
    assert title() == "Gebruik een tweede factor (MFA)"
    assert published.entries(on=TODAY() + timedelta(days=3))["use-mfa"].measure.nl.title == "Een tweede sleutel"


def test_an_older_revision_is_not_approved_over_a_newer_one():
    older = write(ANALYST)
    with tenancy.acting(ANALYST):
        actions.propose(actor=ANALYST, revision=older.id)
    approved(base=1, text=text("Een derde sleutel"))
    with tenancy.acting(OFFICER):
        with pytest.raises(ChangedMeanwhile, match="version 2"):
            actions.decide(actor=OFFICER, revision=older.id, yes=True, reason="")
        actions.decide(actor=OFFICER, revision=older.id, yes=False, reason="achterhaald")
    assert title() == "Een derde sleutel"


def test_a_newer_revision_that_is_already_published_is_not_undone_when_the_day_of_an_older_one_comes():
    approved(days=3)
    approved(base=1, text=text("Een derde sleutel"))
    assert published.entries(on=TODAY() + timedelta(days=5))["use-mfa"].measure.nl.title == "Een derde sleutel"


def test_who_wrote_it_does_not_approve_it():
    row = write(OFFICER)
    with tenancy.acting(OFFICER):
        actions.propose(actor=OFFICER, revision=row.id)
        with pytest.raises(OwnRevision):
            actions.decide(actor=OFFICER, revision=row.id, yes=True, reason="")
    assert title() == "Gebruik een tweede factor (MFA)"


def test_a_draft_is_not_approved_before_it_is_proposed_and_nothing_twice():
    row = write(ANALYST)
    with tenancy.acting(OFFICER), pytest.raises(NotWaiting):
        actions.decide(actor=OFFICER, revision=row.id, yes=True, reason="")
    done = approved(base=1)
    with tenancy.acting(OFFICER), pytest.raises(NotWaiting):
        actions.decide(actor=OFFICER, revision=done.id, yes=False, reason="nee")


def test_a_refusal_says_why():
    row = write(ANALYST)
    with tenancy.acting(ANALYST):
        actions.propose(actor=ANALYST, revision=row.id)
    with tenancy.acting(OFFICER):
        with pytest.raises(TextNotUsable):
            actions.decide(actor=OFFICER, revision=row.id, yes=False, reason=" ")
        assert actions.decide(actor=OFFICER, revision=row.id, yes=False, reason="onjuist").state == "refused"
    assert title() == "Gebruik een tweede factor (MFA)"


def test_a_new_measure_is_published_once_a_second_person_approved_it():
    new = Edit(text=text("Iets nieuws"), why="het ontbrak", base=0, publish_on=TODAY())
    with tenancy.acting(ANALYST):
        row = actions.begin(actor=ANALYST, measure="something-new", edit=new)
        assert reads.access_measure(ANALYST, "something-new") is None  # in the making
        actions.propose(actor=ANALYST, revision=row.id)
    with pytest.raises(NotFound):
        published.entry("something-new")
    with tenancy.acting(OFFICER):
        actions.decide(actor=OFFICER, revision=row.id, yes=True, reason="")
    assert published.entry("something-new").measure.nl.title == "Iets nieuws"


@pytest.mark.parametrize(
    ("name", "refused"),
    [("use-mfa", NameTaken), ("begun", NameTaken), ("Not A Name", TextNotUsable), ("x" * 61, TextNotUsable)],
)
def test_a_new_measure_takes_no_name_that_is_there_and_none_that_is_no_address(name, refused):
    new = Edit(text=text(), why="het ontbrak", base=0, publish_on=TODAY())
    with tenancy.acting(ANALYST):
        actions.begin(actor=ANALYST, measure="begun", edit=new)
        with pytest.raises(refused):
            actions.begin(actor=ANALYST, measure=name, edit=new)
        with pytest.raises(NotFound):
            actions.write(actor=ANALYST, measure="nowhere", edit=new)


def test_on_the_page_a_new_measure_is_written_looked_at_and_gone_on_with(client):
    client.force_login(person("schrijver@centre.example", centre=[CentreRole.ANALYST], language="en"))
    blank = client.get("/knowledge-desk/new").content.decode()
    assert "review_by" in blank
    said = {
        "name": "iets",
        "text": text("Iets"),
        "why": "x",
        "publish_on": TODAY().isoformat(),
        "owner": "",
        "base": "0",
    }
    assert "<h3" in client.post("/knowledge-desk/new", said | {"do": "preview"}).content.decode()
    kept = client.post("/knowledge-desk/new", said | {"do": "keep"})
    assert kept.status_code == 302
    page = client.get("/knowledge-desk/measures/iets")
    assert page.status_code == 200
    assert "Not published yet" in page.content.decode()
    assert client.post("/knowledge-desk/new", said | {"do": "keep"}).status_code == 409
    assert client.get("/knowledge-desk/measures/niets").status_code == 404


def test_an_edit_that_began_before_another_was_kept_is_refused_and_nothing_is_lost():
    write(ANALYST)
    with pytest.raises(ChangedMeanwhile) as caught:
        write(OFFICER, text=text("Iets anders"))
    assert caught.value.fields["version"] == 1
    with tenancy.acting(OFFICER):
        assert [row.text for row in Revision.objects.all()] == [text()]


BAD = [
    {"text": "geen maatregel"},
    {"text": "+++\n+++\n+++ en\n"},
    {"why": " "},
    {"owner": "geen adres"},
]


@pytest.mark.parametrize("more", BAD, ids=[str(at) for at in range(len(BAD))])
def test_a_text_that_is_not_in_order_is_refused(more):
    with pytest.raises(TextNotUsable):
        write(ANALYST, **more)


def test_html_in_a_text_is_refused_with_its_line():
    with pytest.raises(TextNotUsable) as caught:
        write(ANALYST, text=text() + "\n<script>alert(1)</script>\n")
    assert "line" in caught.value.fields["fault"]


def test_only_the_desk_edits(bakery):
    for actor in (administrator(bakery), AUDITOR):
        with pytest.raises(NotAllowed):
            write(actor)
        with tenancy.acting(actor), pytest.raises(NotAllowed):
            reads.shelf(actor, TODAY())


def test_a_lesson_leads_to_a_revision_that_takes_it_in():
    with tenancy.acting(OFFICER):
        lesson = actions.note_lesson(
            actor=OFFICER,
            measure="use-mfa",
            text="Aanvallers vroegen de helpdesk om een nieuwe factor.",
            source="oefening",
        )
        assert next(row for row in reads.shelf(OFFICER, TODAY()) if row.entry.measure.slug == "use-mfa").lessons == 1
    row = write(ANALYST, lesson=lesson.id)
    with tenancy.acting(OFFICER):
        found = reads.lessons_for(OFFICER).get(id=lesson.id)
        assert (found.state, found.revision_id) == ("taken", row.id)
        with pytest.raises(NotWaiting):
            actions.set_aside(actor=OFFICER, lesson=lesson.id, reason="te laat")


def test_the_desk_names_measures_by_their_titles_and_what_waits_in_words(client):
    with tenancy.acting(OFFICER):
        actions.note_lesson(actor=OFFICER, measure="use-mfa", text="De helpdesk gaf een nieuwe factor.", source="")
    row = write(ANALYST)
    with tenancy.acting(ANALYST):
        actions.propose(actor=ANALYST, revision=row.id)
    client.force_login(person("bureau@centre.example", centre=[CentreRole.OFFICER], language="nl"))
    desk = client.get("/knowledge-desk").content.decode()
    assert "<h3>Gebruik een tweede factor (MFA)</h3>" in desk
    assert f">Gebruik een tweede factor (MFA), {row.number}</a>" in desk
    assert "<td>1 herziening, 1 les</td>" in desk
    page = client.get(f"/knowledge-desk/revisions/{row.id}").content.decode()
    assert "<h1>Een tweede sleutel, herziening 1</h1>" in page


def test_a_lesson_is_set_aside_with_a_reason():
    with tenancy.acting(OFFICER):
        lesson = actions.note_lesson(actor=OFFICER, measure="use-mfa", text="Iets dat al beschreven staat.", source="")
        with pytest.raises(TextNotUsable):
            actions.set_aside(actor=OFFICER, lesson=lesson.id, reason="")
        assert actions.set_aside(actor=OFFICER, lesson=lesson.id, reason="staat er al").state == "aside"


def test_an_owner_is_mailed_once_when_a_measure_is_due(settings, monkeypatch):
    settings.KNOWLEDGE_MAIL = "kennis@centre.example"
    keeper = system("tests")
    late = timezone.now() + timedelta(days=2000)
    monkeypatch.setattr(due.timezone, "localdate", late.date)
    for _ in range(2):
        with tenancy.acting(keeper):
            assert due.tell_owners(actor=keeper) == 40
    with tenancy.acting(OFFICER):
        assert Message.objects.filter(recipient="kennis@centre.example").count() == 40
