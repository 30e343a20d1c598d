"""The first page of an organisation: what we know, what is due, what the law asks, what fits, each with why."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.accounts.people import ADMINISTRATOR, MEMBER, person
from tests.notification import world
from tests.registry.people import OFFICER, administrator

from dijkwacht.platform import tenancy
from dijkwacht.rooms.home import reads, visits
from dijkwacht.rooms.home.errors import NotFound
from dijkwacht.rooms.home.models import Visit
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry.models import Asset, Contact, Mandate, Organisation, Review, ReviewCampaign

pytestmark = pytest.mark.django_db
NOW = timezone.now


def home(organisation, *, since=None):
    actor = administrator(organisation.id)
    with tenancy.acting(actor):
        return reads.home_of(actor, reads.access_own(actor, organisation.id), since=since)


def codes(organisation):
    return [one.code for one in home(organisation).due]


def signed_in(client, organisation, role=ADMINISTRATOR, email="ciso@korst.example"):
    client.force_login(
        person(email, organisations={organisation.id: role}, language="en"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def test_what_is_known_is_counted_by_urgency_and_what_was_seen_before_the_registration_is_said():
    with tenancy.acting(world.TEST):
        owner = world.organisation()
        before = Organisation.objects.get(id=owner.id).created_at - timedelta(days=9)
        world.finding(owner, "192.0.2.1", severity=4, first_seen=before, last_seen=NOW())
        world.finding(owner, "192.0.2.2", severity=2, state="acknowledged", first_seen=NOW())
        world.finding(owner, "192.0.2.3", severity=3, state="resolved", first_seen=NOW())
        world.finding(owner, "192.0.2.4", severity=3, state="gone", first_seen=NOW())
    known = home(owner).known
    assert known.by_severity == {4: 1, 3: 0, 2: 1, 1: 0, 0: 0}
    assert (known.unanswered, known.working, known.before, known.fixed, known.gone) == (1, 1, 1, 1, 1)
    assert [row.address for row in known.urgent] == ["192.0.2.1"]


def test_new_is_what_came_or_came_back_since_the_visit_before_this_one():
    with tenancy.acting(world.TEST):
        owner = world.organisation()
        week, hour = NOW() - timedelta(days=7), NOW() - timedelta(hours=1)
        world.finding(owner, "192.0.2.1", created_at=week, state_changed_at=week)
        world.finding(owner, "192.0.2.2", created_at=week, state_changed_at=hour, state="reopened")
        world.finding(owner, "192.0.2.3", created_at=hour, state_changed_at=hour)
    assert home(owner, since=NOW() - timedelta(days=1)).known.new == 2
    assert home(owner).known.new == 0, "nothing is new to who was never here"


def test_a_look_within_half_an_hour_is_the_same_visit():
    with tenancy.acting(world.TEST):
        owner = world.organisation()
    user = person("a@korst.example", organisations={owner.id: MEMBER})
    from dijkwacht.platform.accounts.actors import of_user

    actor = of_user(user)
    with tenancy.acting(actor):
        assert [visits.look(actor, owner.id) for _ in range(2)] == [None, None]
        Visit.objects.update(at=NOW() - timedelta(hours=2))
        first = Visit.objects.get().at
        assert [visits.look(actor, owner.id) for _ in range(2)] == [first, first]


def test_what_the_law_or_an_officer_keeps_back_is_in_no_figure():
    with tenancy.acting(world.TEST):
        owner = world.organisation()
        world.notice(owner, world.finding(owner, severity=4), state="held", outcome="held")
    known = home(owner).known
    assert (known.live, known.unanswered, known.unread, known.urgent) == (0, 0, 0, [])


def test_an_organisation_without_anything_is_told_what_to_do_first():
    with tenancy.acting(world.TEST):
        owner = world.organisation(mail="")
    assert codes(owner) == ["no-asset", "no-contact"]


def test_a_review_that_is_late_comes_first_and_what_is_merely_coming_last():
    with tenancy.acting(OFFICER):
        owner = world.organisation(phone="+31201234567")
        Organisation.objects.filter(id=owner.id).update(classification="essential")
        assert codes(owner)[-1] == "next-review"
        campaign = ReviewCampaign.objects.create(title="x", due_on=NOW().date(), started_by="x")
        due = timezone.localdate() - timedelta(days=3)
        Review.objects.create(campaign=campaign, organisation=owner, due_on=due)
    found = home(owner)
    assert [one.code for one in found.due] == ["review", "no-asset", "no-substitute"]
    assert (found.late, found.due[0].article, found.due[0].on) == (1, "Cbw 43", due)


def test_change_asked_assets_mandates_and_contacts_each_stand_with_their_day():
    soon = NOW() + timedelta(days=9)
    with tenancy.acting(OFFICER):
        owner, relay = world.organisation(), registry.create_organisation(actor=OFFICER, name="R", kind="relay")
        registry.ask_change(actor=OFFICER, organisation=owner.id, source="KvK", proposed={"name": "Bakkerij Kruim"})
        registry.add_mandate(actor=OFFICER, relay=relay.id, member=owner.id)
        Mandate.objects.update(valid_to=timezone.localdate(soon))
        for value, status in (("a.example", "claimed"), ("b.example", "disputed"), ("c.example", "verified")):
            Asset.objects.create(organisation=owner, kind="domain", value=value, status=status, expires_at=soon)
        Contact.objects.update(status="bouncing")
    found = {one.code: one for one in home(owner).due}
    assert found.keys() == {"change", "unproven", "ending", "no-contact", "contact-fails", "mandate"}
    assert found["unproven"].title.values == {"count": 2}, "what is disputed reads as claimed"
    assert found["ending"].on == found["mandate"].on == timezone.localdate(soon)
    assert (found["change"].values, found["change"].article) == (("name",), "Cbw 44(2)")


def test_the_law_asks_what_the_class_and_the_types_in_the_register_say():
    with tenancy.acting(OFFICER):
        owner = world.organisation()
        assert home(owner).law == []
        Organisation.objects.filter(id=owner.id).update(classification="important", entity_types=["1.8-dns"])
    asked = {duty.code: duty for duty in home(owner).law}
    assert {"register", "care", "governance", "early-warning", "enisa-register"} <= asked.keys()
    assert asked["early-warning"].article == "Cbw 26"
    assert asked["governance"].by.isoformat() == "2028-08-15"


def test_a_stranger_and_a_relay_do_not_come_in():
    with tenancy.acting(OFFICER):
        owner, other = world.organisation(), world.organisation("Buur")
    for actor in (administrator(other.id), OFFICER):
        with tenancy.acting(actor), pytest.raises(NotFound):
            reads.access_own(actor, owner.id)


def test_the_page_shows_all_with_its_reasons_and_a_member_is_sent_to_an_administrator(client):
    with tenancy.acting(world.TEST):
        owner = world.organisation(mail="")
    page = signed_in(client, owner, MEMBER).get(f"/home/{owner.id}", headers={"Accept-Language": "en"})
    text = page.content.decode()
    assert text.count("Why you see this") >= 6
    assert "An administrator of your organisation does this." in text
    assert "Security advisories about what you run" in text


def test_who_signs_in_lands_at_home(client):
    with tenancy.acting(world.TEST):
        owner, other = world.organisation(), world.organisation("Buur")
    signed_in(client, owner)
    assert client.get("/", follow=True).redirect_chain[-1][0] == f"/home/{owner.id}"
    client.force_login(
        person("two@korst.example", organisations={owner.id: MEMBER, other.id: MEMBER}),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    assert b"Buur" in client.get("/home").content


def test_the_number_of_questions_does_not_grow_with_the_findings(client):
    with tenancy.acting(world.TEST):
        owner = world.organisation()
    signed_in(client, owner)
    counts = []
    for number in (0, 40):
        with tenancy.acting(world.TEST):
            for at in range(number):
                world.finding(owner, f"192.0.2.{at}")
                Asset.objects.create(organisation=owner, kind="domain", value=f"x{at}.example")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(f"/home/{owner.id}").status_code == 200
        counts.append(len(asked))
    assert counts[1] <= counts[0]
    assert counts[1] < 45


def test_a_term_that_ran_before_the_registration_is_not_said_to_have_passed_for_what_registering_did(client):
    with tenancy.acting(world.TEST):
        owner = world.organisation()
        values = {"classification": "important", "entity_types": ["1.8-dns"], "sectors": ["1.8"]}
        Organisation.objects.filter(id=owner.id).update(**values)
    page = signed_in(client, owner).get(f"/home/{owner.id}").content.decode()
    entry = page.partition("Supply data for ENISA")[2].partition("</dd>")[0]
    assert "Done with your registration" in entry
    assert "this day has passed" not in entry
