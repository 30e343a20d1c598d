"""The folder of a trusted provider: as the web serves it, as `csaf publish` writes it, and as a check of it finds."""

import hashlib
import ipaddress
import json
import threading
from urllib.parse import urlsplit

import msgspec
import pytest
from click.testing import CliRunner
from tests.accounts.people import TESTER, bearer, person, token
from tests.advisories.written import APPROVER, WRITER, WRITTEN, actor, again, modules, published
from tests.proof import dns_server, web_server

from dijkwacht.api import limits
from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.platform.egress.way import Egress, allowed
from dijkwacht.rooms.advisories.cli_csaf import csaf as command
from dijkwacht.rooms.advisories.delivery.library import Shelf
from dijkwacht.rooms.advisories.publishing import folder, served, writing_out
from dijkwacht.rooms.advisories.validating import provider
from dijkwacht.rooms.advisories.validating.fetching import Answer, fetch
from dijkwacht.rooms.advisories.validating.schemas import metadata_errors
from dijkwacht.rooms.advisories.writing import actions, errors
from dijkwacht.rooms.advisories.writing.content import Text
from dijkwacht.rooms.advisories.writing.models import Advisory
from dijkwacht.rooms.registry.actions import organisations

__all__ = ["modules"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("modules")]
ROOT = "/.well-known/csaf"
BASE = "https://csirt.example/.well-known/csaf"


@pytest.fixture(autouse=True)
def address(settings):
    settings.CSAF_URL, settings.BASE_URL, settings.CSAF_NAMESPACE = (
        BASE,
        "https://csirt.example",
        "https://csirt.example",
    )
    settings.ALLOWED_HOSTS = ["*"]
    served._kept.clear()
    limits.WRONG_TOKENS.clear()


def amber(**fields):
    return msgspec.structs.replace(WRITTEN, tlp="AMBER", **fields)


def test_a_follower_finds_every_document_with_hash_and_signature_from_the_metadata_on(client):
    version = published()
    about = client.get(f"{ROOT}/provider-metadata.json")
    assert about.headers["Content-Type"] == "application/json"
    assert about.headers["Access-Control-Allow-Origin"] == "*"
    metadata = json.loads(about.content)
    assert metadata_errors(metadata, "2.0") == []
    assert about.content == client.get(f"{ROOT}/v2.0/provider-metadata.json").content
    feeds = {one["tlp_label"]: one["url"] for one in metadata["distributions"][0]["rolie"]["feeds"]}
    feed = json.loads(client.get(urlsplit(feeds["WHITE"]).path).content)["feed"]
    (entry,) = feed["entry"]
    assert entry["id"] == version.number
    body = client.get(urlsplit(entry["content"]["src"]).path)
    assert json.loads(body.content)["document"]["tracking"]["id"] == version.number
    links = [(one["rel"], one["href"]) for one in entry["link"]]
    for rel, url in links:
        beside = client.get(urlsplit(url).path)
        assert beside.status_code == 200, (rel, url)
        if url.endswith(("sha256", "sha512")):
            kind = url.rpartition(".")[2]
            assert beside.content.split()[0].decode() == hashlib.new(kind, body.content).hexdigest()
    (key,) = metadata["public_openpgp_keys"]
    assert b"BEGIN PGP PUBLIC KEY BLOCK" in client.get(urlsplit(key["url"]).path).content


def test_the_metadata_of_2_1_is_right_too(client):
    published()
    found = json.loads(client.get(f"{ROOT}/v2.1/provider-metadata.json").content)
    assert metadata_errors(found, "2.1") == []
    assert found["canonical_url"] == f"{BASE}/v2.1/provider-metadata.json"


def test_who_holds_a_file_already_is_told_so_until_something_is_published(client):
    first = published()
    feed = f"{ROOT}/v2.0/white/feed-tlp-white.json"
    tag = client.get(feed).headers["ETag"]
    assert client.get(feed, headers={"If-None-Match": tag}).status_code == 304
    again(first, msgspec.structs.replace(WRITTEN, likelihood="medium"))
    answer = client.get(feed, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert len(json.loads(answer.content)["feed"]["entry"]) == 1


def test_index_and_changes_have_the_form_of_their_version(client):
    first, second = published(), published()
    index = client.get(f"{ROOT}/v2.1/clear/index.txt").content.decode().split()
    assert sorted(index) == sorted(f"{one.initial_at:%Y}/{one.number.lower()}.json" for one in (first, second))
    quoted = client.get(f"{ROOT}/v2.0/white/changes.csv").content.decode().splitlines()
    bare = client.get(f"{ROOT}/v2.1/clear/changes.csv").content.decode().splitlines()
    assert all(one.startswith('"20') and one.endswith('Z"') for one in quoted)
    assert [one.replace('"', "") for one in quoted] == bare
    assert b'href="index.txt"' in client.get(f"{ROOT}/v2.0/white/").content
    assert first.number.lower().encode() in client.get(f"{ROOT}/v2.0/white/{first.initial_at:%Y}/").content


class Reach:
    """Two organisations, a relay-less world: one that an advisory of TLP:AMBER names, and another."""

    def __init__(self):
        with tenancy.acting(TESTER):
            self.named = organisations.create_organisation(actor=TESTER, name="Genoemd BV").id
            self.other = organisations.create_organisation(actor=TESTER, name="Ander BV").id
        self.people = person("admin@centre.example", centre=[CentreRole.ADMINISTRATOR])

    def token(self, organisation, *scopes):
        return bearer(token(self.people, *(scopes or ("advisories:receive",)), organisation=organisation))


def publish_amber(names):
    with tenancy.acting(WRITER):
        row = actions.begin(actor=WRITER, content=amber())
        actions.set_recipients(actor=WRITER, advisory=row.id, names=names)
        actions.offer(actor=WRITER, advisory=row.id, change=1, summary=Text())
    with tenancy.acting(APPROVER):
        return actions.approve(actor=APPROVER, advisory=row.id)


def test_who_is_added_after_the_approval_gets_it_only_with_a_next_version_that_another_approves(client):
    reach = Reach()
    version = publish_amber(["Genoemd BV"])
    path = f"{ROOT}/v2.0/amber/{version.initial_at:%Y}/{version.number.lower()}.json"
    both, theirs = ["Genoemd BV", "Ander BV"], reach.token(reach.other)
    with tenancy.acting(WRITER):
        actions.set_recipients(actor=WRITER, advisory=version.advisory_id, names=both)
    assert client.get(path, headers=theirs).status_code == 404
    with tenancy.acting(TESTER):
        assert Shelf().versions([(version.advisory_id, 1)])[version.advisory_id, 1].recipients == {reach.named}
    with tenancy.acting(WRITER):
        row = Advisory.objects.get(id=version.advisory_id)
        summary = Text(nl="Ook Ander BV", en="Ander BV too")
        actions.offer(actor=APPROVER, advisory=row.id, change=row.change, summary=summary)
        for who, error in ((WRITER, errors.FourEyes), (APPROVER, errors.FourEyes)):
            with pytest.raises(error):
                actions.approve(actor=who, advisory=row.id)
        with pytest.raises(errors.NotNow):
            actions.set_recipients(actor=WRITER, advisory=row.id, names=["Genoemd BV"])
        actions.approve(actor=actor("Derde"), advisory=row.id)
    assert client.get(path, headers=theirs).status_code == 200


def test_amber_reaches_whom_it_names_and_nobody_learns_that_it_is_there(client):
    reach = Reach()
    version = publish_amber(["Genoemd BV"])
    path = f"{ROOT}/v2.0/amber/{version.initial_at:%Y}/{version.number.lower()}.json"
    mine, theirs = reach.token(reach.named), reach.token(reach.other)
    assert client.get(path, headers=mine).status_code == 200
    assert client.get(f"{path}.asc", headers=mine).status_code == 200
    assert (
        len(json.loads(client.get(f"{ROOT}/v2.1/amber/feed-tlp-amber.json", headers=mine).content)["feed"]["entry"])
        == 1
    )
    there, gone = client.get(path, headers=theirs), client.get(path.replace("-0", "-9"), headers=theirs)
    assert (there.status_code, gone.status_code) == (404, 404)
    assert client.get(f"{ROOT}/v2.0/amber/index.txt", headers=theirs).content == b""
    closed = [client.get(one) for one in (path, f"{ROOT}/v2.0/amber/", f"{ROOT}/v2.0/amber/2026/none.json")]
    assert {one.status_code for one in closed} == {401}
    assert len({one.content for one in closed}) == 1
    assert version.number.encode() not in client.get(f"{ROOT}/v2.0/white/feed-tlp-white.json").content
    answer = client.get(path, headers=mine)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers
    wrong_scope = reach.token(reach.named, "findings:read")
    assert client.get(path, headers=wrong_scope).status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "..",
        "v2.0/../../etc/passwd",
        "v2.0/white/2026/../../index.txt",
        "v2.0/white/2026/x.json.exe",
        "openpgp/x.asc",
        "v9/",
    ],
)
def test_an_address_that_is_none_is_not_found(client, path):
    assert client.get(f"{ROOT}/{path}").status_code == 404


def test_publish_writes_the_same_that_the_web_serves(client, tmp_path):
    published()
    out = tmp_path / "out"
    done = writing_out.write(out)
    assert (done.documents, done.linked) == (2, 0)
    own = {writing_out.MARK, "provider-metadata.json", "service.json"}  # these name only the folders that were written
    for path in (one for one in out.rglob("*") if one.is_file() and one.name not in own):
        name = path.relative_to(out)
        assert client.get(f"{ROOT}/{name}").content == path.read_bytes(), name


def test_one_document_more_writes_that_one_and_links_the_rest(tmp_path):
    first = published()
    out = tmp_path / "out"
    writing_out.write(out)
    kept = next(out.rglob(f"{first.number.lower()}.json"))
    before = kept.stat()
    published()
    done = writing_out.write(out)
    assert (done.documents, done.linked) == (4, 2)
    after = kept.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_reader_sees_the_old_folder_or_the_new_one_and_never_half(tmp_path):
    first, out = published(), tmp_path / "out"
    writing_out.write(out)
    ended, wrong = threading.Event(), []

    def read():
        while not ended.is_set():
            index = (out / "v2.0/white/index.txt").read_text().split()
            beside = [f"{one}{kind}" for one in index for kind in ("", ".sha256", ".sha512", ".asc")]
            if not index or not all((out / "v2.0/white" / one).exists() for one in beside):
                wrong.append(index)

    reader = threading.Thread(target=read)
    reader.start()
    for at in range(20):
        if at % 7 == 0:
            first = again(first, msgspec.structs.replace(WRITTEN, likelihood=("low", "medium", "high")[at // 7]))
        writing_out.write(out)
    ended.set()
    reader.join()
    assert wrong == []
    assert sorted(one.name for one in tmp_path.iterdir()) == [".out.before", "out"]


def test_publish_never_takes_away_what_is_not_ours(tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    answer = CliRunner().invoke(command, ["publish", str(tmp_path)])
    assert answer.exit_code == 1
    assert "not ours" in answer.output
    assert (tmp_path / "letter.txt").read_text() == "dear"


def test_publish_writes_only_what_is_clear_unless_it_is_asked(tmp_path):
    published()
    publish_amber([])
    assert writing_out.write(tmp_path / "clear").documents == 2
    assert not (tmp_path / "clear/v2.0/amber").exists()
    done = writing_out.write(tmp_path / "all", actor=TESTER, labels=frozenset({"CLEAR", "AMBER"}))
    assert done.documents == 4


def look_at(client):
    """Look at our own web, as somebody without a key does."""

    def look(url):
        parts = urlsplit(url)
        if parts.netloc != "csirt.example":
            return Answer(url, problem="no such name")
        found = client.get(parts.path, secure=True)
        return Answer(url, found.status_code, found.content, {k.lower(): v for k, v in found.headers.items()})

    return look


@pytest.mark.parametrize("version", ["2.0", "2.1"])
def test_our_own_folder_meets_every_requirement_of_a_trusted_provider(client, version):
    first = published()
    again(first, msgspec.structs.replace(WRITTEN, likelihood="medium"))
    publish_amber([])
    found = provider.check(f"{BASE}/v{version}/provider-metadata.json", look_at(client))
    states = {one.number: one.state for one in found}
    assert states.pop(10) == "not-used", "a DNS name is the operator's to give"
    assert set(states.values()) == {"met"}, [(one.number, one.found) for one in found if one.state != "met"]


@pytest.mark.parametrize(
    ("path", "instead", "number"),
    [
        ("feed-tlp-white.json", b"{}", 15),
        ("index.txt", b"2026/other.json\n", 13),
        (".json.sha512", b"0" * 128, 18),
        (".json.asc", b"no signature", 19),
        ("service.json", b"[]", 16),
        ("openpgp/", b"no key", 20),
    ],
)
def test_the_check_says_which_requirement_is_not_met(client, path, instead, number):
    published()
    own = look_at(client)

    def look(url):
        found = own(url)
        return Answer(url, 200, instead, found.headers) if path in url else found

    states = {one.number: one.state for one in provider.check(f"{BASE}/v2.0/provider-metadata.json", look)}
    assert states[number] == "not-met"


def test_a_stranger_is_reached_over_tls_and_never_at_an_address_inside(tmp_path):
    site, (server_tls, client_tls) = web_server.Site(), web_server.certificate(tmp_path, "csaf.example")
    site.pages["/a.json"] = (200, {"Content-Type": "application/json"}, b"{}")
    site.pages["/loop"] = (302, {"Location": "/loop"}, b"")
    names = dns_server.NameServer({("csaf.example", "A"): ["127.0.0.1"]}, zones=("csaf.example",))
    with web_server.serving(site, tls=server_tls), dns_server.serving(names):
        resolvers = (("127.0.0.1", names.port),)
        closed = Egress(resolvers=resolvers, judge=allowed, https_port=site.port, tls=client_tls)
        assert "not on the public internet" in fetch("https://csaf.example/a.json", closed).problem
        assert site.hits == []
        way = Egress(resolvers=resolvers, judge=lambda _: True, https_port=site.port, tls=client_tls)
        assert fetch("https://csaf.example/a.json", way).body == b"{}"
        assert "redirects" in fetch("https://csaf.example/loop", way).problem
    with web_server.serving(web_server.Site({"/a.json": (200, {}, b"{}")})) as here:
        ours = f"127.0.0.1:{here.port}"
        assert "not on the public internet" in fetch(f"http://{ours}/a.json", closed).problem
        own = {ours: ipaddress.ip_address("127.0.0.1")}
        assert fetch(f"http://{ours}/a.json", closed, own).body == b"{}"
        assert "not on the public internet" in fetch("http://127.0.0.2/a.json", closed, own).problem
    assert fetch("file:///etc/passwd", closed).problem == "only http and https addresses are looked at"
    assert fetch("https://user@csaf.example/", closed).problem == "only http and https addresses are looked at"


def test_the_files_have_the_rule_of_their_label():
    assert folder.folders("2.0") == ["white", "green", "amber", "red"]
    assert folder.labels("2.0", "amber") == ["AMBER", "AMBER+STRICT"]
    assert folder.folders("2.1") == ["clear", "green", "amber", "amber+strict", "red"]
    assert [folder.is_open("2.1", one) for one in folder.folders("2.1")] == [True, False, False, False, False]
