"""From a file's bytes to a notice in the outbox, on a real database."""

import pytest

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.notification import intake, pipeline, registry_index, retro
from dijkwacht.rooms.notification.models import Batch, Decision, Event, Finding, Notice, NoticeItem, SetAsideLine
from dijkwacht.rooms.registry.models import Asset, Contact, Organisation

OFFICER = system("test")
HEADER = (
    "timestamp,severity,ip,protocol,port,hostname,tag,asn,geo,region,city,naics,hostname_source,sector,http,http_code"
)


def report(*rows: str) -> bytes:
    return ("\n".join([HEADER, *rows]) + "\n").encode()


def row(ip: str, *, time: str = "2026-11-21 03:00:00", severity: str = "medium", port: int = 80, host: str = "") -> str:
    return f'"{time}","{severity}","{ip}","tcp","{port}","{host}","http","64500","NL","","","","","","HTTP/1.1","200"'


@pytest.fixture
def centre(db, settings, tmp_path):
    settings.HOME = tmp_path
    with tenancy.acting(OFFICER):
        yield OFFICER


@pytest.fixture
def bakery(centre):
    organisation = Organisation.objects.create(name="Bakkerij Korst", language="nl")
    Contact.objects.create(organisation=organisation, email="veiligheid@korst.example", language="nl")
    Asset.objects.create(organisation=organisation, kind="prefix", value="192.0.2.0/24", status="verified")
    return organisation


def hand_in(content: bytes, name: str = "2026-11-21-scan_http-nl.csv", **options) -> Batch:
    batch = intake.accept(actor=OFFICER, chunks=[content], filename=name, channel="cli", **options).batch
    pipeline.process(batch.id)
    batch.refresh_from_db()
    return batch


def test_a_report_becomes_findings_a_decision_and_one_notice(bakery):
    batch = hand_in(report(row("192.0.2.7"), row("192.0.2.7", time="2026-11-21 04:00:00"), row("198.51.100.9")))
    assert (batch.state, batch.problem) == ("done", "")
    assert (batch.read, batch.attributed, batch.findings_new, batch.notices) == (3, 2, 1, 1)
    finding = Finding.objects.get()
    assert (finding.organisation_id, finding.count, finding.address, finding.state) == (
        bakery.id,
        2,
        "192.0.2.7",
        "open",
    )
    assert Event.objects.get().outcome == "told"
    assert Decision.objects.get().route == "direct"
    notice = Notice.objects.get()
    assert (notice.organisation_id, notice.findings, notice.state) == (bakery.id, 1, "queued")
    assert Message.objects.get().recipient == "veiligheid@korst.example"


def test_two_hosts_of_one_network_are_two_findings_in_one_notice_with_both_addresses(bakery):
    batch = hand_in(report(row("192.0.2.7"), row("192.0.2.8"), row("192.0.2.8", time="2026-11-21 05:00:00")))
    assert (batch.attributed, batch.findings_new, batch.notices) == (3, 2, 1)
    assert dict(Finding.objects.values_list("address", "count")) == {"192.0.2.7": 1, "192.0.2.8": 2}
    assert Notice.objects.get().findings == 2
    assert Message.objects.count() == 1
    body = Message.objects.get().body
    assert "192.0.2.7" in str(body)
    assert "192.0.2.8" in str(body)


def test_a_mere_repeat_is_not_told_again(bakery):
    hand_in(report(row("192.0.2.7")))
    second = hand_in(report(row("192.0.2.7", time="2026-11-22 03:00:00")), "2026-11-22-scan_http-nl.csv")
    assert (second.findings_new, second.findings_repeated, second.notices) == (0, 1, 0)
    assert Finding.objects.get().count == 2


def test_a_finding_that_gets_worse_is_told_again(bakery):
    hand_in(report(row("192.0.2.7", severity="low")))
    worse = hand_in(report(row("192.0.2.7", severity="high")), "2026-11-22-scan_http-nl.csv")
    assert (worse.findings_changed, worse.notices) == (1, 1)
    assert Finding.objects.get().version == 2


def test_the_same_bytes_are_recognised(bakery):
    content = report(row("192.0.2.7"))
    first = hand_in(content)
    again = intake.accept(actor=OFFICER, chunks=[content], filename="other.csv", channel="cli")
    assert again.known
    assert again.batch.id == first.id


def test_an_unknown_report_type_is_quarantined(bakery):
    batch = hand_in(report(row("192.0.2.7")), "2026-11-21-scan_teapot-nl.csv")
    assert batch.state == "quarantined"
    assert "scan_teapot" in batch.problem


def test_bad_lines_are_set_aside_and_the_rest_goes_on(bakery):
    batch = hand_in(report(row("192.0.2.7"), row("192.0.2.8", port=70000), row("not-an-address")))
    assert (batch.read, batch.set_aside, batch.findings_new) == (3, 2, 1)
    assert set(SetAsideLine.objects.values_list("line", "column", "reason")) == {
        (2, "port", "bad-port"),
        (3, "ip", "bad-address"),
    }


def test_nothing_is_told_of_an_unverified_asset(bakery):
    Asset.objects.update(status="claimed")
    batch = hand_in(report(row("192.0.2.7")))
    assert (batch.attributed, Finding.objects.count(), Notice.objects.count()) == (0, 0, 0)


def test_processing_a_batch_twice_tells_it_once(bakery):
    batch = hand_in(report(row("192.0.2.7")))
    Batch.objects.update(state="folded")
    pipeline.process(batch.id)
    assert (Notice.objects.count(), NoticeItem.objects.count(), Message.objects.count()) == (1, 1, 1)


def test_a_newly_verified_asset_hears_what_was_already_known(bakery):
    Asset.objects.update(status="claimed")
    hand_in(report(row("192.0.2.7"), row("198.51.100.9")))
    assert not Finding.objects.exists()
    Asset.objects.update(status="verified")
    batch = retro.look_back([bakery.id])
    assert (batch.findings_new, batch.notices) == (1, 1)
    assert Finding.objects.get().evidence["http_code"] == "200"
    assert retro.look_back([bakery.id]).findings_new == 0


def test_a_new_column_is_announced_and_not_shown_to_the_receiver(bakery):
    content = (
        report(row("192.0.2.7")).replace(b"http_code", b"http_code,brand_new").replace(b'"200"', b'"200","secret"')
    )
    batch = hand_in(content)
    assert "brand_new" in batch.announcements[0]["en"]
    assert "secret" not in str(Finding.objects.get().evidence)


@pytest.mark.parametrize(
    ("name", "content", "feed"),
    [
        ("suspects.txt", b"192.0.2.7\n198.51.100.9\n", "list-ip"),
        ("networks", b"# from a colleague\n192.0.2.0/28\n", "list-prefix"),
        ("names.csv", b"www.korst.example\n", "list-domain"),
        ("leak", b"kees@korst.example\n", "list-email"),
        ("paste.txt", b"hxxps://www[.]korst[.]example/login\n198.51.100.9\n", "list-mixed"),
    ],
)
def test_a_plain_list_needs_no_name_that_tells_what_it_is(bakery, name, content, feed):
    Asset.objects.create(organisation=bakery, kind="domain", value="korst.example", status="verified")
    batch = hand_in(content, name)
    assert (batch.problem, batch.feed, batch.findings_new, batch.set_aside) == ("", feed, 1, 0)


def test_a_file_whose_rows_each_have_a_type_is_not_named_after_one_of_them(bakery):
    assert hand_in(b"198.51.100.9\nwww.korst.example\n", "paste.txt").report == ""
    assert hand_in(b"198.51.100.9\n", "list.txt").report == "listed-address"


def test_an_address_and_a_name_of_one_organisation_are_one_thing_to_tell(bakery):
    Asset.objects.create(organisation=bakery, kind="domain", value="korst.example", status="verified")
    batch = hand_in(report(row("192.0.2.7", host="www.korst.example"), row("198.51.100.9", host="shop.korst.example")))
    assert batch.findings_new == 2
    assert set(Finding.objects.values_list("how", "address")) == {("prefix", "192.0.2.7"), ("domain", "198.51.100.9")}


def test_an_index_of_another_version_of_the_program_is_built_again(bakery, settings):
    registry_index.current()
    for manifest in (settings.HOME / "index").rglob("manifest.json"):
        manifest.write_text('{"format": 0, "version": "x"}')
    registry_index._load.cache_clear()
    assert registry_index.current().registry.height == 1


def test_an_organisation_out_of_reach_is_told_through_the_holder_of_its_network(bakery):
    Contact.objects.all().delete()
    provider = Organisation.objects.create(name="Voorbeeld Telecom", kind="network-owner")
    Contact.objects.create(organisation=provider, role="abuse", email="abuse@telecom.example")
    Asset.objects.create(organisation=provider, kind="prefix", value="192.0.0.0/16", status="verified", fallback=True)
    hand_in(report(row("192.0.2.7")))
    notice = Notice.objects.get()
    assert (notice.organisation_id, notice.route) == (provider.id, "network-owner")
    assert NoticeItem.objects.get().about_id == bakery.id
    assert Message.objects.get().recipient == "abuse@telecom.example"
