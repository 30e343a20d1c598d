"""A file of an internet registry leaves the disk when nothing needs it any more; what it was stays known."""

import gzip
import shutil
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.utils import timezone
from tests.proof.conftest import new
from tests.proof.snapshots import SAMPLES, bring_in, compare, with_domain
from tests.registry.people import ANALYST, OFFICER

from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.proof import actions, rules, tasks
from dijkwacht.rooms.proof.errors import NotAllowed
from dijkwacht.rooms.proof.models import Challenge, Snapshot
from dijkwacht.rooms.proof.rules import Imported
from dijkwacht.rooms.proof.whois import store


@pytest.fixture(autouse=True)
def _empty_store():
    shutil.rmtree(store.folder(), ignore_errors=True)


def days_ago(number):
    return timezone.now() - timedelta(days=number)


def in_turn(tmp_path, *ages):
    """The same file again and again, packed differently so that each is another, one for each age in days."""
    for level, age in enumerate(ages, start=1):
        path = tmp_path / f"{level}.gz"
        path.write_bytes(gzip.compress((SAMPLES / "ripe.db").read_bytes(), level, mtime=level))
        row, fresh = bring_in(path, dated=date(2026, 1, 1) + timedelta(days=level))
        assert fresh
        with tenancy.acting(OFFICER):
            Snapshot.objects.filter(id=row.id).update(imported_at=days_ago(age))
        yield row


@pytest.fixture
def prune(django_capture_on_commit_callbacks):
    """Prune, and let what follows the end of the transaction happen."""

    def act(actor=OFFICER):
        with django_capture_on_commit_callbacks(execute=True), tenancy.acting(actor):
            return actions.prune_snapshots(actor=actor)

    return act


def on_disk(row):
    return (store.folder() / str(row.id)).exists()


@pytest.mark.django_db
def test_what_was_superseded_long_ago_leaves_the_disk_and_stays_known(tmp_path, prune):
    oldest, older, newest = in_turn(tmp_path, 300, 200, 10)
    assert prune() == 1
    assert [on_disk(row) for row in (oldest, older, newest)] == [False, True, True], "older was superseded 10 days ago"
    with tenancy.acting(OFFICER):
        kept = Snapshot.objects.get(id=oldest.id)
    assert (kept.sha256, kept.pruned_at is None) == (oldest.sha256, False)
    assert Event.objects.get(action="proof:snapshot:prune").object_id == str(oldest.id)
    assert [row.id for row in store.current(OFFICER, {"inetnum"})] == [newest.id]
    assert prune() == 0


@pytest.mark.django_db
def test_what_a_standing_proof_refers_to_stays_until_it_is_looked_at_again_in_a_newer_one(tmp_path, prune):
    organisation = new("Gemeente Voorbeeld", kvk="90000101")
    with_domain(organisation)
    rows = in_turn(tmp_path, 300, 200)
    first = next(rows)
    _, seen, challenge = compare(organisation, "192.0.2.0/24")
    assert seen.facts["snapshot"] == str(first.id)
    next(rows)
    with tenancy.acting(OFFICER):
        assert Challenge.objects.get(id=challenge.id).state == "proven"
    assert prune() == 0
    with tenancy.acting(OFFICER):
        Challenge.objects.filter(id=challenge.id).update(state="lost")
    assert prune() == 1
    assert not on_disk(first)


@pytest.mark.django_db
def test_the_job_does_it(tmp_path, django_capture_on_commit_callbacks):
    first, _ = in_turn(tmp_path, 300, 200)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.prune()
    assert not on_disk(first)


@pytest.mark.django_db
def test_an_analyst_may_not(prune):
    with pytest.raises(NotAllowed):
        prune(ANALYST)


A, B, C = (UUID(int=number) for number in (1, 2, 3))
T1, T2, T3 = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3))
CASES = [
    ([Imported(A, "RIPE", {"inetnum"}, T1)], {}),
    ([Imported(A, "RIPE", {"inetnum"}, T1), Imported(B, "RIPE", {"inetnum"}, T2)], {A: T2}),
    ([Imported(A, "RIPE", {"inetnum"}, T1), Imported(B, "ARIN", {"inetnum"}, T2)], {}),
    ([Imported(A, "RIPE", {"inetnum", "route"}, T1), Imported(B, "RIPE", {"inetnum"}, T2)], {}),
    (
        [
            Imported(A, "RIPE", {"inetnum", "route"}, T1),
            Imported(B, "RIPE", {"inetnum"}, T2),
            Imported(C, "RIPE", {"route"}, T3),
        ],
        {A: T3},
    ),
]


@pytest.mark.parametrize(("snapshots", "expected"), CASES, ids=[str(at) for at in range(len(CASES))])
def test_a_snapshot_counts_until_each_of_its_classes_has_a_newer_one_of_its_source(snapshots, expected):
    assert rules.superseded(snapshots) == expected
