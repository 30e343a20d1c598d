"""An officer puts two organisations side by side, tries what joining would move, and joins them."""

from uuid import uuid4

import pytest
from tests.accounts.people import person
from tests.notification import world
from tests.registry.people import OFFICER

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.rooms.linkage import comparing
from dijkwacht.rooms.linkage.models import Joining
from dijkwacht.rooms.registry.models import Asset, Organisation

pytestmark = pytest.mark.django_db
PAGE = "/merging/join"


@pytest.fixture
def officer(client):
    user = person("officer@centre.example", centre=[CentreRole.OFFICER], language="en")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def two():
    with tenancy.acting(OFFICER):
        kept = world.organisation("Bakkerij De Korenaar B.V.", mail="info@korenaar.example")
        gone = world.organisation("Bakkerij de Korenaar", mail="info@korenaar.example")
        Asset.objects.create(organisation=gone, kind="domain", value="korenaar.example", status="verified")
        Organisation.objects.filter(id__in=[kept.id, gone.id]).update(kvk="41234567")
    return kept, gone


def text(answer):
    return answer.content.decode()


def test_both_are_found_by_one_search_or_by_two(officer, two):
    kept, gone = two
    with tenancy.acting(OFFICER):
        Organisation.objects.filter(id=gone.id).update(name="Molen Zeezicht")
    found = text(officer.get(PAGE, {"words": "korenaar", "other": "zeezicht"}))
    assert f'name="kept" value="{kept.id}"' in found
    assert f'name="gone" value="{gone.id}"' in found


def test_side_by_side_with_evidence_weight_and_what_would_move_and_nothing_changes(officer, two):
    kept, gone = two
    shown = text(officer.get(PAGE, {"kept": kept.id, "gone": gone.id}))
    assert "Match weight" in shown
    assert "1 assets" in shown
    assert "1 contacts" in shown
    with tenancy.acting(OFFICER):
        assert not Joining.objects.exists()
        assert Organisation.objects.filter(active=True).count() == 2
        assert Asset.objects.get().organisation_id == gone.id


def test_the_weight_is_that_of_the_review_queue(two):
    with tenancy.acting(OFFICER):
        alike = comparing.likeness(*Organisation.objects.order_by("created_at"))
        stranger = world.organisation("Gemeente Zuiderveen", mail="")
        assert comparing.likeness(two[0], stranger) is None
    assert alike.weight > 0
    assert {one.comparison for one in alike.evidence} >= {"number", "name", "mail"}


def test_joining_leads_to_the_kept_organisation(officer, two):
    kept, gone = two
    answer = officer.post(PAGE, {"kept": kept.id, "gone": gone.id, "reason": "one legal person"})
    assert answer.headers["Location"] == f"/merging/organisations/{kept.id}"
    with tenancy.acting(OFFICER):
        assert Joining.objects.get().reason == "one legal person"
        assert Asset.objects.get().organisation_id == kept.id


@pytest.mark.parametrize("wrong", ["the same twice", "not there", "no identifier", "without a reason"])
def test_what_cannot_be_joined_is_said_and_nothing_changes(officer, two, wrong):
    kept, gone = two
    sent = {"kept": kept.id, "gone": gone.id, "reason": "x"} | {
        "the same twice": {"gone": kept.id},
        "not there": {"gone": uuid4()},
        "no identifier": {"gone": "<script>"},
        "without a reason": {"reason": ""},
    }[wrong]
    answer = officer.post(PAGE, sent, follow=True)
    assert answer.status_code == 200
    assert 'role="alert"' in text(answer)
    with tenancy.acting(OFFICER):
        assert not Joining.objects.exists()
