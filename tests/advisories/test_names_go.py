"""Who wrote, approved and judged becomes a pseudonym after the term of the law; what was published stays as it was."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone
from tests.advisories.said import TAKER, matter_of, take
from tests.advisories.said import cve as record
from tests.advisories.written import published
from tests.registry.people import OFFICER

from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.sourcing import actions as sourcing
from dijkwacht.rooms.advisories.sourcing.models import Joining
from dijkwacht.rooms.advisories.writing.models import Version
from dijkwacht.rooms.registry.actions.retention import forget_due

pytestmark = pytest.mark.django_db


def forget(months):
    with tenancy.acting(OFFICER):
        forget_due(actor=OFFICER, now=timezone.now() + timedelta(days=31 * months))


def test_who_wrote_and_approved_becomes_a_pseudonym_and_nothing_else_of_a_version_changes():
    published()
    with tenancy.acting(TAKER):
        before = Version.objects.values().get()
    forget(50)
    with tenancy.acting(TAKER):
        assert Version.objects.values().get() == before
    forget(61)
    with tenancy.acting(TAKER):
        after = Version.objects.values().get()
    assert {name for name in before if before[name] != after[name]} == {"written_by", "approved_by"}
    assert after["written_by"][0] == after["approved_by"][0] == "~"
    assert after["written_by"] != after["approved_by"]


@pytest.mark.parametrize("change", [{"written_by": "somebody else"}, {"title_nl": "Anders"}])
def test_a_version_takes_no_other_name_and_no_other_word(change):
    published()
    with tenancy.acting(TAKER), pytest.raises(ProgrammingError, match="never changes"), transaction.atomic():
        Version.objects.update(**change)


def test_why_two_matters_were_joined_goes_and_that_they_were_stays():
    take(record("CVE-2026-5001"), record("CVE-2026-5002"))
    with tenancy.acting(TAKER):
        sourcing.join(actor=TAKER, matter=matter_of("CVE-2026-5001").id, other="CVE-2026-5002", reason="Jan zag het")
    forget(61)
    with tenancy.acting(TAKER):
        assert Joining.objects.get().reason == ""
