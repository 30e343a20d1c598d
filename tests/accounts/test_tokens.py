"""API tokens: shown once, kept as a hash, ended at once."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from tests.accounts.people import ADMINISTRATOR, MEMBER, READER, TESTER, bearer, person, token

from dijkwacht.kernel.actor import Actor, CentreRole, Kind
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import actors, errors, permissions, tokens
from dijkwacht.platform.accounts.models import Token

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = uuid4(), uuid4()
MONTH = timedelta(days=30)


@pytest.fixture
def holder():
    return person("administrator@here.example", organisations={HERE: ADMINISTRATOR})


def make(user, **values):
    actor = actors.of_user(user)
    defaults = {"name": "sensor", "scopes": ["findings:read"], "lifetime": MONTH, "organisation": HERE}
    with tenancy.acting(actor):
        return tokens.create(actor=actor, created_by=user.id, **{**defaults, **values})


def test_the_secret_is_not_stored(holder):
    row, text = make(holder)
    secret = text.split("_")[2]
    with tenancy.acting(TESTER):
        stored = str(Token.objects.filter(id=row.id).values().get())
    assert secret not in stored
    assert len(secret) == 43


def test_a_token_acts_for_its_organisation_within_its_scopes(holder):
    actor = tokens.resolve(make(holder)[1], origin="192.0.2.1")
    assert (actor.kind, actor.memberships, actor.scopes) == (Kind.TOKEN, {HERE: READER}, {"findings:read"})
    assert permissions.allows(actor, "findings:read")
    assert not permissions.allows(actor, "findings:write")
    assert not permissions.allows(actor, "tokens:write")
    assert actor.origin == "192.0.2.1"


def test_a_token_is_an_administrator_only_for_a_scope_that_asks_for_one(holder):
    _, text = make(holder, scopes=["organisations:write"])
    actor = tokens.resolve(text)
    assert actor.administers(HERE)
    assert permissions.allows(actor, "organisations:write")


@pytest.mark.parametrize("days", [0, -1, 367, 100_000])
def test_a_token_has_a_bounded_life(holder, days):
    with pytest.raises(errors.InvalidLifetime):
        make(holder, lifetime=timedelta(days=days))


@pytest.mark.parametrize("scope", ["registry:write", "tokens:write", "audit:read", "everything", ""])
def test_an_organisation_cannot_give_what_is_not_its_own(holder, scope):
    with pytest.raises(errors.UnknownScope):
        make(holder, scopes=[scope])


@pytest.mark.parametrize(
    "where", [{"organisation": ELSEWHERE}, {"organisation": None, "centre_role": CentreRole.OFFICER}]
)
def test_an_administrator_makes_no_token_elsewhere(holder, where):
    with pytest.raises(errors.NotAllowed):
        make(holder, **where)


def test_a_member_makes_no_token():
    with pytest.raises(errors.NotAllowed):
        make(person("member@here.example", organisations={HERE: MEMBER}))


def test_a_token_makes_no_token(holder):
    actor = Actor(kind=Kind.TOKEN, id="token:x", memberships={HERE: ADMINISTRATOR}, scopes=frozenset({"tokens:write"}))
    with tenancy.acting(actor), pytest.raises(errors.NotAllowed):
        tokens.create(actor=actor, name="x", scopes=[], lifetime=MONTH, created_by=holder.id, organisation=HERE)


def test_a_revoked_token_is_out_at_once_and_only_its_owner_revokes_it(holder, client):
    row, text = make(holder)
    stranger = actors.of_user(person("a@elsewhere.example", organisations={ELSEWHERE: ADMINISTRATOR}))
    for unknown in (row.id, uuid4()):
        with tenancy.acting(stranger), pytest.raises(errors.TokenNotFound):
            tokens.revoke(actor=stranger, token=unknown)
    assert client.get("/api/v1/me", headers=bearer(text)).status_code == 200
    owner = actors.of_user(holder)
    with tenancy.acting(owner):
        tokens.revoke(actor=owner, token=row.id)
        tokens.revoke(actor=owner, token=row.id)
    assert client.get("/api/v1/me", headers=bearer(text)).status_code == 401


def test_unknown_expired_revoked_and_mistyped_look_the_same(holder, client):
    expired, revoked, right = (make(holder)[1] for _ in range(3))
    now = timezone.now()
    with tenancy.acting(TESTER):
        Token.objects.filter(prefix=expired.split("_")[1]).update(expires_at=now)
        Token.objects.filter(prefix=revoked.split("_")[1]).update(revoked_at=now)
    wrong = [
        "dw_unknownunkno_" + "a" * 43,
        expired,
        revoked,
        right[:-1] + "!",
        right + "a",
        "dw_",
        "",
        "Ω",
        "a b",
        "dw__",
    ]
    answers = [client.get("/api/v1/me", headers=bearer(text)) for text in wrong]
    assert {(answer.status_code, answer.content) for answer in answers} == {(401, answers[0].content)}


def test_a_session_does_not_help_a_wrong_token(holder, client):
    client.force_login(holder, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/api/v1/me").status_code == 200
    assert client.get("/api/v1/me", headers=bearer("dw_x_y")).status_code == 401


def test_last_use_is_noted_once_a_minute(holder):
    row, text = make(holder)
    tokens.resolve(text)
    with tenancy.acting(TESTER):
        first = Token.objects.get(id=row.id).last_used_at
        tokens.resolve(text)
        assert Token.objects.get(id=row.id).last_used_at == first is not None
        Token.objects.filter(id=row.id).update(last_used_at=first - timedelta(minutes=2))
        tokens.resolve(text)
        assert Token.objects.get(id=row.id).last_used_at > first


def test_a_token_of_the_centre_has_a_role(holder):
    boss = person("administrator@centre.example", centre=[CentreRole.ADMINISTRATOR])
    text = token(boss, "ingest:write", centre_role=CentreRole.OFFICER)
    actor = tokens.resolve(text)
    assert (actor.roles, actor.is_centre) == ({CentreRole.OFFICER}, True)
    assert permissions.allows(actor, "ingest:write")
    assert not permissions.allows(actor, "registry:write")


def test_the_page_shows_a_new_token_once(holder, client):
    client.force_login(holder, backend="django.contrib.auth.backends.ModelBackend")
    form = {"place": str(HERE), "name": "sensor <b>", "scopes": ["findings:read"], "days": "30"}
    page = client.post("/account/tokens", form).content.decode()
    text = page.partition('id="new-token">')[2].partition("<")[0]
    assert client.get("/api/v1/me", headers=bearer(text)).status_code == 200
    again = client.get("/account/tokens").content.decode()
    assert text not in again
    assert "sensor &lt;b&gt;" in again
    row = tokens.resolve(text).id.removeprefix("token:")
    client.post(f"/account/tokens/{UUID(row)}/revoke")
    assert tokens.resolve(text) is None


def test_the_page_refuses_a_place_and_a_scope_that_were_not_offered(holder, client):
    client.force_login(holder, backend="django.contrib.auth.backends.ModelBackend")
    form = {"place": str(HERE), "name": "sensor", "scopes": ["findings:read"], "days": "30"}
    for change in ({"place": str(ELSEWHERE)}, {"place": "centre"}, {"scopes": ["registry:write"]}, {"days": "999"}):
        assert client.post("/account/tokens", {**form, **change}).status_code == 422
    with tenancy.acting(TESTER):
        assert not Token.objects.exists()
