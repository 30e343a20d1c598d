"""Pages, API and commands of proof, as people and programs use them."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from tests.accounts.people import ADMINISTRATOR, REPORTER, person
from tests.accounts.people import token as api_token
from tests.proof.conftest import DOMAIN, claim, egress, new
from tests.proof.snapshots import SAMPLES
from tests.proof.steps import NAME, fresh, prove, publish, start
from tests.registry.people import OFFICER, administrator

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.platform.egress import way as ways
from dijkwacht.rooms.proof import checking, cli, rules
from dijkwacht.rooms.proof.models import Challenge
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry.models import Asset

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return new("Gemeente Voorbeeld")


@pytest.fixture
def resolver(names, monkeypatch):
    """Our own name server as the installation's resolver."""
    monkeypatch.setattr(ways, "from_settings", lambda: egress(names))
    return names


def sign_in(client, user):
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def keeper(client, organisation):
    user = person("ciso@voorbeeld.example", organisations={organisation.id: ADMINISTRATOR}, language="en")
    return sign_in(client, user)


def challenge_of(asset, method="dns"):
    with tenancy.acting(OFFICER):
        return Challenge.objects.get(asset=asset, method=method)


def test_an_organisation_shows_its_domain_by_itself(keeper, organisation, resolver):
    answer = keeper.post(
        f"/registry/organisations/{organisation.id}/assets/new", {"kind": "domain", "value": DOMAIN}, follow=True
    )
    assert "The claim is stored" in answer.content.decode()
    with tenancy.acting(OFFICER):
        asset = Asset.objects.get(value=DOMAIN)
    page = keeper.post(f"/proof/assets/{asset.uid}/start", {"method": "dns"}, follow=True).content.decode()
    challenge = challenge_of(asset)
    assert NAME in page
    assert rules.line(challenge.token) in page
    page = keeper.post(f"/proof/challenges/{challenge.id}/check", follow=True).content.decode()
    assert "We are looking now" in page
    checking.check(challenge.id, egress=ways.from_settings())  # as the worker does
    assert "there is no such name" in keeper.get(f"/proof/assets/{asset.uid}").content.decode()
    publish(resolver, challenge)
    checking.check(challenge.id, egress=ways.from_settings())
    page = keeper.get(f"/proof/assets/{asset.uid}").content.decode()
    assert "verified" in page
    assert "found your record" in page


def test_a_web_request_looks_nothing_up(keeper, organisation, resolver):
    asset = claim(organisation)
    for method in ("dns", "file", "parent"):
        keeper.post(f"/proof/assets/{asset.uid}/start", {"method": method})
        keeper.post(f"/proof/challenges/{challenge_of(asset, method).id}/check")
    keeper.get(f"/proof/assets/{asset.uid}")
    assert not resolver.asked


def test_a_reporter_sees_how_it_stands_but_no_token_and_no_button(client, organisation):
    asset = claim(organisation)
    challenge = start(asset)
    sign_in(client, person("jurist@voorbeeld.example", organisations={organisation.id: REPORTER}, language="en"))
    page = client.get(f"/proof/assets/{asset.uid}").content.decode()
    assert "waiting for proof" in page
    assert challenge.token not in page
    assert "/check" not in page
    assert client.post(f"/proof/challenges/{challenge.id}/check").status_code == 403


def test_a_claim_that_another_has_proven_reads_like_any_other(client, organisation, names, way):
    prove(claim(organisation), names, way)
    other = new("Bakkerij De Korst")
    sign_in(client, person("info@korst.example", organisations={other.id: ADMINISTRATOR}, language="en"))
    contested, free = claim(other), claim(other, "voorbeeld.org")
    assert fresh(contested).status == "disputed"
    pages = []
    for asset in (contested, free):
        page = client.get(f"/proof/assets/{asset.uid}").content.decode()
        pages.append(page.replace(str(asset.uid), "").replace(asset.value, ""))
    strip = [[line for line in page.splitlines() if "csrf" not in line and "nonce" not in line] for page in pages]
    assert strip[0] == strip[1]
    for address in (f"/registry/organisations/{other.id}", f"/proof/organisations/{other.id}"):
        page = client.get(address).content.decode()
        assert "disputed" not in page
        assert "Gemeente Voorbeeld" not in page


def test_an_officer_sees_both_sides_of_a_conflict_with_what_each_has_shown(client, organisation, names, way):
    other = new("Bakkerij De Korst")
    first, second = claim(organisation), claim(other)
    mine, theirs = start(first), start(second)
    publish(names, mine)
    checking.check(theirs.id, egress=way)
    checking.check(mine.id, egress=way)
    publish(names, mine, theirs)
    checking.check(theirs.id, egress=way)
    sign_in(client, person("officer@centre.example", centre=[CentreRole.OFFICER], language="en"))
    page = client.get("/registry/conflicts").content.decode()
    assert page.count("TXT record: We looked up") == 3
    assert page.count("and found your record") == 3  # each side's check, and the evidence of the verified one
    assert "none of them is yours" in page


def test_an_officer_judges_a_proposal_on_a_page(client, organisation):
    asset = claim(organisation)
    challenge = start(asset)
    with tenancy.acting(OFFICER):
        Challenge.objects.filter(pk=challenge.pk).update(state="proposed")
    sign_in(client, person("officer@centre.example", centre=[CentreRole.OFFICER], language="en"))
    assert DOMAIN in client.get("/proof/waiting").content.decode()
    refused = client.post(f"/proof/challenges/{challenge.id}/judge", {"accept": "yes", "reason": ""}, follow=True)
    assert "reason" in refused.content.decode()
    client.post(f"/proof/challenges/{challenge.id}/judge", {"accept": "yes", "reason": "seen the contract"})
    assert (fresh(asset).status, fresh(asset).method) == ("verified", "officer")


# API


def test_a_program_starts_a_challenge_asks_for_a_look_and_reads_what_was_seen(client, organisation, names, way):
    asset = claim(organisation)
    creator = person("admin@centre.example", centre=[CentreRole.ADMINISTRATOR])
    headers = {"Authorization": f"Bearer {api_token(creator, 'assets:write', organisation=organisation.id)}"}
    made = client.post(
        f"/api/v1/assets/{asset.uid}/challenges", {"method": "dns"}, content_type="application/json", headers=headers
    )
    assert made.status_code == 201
    body = made.json()
    assert body["publish"]["where"] == NAME
    names.records[NAME, "TXT"] = [f'"{body["publish"]["content"]}"']
    assert client.post(f"/api/v1/challenges/{body['id']}/check", headers=headers).status_code == 202
    again = client.post(f"/api/v1/challenges/{body['id']}/check", headers=headers)
    assert (again.status_code, again.json()["type"].endswith("too-soon")) == (429, True)
    checking.check(challenge_of(asset).id, egress=way)
    seen = client.get(f"/api/v1/challenges/{body['id']}", headers=headers).json()
    assert (seen["state"], seen["latest"]["outcome"], seen["wanted_at"]) == ("proven", "match", None)
    listed = client.get(f"/api/v1/assets/{asset.uid}/challenges", headers=headers).json()
    assert [one["id"] for one in listed["items"]] == [body["id"]]


def test_the_api_says_claimed_where_the_centre_says_disputed(client, organisation):
    other = new("Bakkerij De Korst")
    claim(organisation)
    claim(other)
    creator = person("admin@centre.example", centre=[CentreRole.ADMINISTRATOR])
    headers = {"Authorization": f"Bearer {api_token(creator, 'organisations:read', organisation=other.id)}"}
    base = f"/api/v1/organisations/{other.id}/assets"
    statuses = {
        status: [one["status"] for one in client.get(f"{base}?status={status}", headers=headers).json()["items"]]
        for status in ("claimed", "disputed")
    }
    assert statuses == {"claimed": ["claimed"], "disputed": []}


# commands


def run(*arguments, json_too=True):
    found = CliRunner().invoke(cli.verify, [*map(str, arguments), *(["--json"] if json_too else [])])
    return found.exit_code, (json.loads(found.stdout) if found.exit_code < 2 and json_too else found.output)


def test_the_command_looks_now_and_says_what_it_saw(organisation, resolver):
    asset = claim(organisation)
    code, seen = run(DOMAIN)
    assert (code, seen["verified"]) == (1, False)
    dns = next(one for one in seen["checks"] if one["method"] == "dns")
    assert (dns["code"], "no such name" in dns["sentence"]) == ("dns-no-name", True)
    resolver.records[NAME, "TXT"] = [f'"{dns["publish"]}"']
    code, seen = run(asset.uid, "--method", "dns")
    assert (code, seen["status"], [one["outcome"] for one in seen["checks"]]) == (0, "verified", ["match"])
    code, told = run(DOMAIN, "--organisation", organisation.id, json_too=False)
    assert code == 0
    assert "verified (dns)" in told


def test_the_command_tells_what_to_publish(organisation, resolver):
    claim(organisation)
    code, told = run(DOMAIN, json_too=False)
    assert code == 1
    assert f"publish at {NAME} TXT: dijkwacht-challenge=" in told


@pytest.mark.parametrize(
    "arguments",
    [
        ["nobody.nl"],
        ["not a domain"],
        ["AS64499"],
        ["192.0.2.0/24"],
        [DOMAIN, "--method", "whois"],
        [DOMAIN, "--method", "mail"],
        [],
    ],
)
def test_wrong_use_ends_with_two(organisation, resolver, arguments):
    claim(organisation)
    code, told = run(*arguments, json_too=False)
    assert code == 2
    assert "Error" in told


def test_an_asset_that_two_claim_must_be_named_exactly(organisation, resolver):
    other = new("Bakkerij De Korst")
    claim(organisation)
    claim(other)
    code, told = run(DOMAIN, json_too=False)
    assert code == 2
    assert f"--organisation {other.id}" in told
    assert run(DOMAIN, "--organisation", other.id)[0] == 1


def test_an_expired_asset_is_wrong_use(organisation, resolver):
    asset = claim(organisation)
    with tenancy.acting(administrator(organisation.id)):
        registry.expire_asset(actor=administrator(organisation.id), asset=asset.uid, reason="sold")
    assert run(asset.uid)[0] == 2


def test_the_command_brings_a_snapshot_in_and_verifies_by_it(organisation, resolver, tmp_path):
    path = tmp_path / "ripe.db"
    path.write_bytes((SAMPLES / "ripe.db").read_bytes())
    found = CliRunner().invoke(cli.import_command, [str(path), "--dated", "2026-11-01", "--json"])
    assert (found.exit_code, json.loads(found.output)["kept"]["inetnum"]) == (0, 4)
    assert "Imported before" in CliRunner().invoke(cli.import_command, [str(path)]).output
    with tenancy.acting(OFFICER):
        registry.verify_asset(actor=OFFICER, asset=claim(organisation).uid, evidence="x")
    claim(organisation, "192.0.2.0/24", "prefix")
    code, seen = run("192.0.2.0/24")
    assert (code, seen["checks"][0]["code"]) == (0, "whois-match")
    bad = tmp_path / "bad"
    bad.write_text("nothing")
    assert CliRunner().invoke(cli.import_command, [str(bad)]).exit_code == 1


def test_the_commands_stand_under_registry():
    found = subprocess.run(
        [sys.executable, "-m", "dijkwacht", "registry", "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert {"verify", "whois", "import", "export"} <= {line.split()[0] for line in found.splitlines() if line.strip()}


@pytest.mark.parametrize("text", ["999.1.1.1", "198.51.100.0/33", "2001:db8::/129"])
def test_an_address_that_is_none_is_told_as_an_address(text):
    code, told = run(text)
    assert code == 2
    assert "is refused as prefix" in told
