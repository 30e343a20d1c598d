"""Sources are asked on their own, conditionally, by the one way out; hashes are held against what came."""

import json
from hashlib import sha512

import pytest
from tests.advisories.conftest import HOST
from tests.advisories.said import TAKER, csaf, cve

from dijkwacht.feeds.advisories.bounds import Unreadable
from dijkwacht.feeds.advisories.csaf import listing
from dijkwacht.platform.egress.way import Egress, allowed
from dijkwacht.rooms.advisories.sourcing import actions, models, scheduling
from dijkwacht.rooms.advisories.sourcing.asking import NotFetched, fetch
from dijkwacht.rooms.advisories.sourcing.fetching import files_at
from dijkwacht.rooms.advisories.sourcing.known import sources

A, B = "CVE-2026-1001", "CVE-2026-1002"
METADATA = {"canonical_url": "x", "publisher": {"name": "V", "namespace": "https://vendor.example"}}


def page(document, **headers):
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    return 200, headers, raw


def conditional(document, etag):
    """A page that answers 304 to who has it."""

    def answer(handler):
        if handler.headers.get("If-None-Match") == etag:
            handler.send_response(304)
            handler.end_headers()
            return
        body = json.dumps(document).encode()
        handler.send_response(200)
        handler.send_header("ETag", etag)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def test_what_is_as_we_know_it_does_not_come_again(site, egress):
    site.pages["/a.json"] = conditional({"a": 1}, '"v1"')
    first = fetch(f"https://{HOST}/a.json", egress)
    assert (first.fresh, first.known.etag) == (True, '"v1"')
    assert not fetch(f"https://{HOST}/a.json", egress, first.known).fresh


def test_a_redirect_is_judged_anew_and_does_not_leave_https(site, egress):
    site.pages["/a"] = (302, {"Location": "/b"}, b"")
    site.pages["/b"] = page(b"there")
    site.pages["/c"] = (302, {"Location": f"http://{HOST}/b"}, b"")
    site.pages["/d"] = (302, {"Location": "/d"}, b"")
    assert fetch(f"https://{HOST}/a", egress).body == b"there"
    with pytest.raises(NotFetched, match="from https to http"):
        fetch(f"https://{HOST}/c", egress)
    with pytest.raises(NotFetched, match="more than 5 times"):
        fetch(f"https://{HOST}/d", egress)


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1/", "https://[::1]/", "https://bron.voorbeeld.nl/", "https://[64:ff9b::7f00:1]/"],
    ids=["v4", "v6", "name", "carried"],
)
def test_an_address_inside_is_never_asked(names, url):
    inside = Egress(resolvers=(("127.0.0.1", names.port),), judge=allowed)
    with pytest.raises(NotFetched, match="we do not go there"):
        fetch(url, inside)


@pytest.mark.parametrize(
    "url", ["ftp://x.example/", "https://u:p@x.example/", "https://x.example:99999/", "https:///x"]
)
def test_what_is_no_address_of_the_web_is_said(url, egress):
    with pytest.raises(NotFetched):
        fetch(url, egress)


def test_a_body_that_unpacks_to_far_more_is_refused(site, egress):
    import gzip

    site.pages["/bomb"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"0" * (90 << 20)))
    with pytest.raises(NotFetched, match="unpacks to far more"):
        fetch(f"https://{HOST}/bomb", egress)


def folder(site, documents, hashes=True):
    """A directory provider: changes.csv, and a SHA-512 beside each document."""
    lines = []
    for name, document in documents.items():
        raw = json.dumps(document).encode()
        site.pages[f"/csaf/2026/{name}"] = (200, {}, raw)
        digest = sha512(raw).hexdigest() if hashes is True else hashes
        site.pages[f"/csaf/2026/{name}.sha512"] = (200, {}, f"{digest}  {name}\n".encode())
        lines.append(f"2026/{name},{document['document']['tracking']['current_release_date']}")
    site.pages["/csaf/changes.csv"] = (200, {}, "\n".join(lines).encode())


@pytest.mark.django_db
@pytest.mark.usefixtures("as_the_centre")
def test_a_provider_is_followed_and_only_what_changed_is_fetched_again(site, egress, overlay):
    overlay("vendor", "/provider-metadata.json")
    site.pages["/provider-metadata.json"] = page(
        METADATA | {"distributions": [{"directory_url": f"https://{HOST}/csaf/"}]}
    )
    folder(site, {"a.json": csaf("ADV-1", A), "b.json": csaf("ADV-2", B)})
    assert scheduling.ask("vendor", egress).error == ""
    assert models.Item.objects.filter(source="vendor").count() == 2
    site.hits.clear()
    folder(site, {"a.json": csaf("ADV-1", A, version="2", day=2), "b.json": csaf("ADV-2", B)})
    state = scheduling.ask("vendor", egress)
    assert (state.taken, state.failures) == (1, 0)
    again = [hit.partition("/")[2] for hit in site.hits if hit.endswith((".json", ".csv"))]
    assert again == ["provider-metadata.json", "csaf/changes.csv", "csaf/2026/a.json"]


@pytest.mark.django_db
@pytest.mark.usefixtures("as_the_centre")
@pytest.mark.parametrize("start", ["provider", "aggregator"])
def test_a_provider_that_is_unchanged_itself_does_not_go_silent(start, site, egress, overlay):
    overlay("vendor", f"/{start}.json")
    entries = [{"metadata": {"url": f"https://{HOST}/provider.json"}}]
    aggregator = {"aggregator_version": "2.0", "aggregator": {}, "csaf_providers": entries}
    provider = METADATA | {"distributions": [{"directory_url": f"https://{HOST}/csaf/"}]}
    site.pages["/aggregator.json"] = conditional(aggregator, '"v1"')
    site.pages["/provider.json"] = conditional(provider, '"v1"')
    folder(site, {"a.json": csaf("ADV-1", A)})
    assert scheduling.ask("vendor", egress).taken == 1
    folder(site, {"a.json": csaf("ADV-1", A), "b.json": csaf("ADV-2", B)})
    assert scheduling.ask("vendor", egress).taken == 1
    assert models.Item.objects.filter(source="vendor").count() == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("as_the_centre")
def test_a_document_that_failed_once_comes_although_its_listing_is_unchanged(site, egress, overlay):
    overlay("vendor", "/feed.json")
    sources_of = [{"content": {"src": f"https://{HOST}/{name}.json"}} for name in "ab"]
    site.pages["/feed.json"] = conditional({"feed": {"entry": sources_of}}, '"v1"')
    site.pages["/a.json"] = page(csaf("ADV-1", A))
    state = scheduling.ask("vendor", egress)
    assert (state.taken, "b.json" in state.error) == (1, True)
    site.pages["/b.json"] = page(csaf("ADV-2", B))
    state = scheduling.ask("vendor", egress)
    assert (state.taken, state.error) == (1, "")
    site.hits.clear()
    assert scheduling.ask("vendor", egress).taken == 0
    assert [hit.partition("/")[2] for hit in site.hits] == ["feed.json"]  # all came: it is asked conditionally again


@pytest.mark.django_db
@pytest.mark.usefixtures("as_the_centre")
def test_a_document_whose_hash_is_another_is_set_aside(site, egress, overlay):
    overlay("vendor", "/csaf/changes.csv")
    folder(site, {"a.json": csaf("ADV-1", A)}, hashes="0" * 128)
    scheduling.ask("vendor", egress)
    assert models.Item.objects.filter(source="vendor").count() == 0
    assert "its hash is not the one that the source gives" in models.SetAside.objects.get().findings[0]


@pytest.mark.django_db
@pytest.mark.usefixtures("as_the_centre")
def test_one_source_that_fails_says_so_and_stops_no_other(site, egress, overlay):
    overlay("broken", "/nothing.json")
    overlay("whole", "/feed.json")
    site.pages["/feed.json"] = page({"feed": {"entry": [{"content": {"src": f"https://{HOST}/a.json"}}]}})
    site.pages["/a.json"] = page(csaf("ADV-1", A))
    states = {slug: scheduling.ask(slug, egress) for slug in ("broken", "whole")}
    assert "HTTP 404" in states["broken"].error
    assert (states["broken"].failures, states["broken"].done_at) == (1, None)
    assert (states["whole"].error, states["whole"].taken) == ("", 1)
    again = scheduling.ask("broken", egress)
    assert again.failures == 2
    assert again.due_at - again.tried_at > states["broken"].due_at - states["broken"].tried_at


@pytest.mark.django_db
@pytest.mark.usefixtures("as_the_centre")
def test_a_source_has_its_turn_when_it_is_due_or_somebody_asks(overlay, settings):
    from datetime import timedelta

    from django.utils import timezone

    overlay("vendor", "/a.json")
    now = timezone.now()
    assert scheduling.due(now) == ["vendor"]
    models.SourceState.objects.create(slug="vendor", due_at=now + timedelta(hours=1))
    assert scheduling.due(now) == []
    actions.ask_now(actor=TAKER, source="vendor")
    assert scheduling.due(now) == ["vendor"]
    settings.ADVISORY_SOURCES = []
    models.SourceState.objects.update(asked=False, due_at=None)
    assert scheduling.due(now) == []
    assert sources()["vendor"].every == 60


def test_an_aggregator_leads_to_its_providers_and_one_that_fails_stops_no_other(site, egress):
    entries = [{"metadata": {"url": f"https://{HOST}/{name}.json"}} for name in ("gone", "here")]
    site.pages["/aggregator.json"] = page({"aggregator_version": "2.0", "aggregator": {}, "csaf_providers": entries})
    rolie = {"rolie": {"feeds": [{"url": f"https://{HOST}/feed.json"}]}}
    site.pages["/here.json"] = page(METADATA | {"distributions": [rolie]})
    site.pages["/feed.json"] = page({"feed": {"entry": [{"content": {"src": f"https://{HOST}/a.json"}}]}})
    site.pages["/a.json"] = page(cve(A))
    found = []
    with pytest.raises(NotFetched, match=r"gone\.json"):
        found.extend(files_at(f"https://{HOST}/aggregator.json", egress))
    # What did come was given before it was said what did not.
    given = files_at(f"https://{HOST}/aggregator.json", egress)
    assert json.loads(next(given).raw)["cveMetadata"]["cveId"] == A
    given.close()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"../../secret.json,2026-11-01T00:00:00Z", "line 1 of changes.csv"),
        (b"https://elsewhere.example/a.json,2026-11-01T00:00:00Z", "line 1 of changes.csv"),
        (b"a.json,yesterday", "line 1 of changes.csv"),
        (b"\xff", "not UTF-8"),
    ],
    ids=["above", "elsewhere", "no-moment", "bytes"],
)
def test_a_listing_that_leads_elsewhere_is_refused(raw, said):
    with pytest.raises(Unreadable, match=said):
        listing.changes(raw, "https://x.example/csaf/changes.csv")


def test_what_a_listing_names_is_below_its_folder():
    found = listing.index(b"2026/a.json\n2025/b.json\n", "https://x.example/csaf/index.txt")
    assert [one.url for one in found] == ["https://x.example/csaf/2026/a.json", "https://x.example/csaf/2025/b.json"]
