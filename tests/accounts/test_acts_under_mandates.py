"""Who gave a mandate reads what was done with it: about itself, and nothing of what its holder did for others."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone
from tests.accounts.people import ADMINISTRATOR, REPORTER, TESTER, person

from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import actors, acts
from dijkwacht.platform.accounts.errors import NotAllowed
from dijkwacht.platform.accounts.models import ActingMandate
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry.models import Organisation

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def world(settings):
    """Two organisations that let the people of a provider act for them."""
    settings.DEMO = True
    today = timezone.localdate()
    with tenancy.acting(TESTER):
        one, other, provider = (
            Organisation.objects.create(name=name).id for name in ("Bakkerij", "Slagerij", "Beheerder")
        )
        mandates = [
            ActingMandate.objects.create(
                organisation_id=giver, holder_kind="organisation", holder_id=provider, roles=["reporter"],
                state="granted", starts_on=today, ends_on=today + timedelta(days=9),
            )
            for giver in (one, other)
        ]  # fmt: skip
    worker = person("nora@beheerder.example", organisations={provider: REPORTER}, name="Nora")
    return one, other, mandates, worker


def done(worker, organisation, action):
    actor = actors.of_user(worker, second_factor=True)
    with tenancy.acting(actor):
        record(actor=actor, action=action, target=("report", "x"), organisation=organisation)


def test_the_giver_reads_what_was_done_for_it_and_not_what_was_done_for_another(world, client):
    one, other, (mandate, second), worker = world
    done(worker, one, "reporting:report:file")
    done(worker, other, "reporting:message:send")
    head = person("head@bakkerij.example", organisations={one: ADMINISTRATOR})
    client.force_login(head, backend=BACKEND)
    shown = client.get(f"/account/mandates/{mandate.id}/acts").content.decode()
    assert "diende een melding van een incident in" in shown
    assert "Nora" in shown
    assert "nora@beheerder.example" not in shown
    assert "bericht" not in shown.partition("<main")[2].partition("</main>")[0]
    assert client.get(f"/account/mandates/{second.id}/acts").status_code == 404
    assert "/acts" in client.get("/account/mandates").content.decode()


def test_neither_its_holder_nor_a_reader_of_the_giver_reads_it(world, client):
    one, _other, (mandate, _second), worker = world
    done(worker, one, "reporting:report:file")
    for user in (worker, person("reader@bakkerij.example", organisations={one: REPORTER})):
        client.force_login(user, backend=BACKEND)
        assert client.get(f"/account/mandates/{mandate.id}/acts").status_code in {403, 404}
        with pytest.raises(NotAllowed):
            acts.acts_under(actors.of_user(user), mandate)


def test_what_the_log_has_no_words_for_is_shown_by_its_code(world):
    one, _other, (mandate, _second), worker = world
    done(worker, one, "registry:something:new")
    head = actors.of_user(person("head@bakkerij.example", organisations={one: ADMINISTRATOR}))
    with tenancy.acting(head):
        (act,) = acts.acts_under(head, mandate)
    assert (act.what, act.who, act.refused) == ("registry:something:new", "Nora", False)
    assert isinstance(mandate.id, UUID)
