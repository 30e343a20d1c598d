"""Who may give and take roles, and what happens at once."""

from uuid import UUID, uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.accounts.people import ADMINISTRATOR, MEMBER, TESTER, person, token

from dijkwacht.kernel.actor import Actor, CentreRole, Kind, OrganisationRole
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import actions, actors, errors, relays, tokens
from dijkwacht.platform.accounts.models import CentreMembership, OrganisationMembership, Token, User
from dijkwacht.platform.accounts.rules import Role

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = uuid4(), uuid4()
OFFICER = Role(CentreRole.OFFICER)


@pytest.fixture
def administrator():
    return actors.of_user(person("administrator@here.example", organisations={HERE: ADMINISTRATOR}))


def centre_administrator():
    return actors.of_user(person("administrator@centre.example", centre=[CentreRole.ADMINISTRATOR]))


def test_an_administrator_invites_into_the_own_organisation(administrator):
    with tenancy.acting(administrator):
        user = actions.invite(
            actor=administrator, email=" New@Here.example ", role=Role(OrganisationRole.SECURITY, HERE)
        )
    assert actors.of_user(user).memberships == {}
    asked = Actor(kind=Kind.PERSON, id=str(user.id))
    with tenancy.acting(asked):
        actions.accept(actor=asked, organisation=HERE)
    assert actors.of_user(user).memberships == {HERE: MEMBER}
    assert (user.email, user.has_usable_password()) == ("new@here.example", False)


REFUSED = [Role(OrganisationRole.SECURITY, ELSEWHERE), OFFICER, Role(CentreRole.ADMINISTRATOR)]


@pytest.mark.parametrize("role", REFUSED, ids=lambda role: f"{role.name} {role.organisation == ELSEWHERE}")
def test_an_administrator_cannot_give_a_role_elsewhere(administrator, role):
    with tenancy.acting(administrator), pytest.raises(errors.NotAllowed):
        actions.invite(actor=administrator, email="friend@here.example", role=role)
    with tenancy.acting(administrator), pytest.raises(errors.NotAllowed):
        actions.grant(actor=administrator, user=UUID(administrator.id), role=role)


def test_an_administrator_cannot_touch_people_of_another_organisation(administrator):
    stranger = person("stranger@elsewhere.example", organisations={ELSEWHERE: MEMBER})
    for change in (actions.grant, actions.revoke):
        with tenancy.acting(administrator), pytest.raises(errors.AccountNotFound):
            change(actor=administrator, user=stranger.id, role=Role(OrganisationRole.SECURITY, HERE))


def test_a_token_never_manages_people():
    actor = Actor(
        kind=Kind.TOKEN, id="token:x", memberships={HERE: ADMINISTRATOR}, scopes=frozenset({"accounts:write"})
    )
    with tenancy.acting(actor), pytest.raises(errors.NotAllowed):
        actions.invite(actor=actor, email="a@here.example", role=Role(OrganisationRole.SECURITY, HERE))


@pytest.mark.parametrize("role", [Role(CentreRole.ADMINISTRATOR), Role(OrganisationRole.ADMINISTRATOR, HERE)])
def test_the_last_administrator_stays(role):
    actor = TESTER
    with tenancy.acting(actor):
        first, second = (actions.invite(actor=actor, email=f"{n}@example.org", role=role, mail=False) for n in "ab")
        actions.revoke(actor=actor, user=first.id, role=role)
        with pytest.raises(errors.LastAdministrator):
            actions.revoke(actor=actor, user=second.id, role=role)
        with pytest.raises(errors.LastAdministrator):
            actions.deactivate(actor=actor, user=second.id)
        if role.organisation:
            with pytest.raises(errors.LastAdministrator):
                actions.grant(actor=actor, user=second.id, role=Role(OrganisationRole.SECURITY, HERE))


def test_a_closed_administrator_does_not_count_as_one_who_is_left():
    role = Role(CentreRole.ADMINISTRATOR)
    with tenancy.acting(TESTER):
        first, second = (actions.invite(actor=TESTER, email=f"{n}@example.org", role=role) for n in "ab")
        actions.deactivate(actor=TESTER, user=first.id)
        with pytest.raises(errors.LastAdministrator):
            actions.revoke(actor=TESTER, user=second.id, role=role)


def test_closing_an_account_ends_its_session_and_its_tokens(client):
    user = person("officer@centre.example", centre=[CentreRole.OFFICER])
    text = token(user, "feeds:read", centre_role=CentreRole.OFFICER)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    boss = centre_administrator()
    with tenancy.acting(boss):
        actions.deactivate(actor=boss, user=user.id)
    assert client.get("/api/v1/me").status_code == 401
    assert tokens.resolve(text) is None
    assert Session.objects.exists()  # the session is there, and opens nothing


def test_a_role_that_is_taken_away_is_gone_at_the_next_request(client):
    user = person("officer@centre.example", centre=[CentreRole.OFFICER])
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/api/v1/me").status_code == 200
    with tenancy.acting(TESTER):
        actions.revoke(actor=TESTER, user=user.id, role=OFFICER)
    assert client.get("/api/v1/me").status_code == 403


def test_an_address_known_already_gets_the_role_and_nothing_shows_it(administrator):
    known = person("known@elsewhere.example", organisations={ELSEWHERE: MEMBER})
    with tenancy.acting(administrator):
        user = actions.invite(actor=administrator, email=known.email, role=Role(OrganisationRole.SECURITY, HERE))
    assert user.id == known.id
    with tenancy.acting(TESTER):
        assert OrganisationMembership.objects.filter(user=known).count() == 2


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "a@b.example\nBcc: c@d.example", "a" * 300 + "@b.example"])
def test_what_is_no_address_is_refused(administrator, email):
    with tenancy.acting(administrator), pytest.raises(errors.InvalidEmail):
        actions.invite(actor=administrator, email=email, role=Role(OrganisationRole.SECURITY, HERE))


@pytest.mark.parametrize(("name", "organisation"), [(CentreRole.OFFICER, HERE), (OrganisationRole.SECURITY, None)])
def test_a_role_stands_in_its_own_place_only(name, organisation):
    with pytest.raises(ValueError, match="does not fit"):
        Role(name, organisation)


def test_the_database_itself_hides_roles_of_other_organisations(administrator):
    person("stranger@elsewhere.example", organisations={ELSEWHERE: MEMBER})
    with tenancy.acting(administrator):
        assert set(OrganisationMembership.objects.values_list("organisation_id", flat=True)) == {HERE}


def test_finding_out_who_somebody_is_costs_at_most_four_statements(rf, monkeypatch):
    user = person("a@here.example", centre=[CentreRole.OFFICER], organisations={HERE: MEMBER})
    request = rf.get("/")
    request.user, request.session = User.objects.get(id=user.id), {}
    with CaptureQueriesContext(connection) as statements:
        actor = actors.of_request(request)
        tenancy.enter(actor)
    assert len(statements) <= 4, [query["sql"] for query in statements]  # scope, roles, relays and sectors, scope
    assert (actor.roles, actor.memberships) == ({CentreRole.OFFICER}, {HERE: MEMBER})


def test_a_relay_reads_for_the_members_and_a_watcher_for_the_sectors_that_the_registry_names(monkeypatch):
    def resolver(held):
        return (held & {HERE}, frozenset({ELSEWHERE}), frozenset({"1.5"})) if HERE in held else (frozenset(),) * 3

    monkeypatch.setattr(relays, "_resolvers", [])
    relays.register_relays(resolver)
    actor = actors.of_user(person("a@relay.example", organisations={HERE: MEMBER}))
    assert (actor.relays, actor.members, actor.writable) == ({HERE}, {ELSEWHERE}, {HERE})
    assert actor.sectors == {"1.5"}
    assert relays.resolve(frozenset()) == (frozenset(), frozenset(), frozenset())


def test_centre_roles_stand_once():
    user = person("a@centre.example", centre=[CentreRole.OFFICER])
    with tenancy.acting(TESTER):
        actions.grant(actor=TESTER, user=user.id, role=OFFICER)
        assert CentreMembership.objects.filter(user=user).count() == 1
        assert not Token.objects.exists()
