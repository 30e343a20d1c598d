"""An administrator says yes to a product, to one text, and takes it back; both stay on record."""

import hashlib
from uuid import UUID

import pytest
from tests.registry.people import OFFICER, administrator, member, token

from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.services import actions, reads
from dijkwacht.rooms.services.errors import (
    DoesNotFit,
    KeptElsewhere,
    NotAllowed,
    NotFound,
    NothingToWithdraw,
    TextChanged,
)
from dijkwacht.rooms.services.models import Subscription

pytestmark = pytest.mark.django_db
ADVISORIES = {"product": "advisories", "version": 1, "language": "nl"}
OTHER = UUID(int=7)


@pytest.fixture
def bakery():
    with tenancy.acting(OFFICER):
        return registry.create_organisation(actor=OFFICER, name="Bakkerij Korst").id


def offer(actor, organisation, slug):
    row = reads.access_organisation(actor, organisation)
    return next(one for one in reads.offers_for(actor, row) if one.product.slug == slug)


def test_a_yes_holds_who_when_and_which_text_and_is_in_the_audit_log(bakery):
    with tenancy.acting(administrator(bakery)) as actor:
        made = actions.subscribe(actor=actor, organisation=bakery, **ADVISORIES)
        assert offer(actor, bakery, "advisories").state == "on"
    assert made.given_by == actor.id
    text = reads.product("advisories").consent.nl
    assert made.consent_sha256 == hashlib.sha256(text.encode()).hexdigest()
    logged = Event.objects.get(action="services:subscription:give")
    assert (logged.organisation, logged.detail["consent_version"]) == (bakery, 1)


def test_the_same_yes_twice_is_one(bakery):
    with tenancy.acting(administrator(bakery)) as actor:
        first, again = (actions.subscribe(actor=actor, organisation=bakery, **ADVISORIES) for _ in range(2))
    assert first.id == again.id


def test_a_withdrawn_yes_counts_no_more_and_stays_on_record(bakery):
    with tenancy.acting(administrator(bakery)) as actor:
        actions.subscribe(actor=actor, organisation=bakery, **ADVISORIES)
        actions.withdraw(actor=actor, organisation=bakery, product="advisories")
        assert offer(actor, bakery, "advisories").state == "off"
        with pytest.raises(NothingToWithdraw):
            actions.withdraw(actor=actor, organisation=bakery, product="advisories")
        row = Subscription.objects.get()
    assert (row.withdrawn_by, row.withdrawn_at is None) == (actor.id, False)
    with tenancy.acting(OFFICER):
        assert not reads.subscribers(OFFICER, "advisories").exists()


def test_a_yes_to_another_text_than_the_one_that_stands_is_refused(bakery):
    with tenancy.acting(administrator(bakery)) as actor, pytest.raises(TextChanged):
        actions.subscribe(actor=actor, organisation=bakery, product="advisories", version=2, language="nl")


def test_a_new_text_is_asked_again_and_the_old_yes_does_not_count_for_it(bakery, settings, tmp_path):
    settings.HOME = tmp_path
    with tenancy.acting(administrator(bakery)) as actor:
        actions.subscribe(actor=actor, organisation=bakery, **ADVISORIES)
        changed = (reads.catalogue.OURS / "advisories.toml").read_text().replace("version = 1", "version = 2")
        (tmp_path / "overlay" / "products").mkdir(parents=True)
        (tmp_path / "overlay" / "products" / "advisories.toml").write_text(changed)
        assert offer(actor, bakery, "advisories").state == "again"
        assert not reads.subscribers(actor, "advisories").exists()
        actions.subscribe(actor=actor, organisation=bakery, product="advisories", version=2, language="en")
        assert reads.subscribers(actor, "advisories").count() == 1
        assert Subscription.objects.filter(product="advisories").count() == 2


def test_only_an_administrator_of_the_organisation_decides_and_the_centre_never_for_it(bakery):
    for actor, refused in (
        (member(bakery), NotAllowed),
        (OFFICER, NotAllowed),
        (token(bakery, "services:read"), NotAllowed),
        (administrator(OTHER), NotFound),
    ):
        with tenancy.acting(actor), pytest.raises(refused):
            actions.subscribe(actor=actor, organisation=bakery, **ADVISORIES)
    with tenancy.acting(token(bakery, "services:write")) as actor:
        actions.subscribe(actor=actor, organisation=bakery, **ADVISORIES)


def test_notices_have_one_truth_the_contacts_preferences(bakery):
    with tenancy.acting(administrator(bakery)) as actor, pytest.raises(KeptElsewhere):
        actions.subscribe(actor=actor, organisation=bakery, product="notices", version=1, language="nl")
    with tenancy.acting(administrator(bakery)) as actor:
        assert offer(actor, bakery, "notices").state == "off"
    with tenancy.acting(OFFICER):
        registry.add_contact(actor=OFFICER, organisation=bakery, email="a@korst.example")
        made = registry.claim_asset(actor=OFFICER, organisation=bakery, kind="domain", value="korst.example")[0]
        registry.verify_asset(actor=OFFICER, asset=made.uid, evidence="seen")
    with tenancy.acting(administrator(bakery)) as actor:
        assert offer(actor, bakery, "notices").state == "on"


def test_a_scan_fits_only_who_has_shown_that_something_is_theirs(bakery):
    scan = {"product": "scan", "version": 1, "language": "nl"}
    with tenancy.acting(administrator(bakery)) as actor:
        assert not offer(actor, bakery, "scan").fits
        with pytest.raises(DoesNotFit):
            actions.subscribe(actor=actor, organisation=bakery, **scan)
    with tenancy.acting(OFFICER):
        made = registry.claim_asset(actor=OFFICER, organisation=bakery, kind="prefix", value="192.0.2.0/24")[0]
        registry.verify_asset(actor=OFFICER, asset=made.uid, evidence="seen")
    with tenancy.acting(administrator(bakery)) as actor:
        assert offer(actor, bakery, "scan").fits
        actions.subscribe(actor=actor, organisation=bakery, **scan)


def test_another_organisation_reads_none_of_it(bakery):
    with tenancy.acting(administrator(bakery)) as actor:
        actions.subscribe(actor=actor, organisation=bakery, **ADVISORIES)
    with tenancy.acting(OFFICER):
        other = registry.create_organisation(actor=OFFICER, name="Buur").id
    with tenancy.acting(administrator(other)):
        assert not Subscription.objects.exists(), "row-level security, under what the reads say"
