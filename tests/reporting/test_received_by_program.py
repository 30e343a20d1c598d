"""A receiver of a law takes its reports by program: its own law and nothing else, and says that it received them."""

from hashlib import sha256

import pytest
from tests.accounts.people import bearer, person, token

from dijkwacht.rooms.reporting.delivering.models import ReportReceived

from .story import early_warning, file, member, organisation
from .test_delivering import BREACH
from .test_receivers import receiver

pytestmark = pytest.mark.django_db
HERE = "/api/v1/incidents/reports/for-us"
SCOPES = ("reports:read", "handovers:acknowledge")


@pytest.fixture
def authority():
    return receiver()[0]


@pytest.fixture
def key(authority):
    return token(person("ria@ap.example"), *SCOPES, organisation=authority.id)


@pytest.fixture
def filed(authority):
    whose = organisation()
    return file(member(whose.id), whose.id, facts=early_warning(**BREACH)).reports


def under(filed, law):
    return next(row for row in filed if row.regime == law)


def ask(client, key, path="", **query):
    return client.get(f"{HERE}{path}", query, headers=bearer(key))


def acknowledge(client, key, row):
    return client.post(f"{HERE}/{row.id}/acknowledge", headers=bearer(key))


def test_a_receiver_lists_and_reads_what_its_law_asks_and_nothing_else(client, key, filed):
    (item,) = ask(client, key).json()["items"]
    report = under(filed, "avg")
    assert (item["id"], item["regime"], item["acknowledged_at"]) == (str(report.id), "avg", None)
    whole = ask(client, key, f"/{report.id}").json()
    assert whole["facts"] == report.content["facts"]
    assert "Pumps" not in str(whole)
    assert whole["receipt"]["receipt"]["content_sha256"] == report.sha256
    content = ask(client, key, f"/{report.id}/content")
    assert sha256(content.content).hexdigest() == report.sha256


def test_what_is_not_known_yet_is_told_where_that_law_asks_it_and_no_other(client, key, authority):
    whose = organisation()
    facts = early_warning(**{**BREACH, "suspected_malicious": None, "data_subjects": None})
    report = under(file(member(whose.id), whose.id, facts=facts).reports, "avg")
    assert ask(client, key, f"/{report.id}").json()["not_known_yet"] == ["data_subjects"]


def test_the_report_under_another_law_is_not_there(client, key, filed):
    cbw = under(filed, "cbw")
    for path in (f"/{cbw.id}", f"/{cbw.id}/content"):
        assert ask(client, key, path).status_code == 404
    assert acknowledge(client, key, cbw).status_code == 404
    incident = cbw.incident_id
    assert client.get(f"/api/v1/incidents/{incident}", headers=bearer(key)).status_code == 404
    assert client.get(f"/api/v1/incidents/reports/{cbw.id}/receipt", headers=bearer(key)).status_code == 404


def test_it_is_acknowledged_once_and_leaves_what_waits(client, key, filed, authority):
    report = under(filed, "avg")
    assert [one["id"] for one in ask(client, key, waiting=True).json()["items"]] == [str(report.id)]
    (said,) = acknowledge(client, key, report).json()
    assert (said["report"], said["reader"]) == (str(report.id), str(authority.id))
    assert acknowledge(client, key, report).status_code == 409
    assert ask(client, key, waiting=True).json()["items"] == []
    assert ask(client, key).json()["items"][0]["acknowledged_at"] is not None
    assert ReportReceived.objects.filter(report=report.id).count() <= 1


def test_each_scope_opens_its_own_door(client, authority, filed):
    report = under(filed, "avg")
    reads = token(person("r@ap.example"), "reports:read", organisation=authority.id)
    says = token(person("s@ap.example"), "handovers:acknowledge", organisation=authority.id)
    assert ask(client, reads, f"/{report.id}").status_code == 200
    assert acknowledge(client, reads, report).status_code == 403
    assert ask(client, says, f"/{report.id}").status_code == 403
    assert acknowledge(client, says, report).status_code == 404  # who may not read it does not learn of it


def test_a_receiver_of_another_law_or_of_none_gets_an_empty_list(client, filed):
    for name, law in (("De Nederlandsche Bank", "dora"), ("Rijksinspectie", "cra")):
        other = token(person(f"x@{law}.example"), *SCOPES, organisation=receiver(name, law)[0].id)
        assert ask(client, other).json() == {"items": [], "next": None}
        assert ask(client, other, f"/{under(filed, 'avg').id}").status_code == 404
    assert (
        ask(client, token(person("y@y.example"), *SCOPES, organisation=organisation("Geen").id)).json()["items"] == []
    )


def test_the_list_goes_on_where_it_ended(client, key, authority):
    whose = organisation()
    for _ in range(3):
        file(member(whose.id), whose.id, facts=early_warning(**BREACH))
    first = ask(client, key, limit=2).json()
    rest = client.get(first["next"], headers=bearer(key)).json()
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [2, 1, None]
    assert ask(client, key, regime="cbw").json()["items"] == []
