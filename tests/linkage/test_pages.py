"""The pages of merging, as an officer and an auditor see them."""

import io

import pytest
from tests.accounts.people import person
from tests.registry.people import OFFICER

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.rooms.linkage import actions, reads, work
from dijkwacht.rooms.linkage.models import Joining, Merge, SourceRecord
from dijkwacht.rooms.registry.models import Organisation

pytestmark = pytest.mark.django_db
HOSTILE = '<script>alert("x")</script>'
MAPPING = b'[columns]\nname = "name"\nkvk = "kvk"\nstreet = "street"\npostcode = "postcode"\n'
DTC = b"name,kvk,street,postcode\nZilverbakker B.V.,41234567,Kade 1,1234 AB\n"
NCSC = b"name,kvk,street,postcode\nZilverbakker Holding B.V.,41234567,Kade 1,1234 AB\n<b>Twee,,,\n"


def signed_in(client, role, mail):
    client.force_login(person(mail, centre=[role], language="en"))
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def officer(client):
    return signed_in(client, CentreRole.OFFICER, "officer@centre.example")


def file(name, content):
    found = io.BytesIO(content)
    found.name = name
    return found


def hand_in(client, mapping=MAPPING, **files):
    listed = [file(f"{name}.csv", content) for name, content in files.items()]
    return client.post("/merging/new", {"title": "Two", "mapping": file("m.toml", mapping), "registers": listed})


def centre(read):
    with tenancy.acting(OFFICER):
        return read()


def applied(client):
    hand_in(client, dtc=DTC, ncsc=NCSC)
    merge = centre(Merge.objects.get)
    work.link(merge.id)
    client.post(f"/merging/merges/{merge.id}/apply")
    work.apply(merge.id)
    return merge


def test_an_officer_hands_in_sees_the_dry_run_applies_it_and_answers(officer):
    answer = hand_in(officer, dtc=DTC, ncsc=NCSC)
    merge = centre(Merge.objects.get)
    assert answer.headers["Location"] == f"/merging/merges/{merge.id}"
    assert "being linked" in officer.get(f"/merging/merges/{merge.id}").content.decode()
    work.link(merge.id)
    shown = officer.get(f"/merging/merges/{merge.id}").content.decode()
    assert "What would happen" in shown
    assert centre(Organisation.objects.count) == 0
    officer.post(f"/merging/merges/{merge.id}/apply")
    work.apply(merge.id)
    assert "What happened" in officer.get(f"/merging/merges/{merge.id}").content.decode()
    pair = centre(lambda: reads.pairs_for(OFFICER).get())
    page = officer.get(f"/merging/pairs/{pair.id}").content.decode()
    assert "the names point to different companies of one group" in page
    assert "the same number" in page
    assert "≠ differs" in page
    officer.post(f"/merging/pairs/{pair.id}", {"answer": "same"})
    assert centre(Organisation.objects.filter(active=True).count) == 2
    joining = centre(Joining.objects.get)
    sources = officer.get(f"/merging/organisations/{joining.kept_id}").content.decode()
    assert "Take apart" in sources
    officer.post(f"/merging/joinings/{joining.id}/undo", {"reason": "two after all"})
    assert centre(Organisation.objects.filter(active=True).count) == 3
    again = officer.post(f"/merging/joinings/{joining.id}/undo", {"reason": "again"}, follow=True)
    assert "was undone already" in again.content.decode()


def test_an_undoing_needs_a_reason_and_says_so(officer):
    applied(officer)
    pair = centre(lambda: reads.pairs_for(OFFICER).get())
    officer.post(f"/merging/pairs/{pair.id}", {"answer": "same"})
    joining = centre(Joining.objects.get)
    shown = officer.post(f"/merging/joinings/{joining.id}/undo", {"reason": " "}, follow=True)
    assert "reason" in shown.content.decode()
    assert centre(Joining.objects.get).undone_at is None


def test_a_mapping_that_is_wrong_is_refused_on_the_page(officer):
    answer = hand_in(officer, mapping=b'[columns]\nnaem = "name"', dtc=DTC)
    assert answer.status_code == 422
    assert "unknown field" in answer.content.decode()
    assert centre(Merge.objects.count) == 0


def test_what_a_register_holds_is_text_on_every_page(officer):
    merge = applied(officer)
    record = centre(lambda: SourceRecord.objects.get(source="ncsc", row=2))
    page = officer.get(f"/merging/organisations/{record.organisation_id}").content.decode()
    assert "&lt;b&gt;Twee" in page
    assert "<b>Twee" not in page
    assert merge.title == "Two"


def test_an_auditor_reads_and_can_change_nothing(officer, client):
    applied(officer)
    pair = centre(lambda: reads.pairs_for(OFFICER).get())
    auditor = signed_in(client, CentreRole.AUDITOR, "auditor@centre.example")
    page = auditor.get(f"/merging/pairs/{pair.id}").content.decode()
    assert 'value="same"' not in page
    assert auditor.post(f"/merging/pairs/{pair.id}", {"answer": "same"}).status_code == 403
    assert auditor.get("/merging/new").status_code == 403


def test_a_dry_run_can_be_withdrawn(officer):
    hand_in(officer, dtc=DTC)
    merge = centre(Merge.objects.get)
    work.link(merge.id)
    officer.post(f"/merging/merges/{merge.id}/withdraw")
    assert centre(Merge.objects.get).state == "withdrawn"
    with tenancy.acting(OFFICER), pytest.raises(actions.merges.WrongState):
        actions.apply_merge(actor=OFFICER, merge=merge.id)
