"""From a text to a published version: two people, a gate, a number, and nothing that changes afterwards."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pysequoia
import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from tests.advisories.written import APPROVER, ONE, WRITER, WRITTEN, again, modules, own_database, published

from dijkwacht.kernel.actor import ANONYMOUS
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.advisories.delivery.library import Shelf
from dijkwacht.rooms.advisories.events import advisory_published
from dijkwacht.rooms.advisories.publishing import signing
from dijkwacht.rooms.advisories.statements import Status
from dijkwacht.rooms.advisories.writing import actions, errors, reads
from dijkwacht.rooms.advisories.writing.content import Content, Line, Text, Vulnerability
from dijkwacht.rooms.advisories.writing.models import Advisory, Document, Version

__all__ = ["modules", "own_database"]
pytestmark = pytest.mark.usefixtures("modules")


@pytest.mark.django_db
def test_a_text_of_one_is_published_by_another_with_a_number_hashes_and_a_signature():
    heard = []
    advisory_published.connect(lambda **said: heard.append(said), weak=False, dispatch_uid="test")
    try:
        version = published()
    finally:
        advisory_published.disconnect(dispatch_uid="test")
    with tenancy.acting(APPROVER):
        documents = {one.csaf: one for one in version.documents.all()}
        assert Event.objects.filter(action="advisories:advisory:publish", object_id=str(version.advisory_id)).exists()
    assert version.number.startswith("DW-20")
    assert set(documents) == {"2.0", "2.1"}
    certificate = pysequoia.Cert.from_bytes(signing.current().public.encode())
    for one in documents.values():
        assert json.loads(bytes(one.body))["document"]["tracking"]["id"] == version.number
        signature = pysequoia.Sig.from_bytes(one.signature.encode())
        assert pysequoia.verify(bytes(one.body), store=lambda _: [certificate], signature=signature).valid_sigs
    assert [(one["advisory"], one["version"]) for one in heard] == [(version.advisory_id, 1)]


@pytest.mark.django_db
def test_who_wrote_it_or_offered_it_may_not_approve_it():
    with tenancy.acting(WRITER):
        row = actions.begin(actor=WRITER, content=WRITTEN)
        actions.offer(actor=WRITER, advisory=row.id, change=1, summary=Text())
        with pytest.raises(errors.FourEyes):
            actions.approve(actor=WRITER, advisory=row.id)
    with tenancy.acting(APPROVER):
        actions.give_back(actor=APPROVER, advisory=row.id, reason="Which versions?")
        row.refresh_from_db()
        actions.offer(actor=APPROVER, advisory=row.id, change=row.change, summary=Text())
        with pytest.raises(errors.FourEyes):
            actions.approve(actor=APPROVER, advisory=row.id)  # offered it
        with pytest.raises(errors.FourEyes):
            actions.approve(actor=WRITER, advisory=row.id)  # wrote it


@pytest.mark.django_db
def test_who_saves_on_an_older_text_is_told_and_overwrites_nothing():
    with tenancy.acting(WRITER):
        row = actions.begin(actor=WRITER, content=WRITTEN)
        mine = msgspec.structs.replace(WRITTEN, affected=Text(nl="mijn", en="mine"))
        actions.save(actor=WRITER, advisory=row.id, content=mine, change=1)
        with pytest.raises(errors.ChangedMeanwhile) as told:
            actions.save(actor=APPROVER, advisory=row.id, content=WRITTEN, change=1)
        assert WRITER.name in told.value.text("nl")
        row.refresh_from_db()
        assert reads.content_of(row) == mine


@pytest.mark.django_db
def test_a_published_version_never_changes_not_even_by_a_mistake_of_ours():
    version = published()
    with tenancy.acting(APPROVER):
        for change in (
            lambda: Version.objects.filter(id=version.id).update(title_nl="Anders"),
            lambda: Document.objects.filter(version=version).update(body=b"{}"),
            lambda: Document.objects.filter(version=version).delete(),
        ):
            with pytest.raises(DatabaseError, match="never"), transaction.atomic():
                change()


@pytest.mark.django_db
def test_a_correction_and_a_withdrawal_are_next_versions_of_the_same_file():
    first = published()
    second = again(first, msgspec.structs.replace(WRITTEN, likelihood="medium"))
    third = again(second, None, nl="Bleek onjuist", en="Proved wrong", withdrawing=True)
    with tenancy.acting(APPROVER):
        rows = list(Document.objects.filter(advisory_id=first.advisory_id, csaf="2.1").order_by("version__version"))
    assert [one.newest for one in rows] == [False, False, True]
    assert len({one.path for one in rows}) == 1
    last = json.loads(bytes(rows[-1].body))
    assert last["document"]["category"] == "csaf_withdrawn"
    assert "vulnerabilities" not in last
    told = [one["summary"] for one in last["document"]["tracking"]["revision_history"]]
    assert told == ["First version", "Completed", "Proved wrong"]
    assert (third.version, third.withdrawn) == (3, True)


@pytest.mark.django_db
def test_what_the_validators_refuse_is_not_published_and_the_writer_sees_which_test_and_where():
    only_fixed = msgspec.structs.replace(ONE, lines=(Line("Zwaluw", "Poort", "2.0", status=Status.FIXED),))
    with tenancy.acting(WRITER):
        row = actions.begin(actor=WRITER, content=msgspec.structs.replace(WRITTEN, vulnerabilities=(only_fixed,)))
        with pytest.raises(errors.GateClosed) as told, transaction.atomic():
            actions.offer(actor=WRITER, advisory=row.id, change=1, summary=Text())
        assert "6.1.27" in str(told.value)
        assert "/vulnerabilities/0" in str(told.value)
        assert Advisory.objects.get(id=row.id).state == "draft"


@pytest.mark.django_db
def test_nothing_is_published_where_a_validator_is_missing(settings, tmp_path):
    settings.NODE_MODULES = tmp_path
    with tenancy.acting(WRITER):
        row = actions.begin(actor=WRITER, content=WRITTEN)
        with pytest.raises(errors.ValidatorMissing, match="dijkwacht assets"), transaction.atomic():
            actions.offer(actor=WRITER, advisory=row.id, change=1, summary=Text())


@pytest.mark.parametrize("content", [Content(), msgspec.structs.replace(WRITTEN, summary=Text(nl="alleen dit"))])
@pytest.mark.django_db
def test_half_a_text_is_not_offered(content):
    with tenancy.acting(WRITER):
        row = actions.begin(actor=WRITER, content=content)
        with pytest.raises(errors.NotComplete):
            actions.offer(actor=WRITER, advisory=row.id, change=1, summary=Text())


@pytest.mark.django_db
def test_the_numbers_have_no_gap_where_one_was_refused():
    numbers = [published().number]
    bad = msgspec.structs.replace(WRITTEN, vulnerabilities=(Vulnerability("CVE-2026-99003", lines=()),))
    with tenancy.acting(WRITER):
        row = actions.begin(actor=WRITER, content=bad)
        Advisory.objects.filter(id=row.id).update(state="offered", offered_by=WRITER.id)
    numbers.append(published().number)
    assert [int(one[-4:]) for one in numbers] == [int(numbers[0][-4:]), int(numbers[0][-4:]) + 1]


def test_two_who_publish_at_the_same_moment_get_two_numbers(own_database):
    with tenancy.acting(WRITER):
        rows = [actions.begin(actor=WRITER, content=WRITTEN) for _ in range(4)]
        for row in rows:
            actions.offer(actor=WRITER, advisory=row.id, change=1, summary=Text())

    def approve(row):
        try:
            with tenancy.acting(APPROVER):
                return actions.approve(actor=APPROVER, advisory=row.id).number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        numbers = sorted(pool.map(approve, rows))
    counted = [int(one[-4:]) for one in numbers]
    assert counted == list(range(counted[0], counted[0] + 4))


@pytest.mark.django_db
def test_somebody_without_account_reads_what_is_clear_and_nothing_else():
    clear = published()
    amber = published(msgspec.structs.replace(WRITTEN, tlp="AMBER"))
    with tenancy.acting(ANONYMOUS):
        assert list(Version.objects.values_list("number", flat=True)) == [clear.number]  # the database itself
        assert reads.published(ANONYMOUS, clear.number).number == clear.number
        with pytest.raises(errors.AdvisoryNotFound):
            reads.published(ANONYMOUS, amber.number)
        assert not Advisory.objects.exists()


@pytest.mark.django_db
def test_of_many_versions_only_those_that_are_asked_for_speak():
    second = again(published(), msgspec.structs.replace(WRITTEN, likelihood="medium"))
    wanted = [(second.advisory_id, 2), *((uuid.uuid4(), 1) for _ in range(600))]
    with tenancy.acting(APPROVER):
        assert list(Shelf().versions(wanted)) == [(second.advisory_id, 2)]
        statements = Shelf().statements(wanted)
        assert statements.height == len(ONE.lines)
