"""Acting for another organisation: given, asked for, judged at the moment of use, over by itself."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from tests.accounts.people import ADMINISTRATOR, READER, REPORTER, SECURITY, TESTER, bearer, person, token

from dijkwacht.kernel.actor import Actor, CentreRole, Kind
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import actions, actors, errors, mandates, permissions, second_factor
from dijkwacht.platform.accounts.models import ActingMandate, OrganisationMembership, User
from dijkwacht.platform.accounts.rules import MANDATED, MOST_ASKED_A_DAY, Role, delegated
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.registry.models import Organisation

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = timedelta(days=1)
MONTH = {"starts_on": TODAY, "ends_on": TODAY + 30 * DAY}


class World:
    """A client with an administrator, and a provider with somebody in each role."""

    def __init__(self):
        with tenancy.acting(TESTER):
            self.client, self.provider, self.third = (
                Organisation.objects.create(name=name).id for name in ("Bakkerij Korst", "Beheer BV", "Derde NV")
            )
        self.head = person("head@client.example", organisations={self.client: ADMINISTRATOR}, language="en")
        self.boss = person("boss@provider.example", organisations={self.provider: ADMINISTRATOR}, language="en")
        self.engineer = person("engineer@provider.example", organisations={self.provider: SECURITY})
        self.trainee = person("trainee@provider.example", organisations={self.provider: READER})

    def give(self, holder=None, roles=("security-contact",), **term):
        actor = actors.of_user(self.head)
        with tenancy.acting(actor):
            return mandates.give(
                actor=actor,
                organisation=self.client,
                holder=holder or str(self.provider),
                roles=roles,
                **{**MONTH, **term},
            )

    def ask(self, **values):
        actor = actors.of_user(self.boss)
        with tenancy.acting(actor):
            return mandates.ask(
                actor=actor,
                holder=self.provider,
                **{"code": str(self.client), "roles": ["security-contact"], **MONTH, **values},
            )

    def roles_of(self, user):
        return set(actors.of_user(user).roles_for(self.client))


@pytest.fixture
def world(settings):
    settings.DEMO = True
    return World()


def at(row, **values):
    """As if it had been given so."""
    with tenancy.acting(TESTER):
        ActingMandate.objects.filter(id=row.id).update(**values)


def step(user, change, row):
    actor = actors.of_user(user)
    with tenancy.acting(actor):
        return change(actor=actor, mandate=row.id)


def test_a_provider_acts_as_far_as_the_mandate_and_the_own_role_reach(world, mailoutbox):
    world.give(roles=["security-contact", "reporter"])
    assert world.roles_of(world.boss) == {SECURITY, REPORTER, READER}
    assert world.roles_of(world.engineer) == {SECURITY, READER}
    assert world.roles_of(world.trainee) == {READER}
    engineer = actors.of_user(world.engineer)
    assert permissions.allows_for(engineer, "findings:write", world.client)
    assert not permissions.allows_for(engineer, "organisations:write", world.client)
    assert [mail.to for mail in mailoutbox] == [["boss@provider.example"]]
    assert "Bakkerij Korst" in mailoutbox[0].subject


def test_a_security_officer_of_a_group_gets_an_account_and_acts(world, mailoutbox):
    world.give("ciso@group.example", roles=["security-contact"])
    officer = User.objects.get(email="ciso@group.example")
    actor = actors.of_user(officer)
    assert (actor.memberships, actor.acts_for, actor.writable) == ({}, {world.client}, {world.client})
    assert mailoutbox[0].to == ["ciso@group.example"]
    assert "/account/password/reset/key/" in mailoutbox[0].body


def test_what_was_asked_counts_once_the_client_grants_it(world, mailoutbox):
    row = world.ask(note="We keep your firewall.")
    assert world.roles_of(world.boss) == set()
    assert mailoutbox[0].to == ["head@client.example"]
    assert "We keep your firewall." in mailoutbox[0].body
    step(world.head, mandates.grant, row)
    assert world.roles_of(world.engineer) == {SECURITY, READER}
    assert mailoutbox[1].to == ["boss@provider.example"]
    with pytest.raises(errors.MandateDecided):
        step(world.head, mandates.refuse, row)


def test_a_refused_request_gives_nothing_and_does_not_tell_the_name(world, mailoutbox):
    row = world.ask()
    step(world.head, mandates.refuse, row)
    assert world.roles_of(world.boss) == set()
    assert "Bakkerij Korst" not in "".join(mail.subject + mail.body for mail in mailoutbox if "boss" in mail.to[0])


@pytest.mark.parametrize("who", ["boss", "engineer"])
def test_a_provider_does_not_grant_itself(world, who):
    row = world.ask()
    with pytest.raises((errors.NotAllowed, errors.MandateNotFound)):
        step(getattr(world, who), mandates.grant, row)
    assert world.roles_of(world.boss) == set()


def test_the_database_lets_no_holder_grant_itself(world):
    row = world.ask()
    with tenancy.acting(actors.of_user(world.boss)):
        assert ActingMandate.objects.filter(id=row.id).exists()
        assert ActingMandate.objects.filter(id=row.id).update(state="granted") == 0


def test_a_provider_with_a_mandate_gives_none_invites_nobody_and_makes_no_token(world):
    """What a mandate gives must not outlive it."""
    world.give(roles=[role.value for role in MANDATED])
    actor = actors.of_user(world.boss)
    with tenancy.acting(actor):
        with pytest.raises(errors.NotAllowed):
            mandates.give(actor=actor, organisation=world.client, holder="x@y.example", roles=["reader"], **MONTH)
        with pytest.raises(errors.NotAllowed):
            actions.invite(actor=actor, email="x@y.example", role=Role(READER, world.client))
    for permission in ("tokens:write", "accounts:write", "mandates:write", "organisations:write"):
        assert not permissions.allows_for(actor, permission, world.client)


EXPIRED = {"starts_on": TODAY - 9 * DAY, "ends_on": TODAY - DAY}
NOT_IN_FORCE = {
    "over since yesterday": EXPIRED,
    "begins tomorrow": {"starts_on": TODAY + DAY},
    "withdrawn": {"state": "withdrawn"},
    "refused": {"state": "refused"},
    "asked": {"state": "asked"},
}


@pytest.mark.parametrize("values", NOT_IN_FORCE.values(), ids=NOT_IN_FORCE)
def test_a_mandate_that_is_not_in_force_gives_nothing(world, values):
    row = world.give()
    assert world.roles_of(world.engineer) == {SECURITY, READER}
    at(row, **values)
    for user in (world.boss, world.engineer, world.trainee):
        actor = actors.of_user(user)
        assert world.client not in actor.acts_for
        with tenancy.acting(actor):
            assert not Organisation.objects.filter(id=world.client).exists()


@pytest.mark.parametrize("days", [{"ends_on": TODAY}, {"starts_on": TODAY}])
def test_its_first_and_its_last_day_count(world, days):
    at(world.give(), **days)
    assert world.roles_of(world.engineer) == {SECURITY, READER}


def test_either_side_ends_it_at_once_and_a_stranger_never(world):
    for user in (world.head, world.boss):
        row = world.give()
        with pytest.raises(errors.MandateNotFound):
            step(world.engineer, mandates.withdraw, row)
        step(user, mandates.withdraw, row)
        assert world.roles_of(world.engineer) == set()
    stranger = person("a@third.example", organisations={world.third: ADMINISTRATOR})
    with pytest.raises(errors.MandateNotFound):
        step(stranger, mandates.withdraw, world.give())


def test_a_person_gives_a_mandate_back(world):
    row = world.give("ciso@group.example")
    officer = User.objects.get(email="ciso@group.example")
    step(officer, mandates.withdraw, row)
    assert world.roles_of(officer) == set()


def test_a_new_employee_acts_as_far_as_the_own_role_and_one_who_left_not_at_all(world):
    world.give()
    newcomer = person("new@provider.example", organisations={world.provider: REPORTER})
    assert world.roles_of(newcomer) == set()  # the mandate gives no reporting
    with tenancy.acting(TESTER):
        actions.revoke(actor=TESTER, user=world.engineer.id, role=Role(SECURITY, world.provider))
        actions.grant(actor=TESTER, user=newcomer.id, role=Role(READER, world.provider))
    assert world.roles_of(newcomer) == {READER}
    assert world.roles_of(world.engineer) == set()


def test_mandates_do_not_chain(world):
    """Who acts for the provider by mandate does not act for its clients."""
    world.give()
    actor = actors.of_user(world.boss)
    with tenancy.acting(actor):
        mandates.give(actor=actor, organisation=world.provider, holder="x@y.example", roles=["reader"], **MONTH)
    third = actors.of_user(User.objects.get(email="x@y.example"))
    assert third.acts_for == {world.provider}


def test_a_token_of_the_provider_does_not_act_for_its_clients(world, client):
    world.give()
    text = token(world.boss, "organisations:read", organisation=world.provider)
    assert client.get("/api/v1/me", headers=bearer(text)).json()["mandates"] == []
    assert client.get(f"/api/v1/organisations/{world.client}", headers=bearer(text)).status_code == 404


def test_what_is_done_under_a_mandate_is_recorded_with_it(world):
    row = world.give()
    actor = actors.of_user(world.engineer)
    from dijkwacht.rooms.registry.actions import assets

    with tenancy.acting(actor):
        assets.claim_asset(actor=actor, organisation=world.client, kind="domain", value="korst.example")
        mandates.record(actor=actor, action="notification:finding:export", target=("finding", "csv"))
        mandates.record(
            actor=actor, action="notification:notice:read", target=("notice", "x"), organisation=world.provider
        )
    with tenancy.acting(TESTER):
        claim = Event.objects.get(action="registry:asset:claim")
        assert claim.detail["under_mandates"] == [str(row.id)]
        assert (claim.organisation, claim.actor_id) == (world.client, str(world.engineer.id))
        assert Event.objects.get(action="notification:finding:export").detail["under_mandates"] == [str(row.id)]
        assert "under_mandates" not in Event.objects.get(action="notification:notice:read").detail
        assert Event.objects.get(action="accounts:mandate:give").organisation == world.client


REFUSED = {
    "no role": ({"roles": []}, errors.InvalidScope),
    "administrator": ({"roles": ["administrator"]}, errors.InvalidScope),
    "more than a year": ({"ends_on": TODAY + 367 * DAY}, errors.InvalidTerm),
    "from yesterday": ({"starts_on": TODAY - DAY}, errors.InvalidTerm),
    "the end of time": ({"ends_on": date.max}, errors.InvalidTerm),
    "end before start": ({"starts_on": TODAY + 9 * DAY, "ends_on": TODAY + 8 * DAY}, errors.InvalidTerm),
    "a code of nobody": ({"holder": str(uuid4())}, errors.UnknownCode),
    "no code": ({"holder": "beheer"}, errors.UnknownCode),
    "no address": ({"holder": "@"}, errors.InvalidEmail),
}


@pytest.mark.parametrize(("values", "refusal"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_mandate_is_refused(world, values, refusal):
    with pytest.raises(refusal):
        world.give(**values)


def test_there_is_one_at_a_time_between_two_and_a_stranger_is_not_pestered(world):
    with pytest.raises(errors.OwnCode):
        world.give(str(world.client))
    world.give()
    with pytest.raises(errors.AlreadyMandated):
        world.ask()
    with tenancy.acting(TESTER):
        ActingMandate.objects.update(state="withdrawn", created_at=timezone.now() - 2 * DAY)
    for _ in range(MOST_ASKED_A_DAY):
        step(world.boss, mandates.withdraw, world.ask())
    with pytest.raises(errors.TooManyAsked):
        world.ask()


def test_the_last_days_there_are_make_a_mandate_like_any_other(world):
    assert world.give(starts_on=date.max, ends_on=date.max).ends_on == date.max
    assert world.roles_of(world.engineer) == set()


def test_both_sides_are_reminded_once(world, mailoutbox):
    row = world.give(ends_on=TODAY + 60 * DAY)
    mailoutbox.clear()
    with tenancy.acting(TESTER):
        assert mandates.remind(actor=TESTER) == 0
        ActingMandate.objects.filter(id=row.id).update(ends_on=TODAY + 30 * DAY)
        assert (mandates.remind(actor=TESTER), mandates.remind(actor=TESTER)) == (1, 0)
    assert sorted(mail.to[0] for mail in mailoutbox) == ["boss@provider.example", "head@client.example"]


def test_only_administrators_see_who_acts_for_whom(world):
    world.give()
    for user, given, held in ((world.head, 1, 0), (world.boss, 0, 1), (world.engineer, 0, 0), (world.trainee, 0, 0)):
        actor = actors.of_user(user)
        with tenancy.acting(actor):
            assert (mandates.given_by(actor).count(), mandates.held_by(actor).count()) == (given, held)


def test_a_mandate_gives_nothing_without_a_second_factor_and_makes_nobody_get_one(world, client, settings):
    settings.DEMO = False
    world.give()
    client.force_login(world.engineer, backend="django.contrib.auth.backends.ModelBackend")
    told = client.get("/api/v1/me").json()
    assert (len(told["memberships"]), told["mandates"]) == (1, [])
    page = client.get("/account/organisations")
    assert page.status_code == 200
    assert b"tweede factor" in page.content or b"second factor" in page.content
    assert client.post("/account/organisations", {"organisation": str(world.client)}).status_code == 404
    request = HttpRequest()  # what the page with the code does when it was right
    request.session = client.session
    second_factor.note(request, world.engineer, "totp")
    request.session.save()
    assert len(client.get("/api/v1/me").json()["mandates"]) == 1


def test_each_role_begins_on_a_page_that_it_may_open(world, client):
    for role in (ADMINISTRATOR, SECURITY, REPORTER, READER):
        somebody = person(f"{role}@begin.example", organisations={world.client: role})
        client.force_login(somebody, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get("/", follow=True).status_code == 200


def test_somebody_of_the_centre_may_end_a_mandate_but_not_give_one(world):
    row = world.give()
    boss = actors.of_user(person("admin@centre.example", centre=[CentreRole.ADMINISTRATOR]))
    with tenancy.acting(boss), pytest.raises(errors.NotAllowed):
        mandates.give(actor=boss, organisation=world.client, holder="x@y.example", roles=["reader"], **MONTH)
    with tenancy.acting(boss):
        mandates.withdraw(actor=boss, mandate=row.id)
    assert world.roles_of(world.engineer) == set()


def test_a_mandate_never_makes_an_administrator_whatever_the_row_says():
    assert delegated([ADMINISTRATOR], None) == frozenset()
    assert delegated([SECURITY, ADMINISTRATOR], ADMINISTRATOR) == {SECURITY, READER}


def test_one_statement_finds_every_role_and_mandate(world, rf, django_assert_max_num_queries):
    world.give()
    with tenancy.acting(TESTER):
        for number in range(5):
            other = Organisation.objects.create(name=f"Klant {number}").id
            ActingMandate.objects.create(
                organisation_id=other,
                holder_kind="organisation",
                holder_id=world.provider,
                roles=["reader", "reporter"],
                state="granted",
                **MONTH,
            )
    request = rf.get("/")
    request.user, request.session = world.boss, {}
    with django_assert_max_num_queries(4):
        actor = actors.of_request(request)
        tenancy.enter(actor)
    assert len(actor.acts_for) == 7


def test_who_acts_for_many_works_for_one_and_sees_that_one_alone(world, client):
    world.give()
    client.force_login(world.engineer, backend="django.contrib.auth.backends.ModelBackend")
    assert len(client.get("/api/v1/me").json()["mandates"]) == 1
    page = client.get("/account/organisations").content.decode()
    assert "Bakkerij Korst" in page
    assert client.post("/account/organisations", {"organisation": str(world.client)}).status_code == 302
    told = client.get("/api/v1/me").json()
    assert (told["memberships"], len(told["mandates"])) == ([], 1)
    assert "Beheer BV" in client.get("/account/organisations").content.decode()
    assert client.post("/account/organisations", {"organisation": str(world.third)}).status_code == 404
    client.post("/account/organisations", {"organisation": ""})
    assert len(client.get("/api/v1/me").json()["memberships"]) == 1


def test_a_choice_that_was_taken_away_no_longer_counts(world, client):
    row = world.give()
    client.force_login(world.engineer, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/account/organisations", {"organisation": str(world.client)})
    step(world.head, mandates.withdraw, row)
    told = client.get("/api/v1/me").json()
    assert [one["organisation"] for one in told["memberships"]] == [str(world.provider)]
    assert told["mandates"] == []


def test_the_pages_give_ask_grant_and_withdraw(world, client):
    client.force_login(world.boss, backend="django.contrib.auth.backends.ModelBackend")
    form = {
        "way": "ask",
        "ask-place": str(world.provider),
        "ask-code": str(world.client),
        "ask-roles": ["security-contact"],
        "ask-starts_on": str(TODAY),
        "ask-ends_on": str(TODAY + DAY),
        "ask-note": "<b>firewall</b>",
    }
    assert client.post("/account/mandates", {**form, "ask-code": str(uuid4())}).status_code == 422
    assert client.post("/account/mandates", form).status_code == 302
    asked = client.get("/account/mandates").content.decode()
    assert str(world.client) in asked
    assert "Bakkerij Korst" not in asked
    with tenancy.acting(TESTER):
        row = ActingMandate.objects.get()
    assert client.post(f"/account/mandates/{row.id}/grant").status_code == 404
    client.force_login(world.head, backend="django.contrib.auth.backends.ModelBackend")
    shown = client.get("/account/mandates").content.decode()
    assert "Beheer BV" in shown
    assert "&lt;b&gt;firewall&lt;/b&gt;" in shown
    assert client.post(f"/account/mandates/{row.id}/grant").status_code == 302
    assert world.roles_of(world.engineer) == {SECURITY, READER}
    client.force_login(world.boss, backend="django.contrib.auth.backends.ModelBackend")
    assert "Bakkerij Korst" in client.get("/account/mandates").content.decode()
    assert client.post(f"/account/mandates/{row.id}/withdraw").status_code == 302
    assert world.roles_of(world.engineer) == set()


def test_the_api_gives_lists_and_withdraws(world, client):
    client.force_login(world.head, backend="django.contrib.auth.backends.ModelBackend")
    body = {
        "organisation": str(world.client),
        "holder": str(world.provider),
        "roles": ["reader"],
        "starts_on": str(TODAY),
        "ends_on": str(TODAY),
    }
    made = client.post("/api/v1/acting-mandates", body, content_type="application/json")
    assert made.status_code == 201, made.content
    listed = client.get("/api/v1/acting-mandates").json()["items"]
    assert [(one["id"], one["standing"]) for one in listed] == [(made.json()["id"], "granted")]
    address = f"/api/v1/acting-mandates/{made.json()['id']}/withdrawal"
    assert client.post(address, {}, content_type="application/json").json()["standing"] == "withdrawn"
    other = {**body, "organisation": str(world.provider)}
    assert client.post("/api/v1/acting-mandates", other, content_type="application/json").status_code == 403


def test_an_actor_acts_by_mandate_for_a_relay_but_does_not_read_its_members(world, monkeypatch):
    from dijkwacht.platform.accounts import relays

    monkeypatch.setattr(relays, "_resolvers", [])
    relays.register_relays(lambda held: (held & {world.client}, frozenset({world.third}), frozenset()))
    world.give()
    assert actors.of_user(world.head).relays == {world.client}
    assert actors.of_user(world.engineer).relays == frozenset()


def test_no_table_lists_the_mandates_of_others(world):
    world.give()
    stranger = Actor(kind=Kind.PERSON, id=str(uuid4()), memberships={world.third: ADMINISTRATOR})
    with tenancy.acting(stranger), connection.cursor() as cursor:
        cursor.execute("select count(*) from accounts_actingmandate")
        assert cursor.fetchone()[0] == 0
    with tenancy.acting(TESTER):
        assert OrganisationMembership.objects.filter(organisation_id=UUID(str(world.client))).count() == 1


def test_nobody_gives_a_mandate_to_himself_and_the_page_says_so_at_its_top(world, client):
    client.force_login(world.head, backend="django.contrib.auth.backends.ModelBackend")
    form = {
        "way": "give",
        "give-place": str(world.client),
        "give-holder": "head@client.example",
        "give-roles": ["security-contact"],
    }
    form |= {"give-starts_on": str(TODAY), "give-ends_on": str(TODAY + DAY)}
    page = client.post("/account/mandates", form)
    top = page.content.decode().partition("Who acts for us")[0]
    assert page.status_code == 422
    assert "autofocus" in top
    assert "This is your own address." in top
    with tenancy.acting(TESTER):
        assert not ActingMandate.objects.exists()
