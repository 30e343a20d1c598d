"""What an administrator does with people on the page and by the API, and what a person does alone."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from tests.accounts.people import ADMINISTRATOR, READER, REPORTER, SECURITY, TESTER, person

from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import actors
from dijkwacht.platform.accounts.models import OrganisationMembership, User
from dijkwacht.platform.accounts.rules import MOST_PENDING
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.registry.models import Organisation

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
LINK = re.compile(r"https?://[^/\s]+(/account/password/reset/key/\S+)")


@pytest.fixture
def here(settings):
    settings.DEMO = True
    with tenancy.acting(TESTER):
        return Organisation.objects.create(name="Bakkerij <Korst>").id


@pytest.fixture
def head(here):
    return person("head@korst.example", organisations={here: ADMINISTRATOR}, language="en")


@pytest.fixture
def page(client, head):
    client.force_login(head, backend=BACKEND)
    return client


def invite(page, here, email="new@korst.example", role="reporter"):
    form = {"place": str(here), "email": email, "name": "", "role": role, "language": "en"}
    return page.post("/account/people", form)


def role_of(user, here):
    return actors.of_user(User.objects.get(email=user)).memberships.get(here)


def shown(page):
    return page.get("/account/people").content.decode()


def test_somebody_is_invited_in_a_role_and_comes_in(page, here, mailoutbox, client):
    assert invite(page, here).status_code == 302
    assert "invited, not accepted yet" in shown(page)
    assert "act for Bakkerij <Korst>, as reporter" in mailoutbox[0].body
    path = LINK.search(mailoutbox[0].body)[1]
    assert client.get(path, follow=True).status_code == 200
    assert role_of("new@korst.example", here) is None
    client.force_login(User.objects.get(email="new@korst.example"), backend=BACKEND)
    assert "You are invited to act for an organisation" in client.get("/account/organisations").content.decode()
    assert client.post(f"/account/organisations/{here}/accept").status_code == 302
    assert role_of("new@korst.example", here) is REPORTER
    with tenancy.acting(TESTER):
        actions = list(Event.objects.filter(organisation=here).order_by("at").values_list("action", flat=True))
    assert actions[-2:] == ["accounts:role:ask", "accounts:role:accept"]
    assert client.post(f"/account/organisations/{here}/accept").status_code == 404


def test_an_invitation_that_is_refused_is_gone_and_gave_nothing(page, here, head):
    invite(page, here)
    user = User.objects.get(email="new@korst.example")
    page.force_login(user, backend=BACKEND)
    assert page.get("/home").status_code in {302, 403}
    assert page.post(f"/account/organisations/{here}/refuse").status_code == 302
    page.force_login(head, backend=BACKEND)
    assert "new@korst.example" not in shown(page)
    assert role_of("new@korst.example", here) is None


def test_nobody_accepts_what_somebody_else_was_invited_for(page, here):
    invite(page, here)
    other = person("other@korst.example", organisations={uuid4(): READER})
    page.force_login(other, backend=BACKEND)
    for step in ("accept", "refuse"):
        assert page.post(f"/account/organisations/{here}/{step}").status_code == 404
    with tenancy.acting(TESTER):
        assert OrganisationMembership.objects.get(user__email="new@korst.example").accepted_at is None


def test_an_invited_administrator_is_none_yet_so_the_last_one_cannot_leave(page, here, head):
    invite(page, here, "second@korst.example", role="administrator")
    assert page.post(f"/account/organisations/{here}/leave", follow=True).status_code == 200
    assert role_of("head@korst.example", here) is ADMINISTRATOR
    second = User.objects.get(email="second@korst.example")
    page.force_login(second, backend=BACKEND)
    page.post(f"/account/organisations/{here}/accept")
    page.force_login(head, backend=BACKEND)
    page.post(f"/account/organisations/{here}/leave")
    assert role_of("head@korst.example", here) is None


def test_an_invitation_that_is_withdrawn_opens_nothing_and_one_sent_again_does(page, here, mailoutbox, client):
    invite(page, here)
    user = User.objects.get(email="new@korst.example")
    first = LINK.search(mailoutbox[0].body)[1]
    assert "Withdraw the invitation" in shown(page)
    page.post(f"/account/people/{user.id}/revoke", {"place": str(here), "role": "reporter"})
    assert "new@korst.example" not in shown(page)
    assert b'name="password1"' not in client.get(first, follow=True).content
    page.force_login(User.objects.get(email="head@korst.example"), backend=BACKEND)
    invite(page, here)
    assert b'name="password1"' in client.get(LINK.search(mailoutbox[1].body)[1], follow=True).content


def test_withdrawing_leaves_the_link_alone_when_somebody_else_invited_too(page, here, mailoutbox, client):
    invite(page, here)
    user = User.objects.get(email="new@korst.example")
    with tenancy.acting(TESTER):
        OrganisationMembership.objects.create(user=user, organisation_id=uuid4(), role=READER)
    page.post(f"/account/people/{user.id}/revoke", {"place": str(here), "role": "reporter"})
    assert b'name="password1"' in client.get(LINK.search(mailoutbox[0].body)[1], follow=True).content


@pytest.mark.parametrize("state", ["open", "closed"])
def test_the_list_does_not_tell_whether_an_invited_address_was_known(page, here, state):
    """Neither the name nor the sign-in of somebody who came in for another organisation."""
    known = person("known@elsewhere.example", organisations={uuid4(): SECURITY}, name="Known Elsewhere")
    User.objects.filter(id=known.id).update(last_login=timezone.now() - timedelta(days=1), is_active=state == "open")
    invite(page, here, "known@elsewhere.example")
    invite(page, here, "unknown@elsewhere.example")
    rows = re.findall(r"<tr role=\"row\"><th role=\"rowheader\"[^>]*>(.*?)</tr>", shown(page), re.DOTALL)
    of = {
        name: next(row for row in rows if re.search(rf"\b{name}@elsewhere.example", row))
        for name in ("known", "unknown")
    }
    plain = [
        re.sub(r"/people/[\w-]+/|value=\"[\w]{64}\"", "", row).replace(f"{name}@", "@") for name, row in of.items()
    ]
    assert plain[0] == plain[1]


def test_a_role_is_changed_at_once(page, here):
    member = person("m@korst.example", organisations={here: READER})
    address = f"/account/people/{member.id}/role"
    assert page.post(address, {"place": str(here), "role": "security-contact"}).status_code == 302
    assert role_of("m@korst.example", here) is SECURITY
    for wrong in ({"role": "officer"}, {"role": "member"}, {"place": "centre"}, {"place": str(uuid4())}, {"role": ""}):
        assert page.post(address, {"place": str(here), "role": "reader", **wrong}).status_code == 404
    assert role_of("m@korst.example", here) is SECURITY


def test_the_last_administrator_reads_why_nothing_happened(page, here, head):
    for address, form in (
        (f"/account/people/{head.id}/role", {"place": str(here), "role": "reader"}),
        (f"/account/people/{head.id}/revoke", {"place": str(here), "role": "administrator"}),
        (f"/account/organisations/{here}/leave", {}),
    ):
        told = page.post(address, form, follow=True).content.decode()
        assert "The last administrator stays" in told
    assert role_of("head@korst.example", here) is ADMINISTRATOR


@pytest.mark.parametrize("role", [READER, REPORTER, SECURITY])
def test_somebody_leaves_alone(client, here, head, role):
    member = person("m@korst.example", organisations={here: role}, language="en")
    client.force_login(member, backend=BACKEND)
    assert "Bakkerij &lt;Korst&gt;" in client.get("/account/organisations").content.decode()
    assert client.post(f"/account/organisations/{uuid4()}/leave").status_code == 404
    assert client.post(f"/account/organisations/{here}/leave").status_code == 302
    assert role_of("m@korst.example", here) is None
    assert client.get("/account/people").status_code == 403


def test_an_organisation_is_no_machine_to_mail_strangers(page, here):
    with tenancy.acting(TESTER):
        for number in range(MOST_PENDING):
            user = User.objects.create_user(f"p{number}@korst.example")
            OrganisationMembership.objects.create(user=user, organisation_id=here, role=READER, accepted_at=None)
    answer = invite(page, here)
    assert answer.status_code == 422
    assert b"have not answered yet" in answer.content


def test_a_program_does_what_the_page_does_in_a_session_and_no_token_may(page, here, head):
    body = {"organisation": str(here), "email": "new@korst.example", "role": "reader"}
    made = page.post("/api/v1/people", body, content_type="application/json")
    assert made.status_code == 202, made.content
    user = made.json()["user"]
    listed = {one["email"]: one for one in page.get("/api/v1/people").json()}
    assert (listed["new@korst.example"]["role"], listed["new@korst.example"]["seen"]) == ("reader", None)
    change = {"organisation": str(here), "role": "security-contact"}
    assert page.patch(f"/api/v1/people/{user}", change, content_type="application/json").status_code == 204
    assert role_of("new@korst.example", here) is None  # it waits for an answer
    listed = {one["email"]: one for one in page.get("/api/v1/people").json()}
    assert (listed["new@korst.example"]["role"], listed["new@korst.example"]["accepted"]) == ("security-contact", False)
    query = f"organisation={here}&role=security-contact"
    assert page.delete(f"/api/v1/people/{user}?{query}").status_code == 204
    assert role_of("new@korst.example", here) is None
    last = page.delete(f"/api/v1/people/{head.id}?organisation={here}&role=administrator")
    assert (last.status_code, "last" in last.json()["type"]) == (409, True)


def test_who_has_set_a_password_finds_the_way_on(client):
    page = client.get("/account/password/reset/key/done/")
    assert page.status_code == 200
    assert b'class="button" href="/account/login/"' in page.content
