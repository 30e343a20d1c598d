"""What sources send comes in once, in its versions; what cannot is set aside with why, and can be replayed."""

import gzip
import json
import zlib
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.advisories.said import TAKER, analyst, csaf, cve, kev, matter_of, take

from dijkwacht.feeds.advisories.catalogue import catalogue
from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.sourcing import actions, actions_keeping, models, reads
from dijkwacht.rooms.advisories.sourcing.errors import AlreadyDone, NoMatter, NoSource, ReasonNeeded, StillWrong
from dijkwacht.rooms.advisories.sourcing.files import files_of
from dijkwacht.rooms.advisories.sourcing.reading import File, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_the_centre")]
A = "CVE-2026-1001"
SOURCES = catalogue()


def test_the_same_file_again_changes_nothing():
    assert take(cve(A), kev(A)).new == 2
    again = take(cve(A), kev(A))
    assert (again.new, again.changed, again.same) == (0, 0, 2)


def test_a_new_version_replaces_what_an_item_says_and_keeps_the_old_as_it_came():
    first, second = (
        json.dumps(csaf("ADV-1", A, title="Before")).encode(),
        csaf("ADV-1", A, version="2", day=2, title="Now"),
    )
    take(first)
    assert take(second).changed == 1
    item = models.Item.objects.get()
    assert (item.title, item.label, item.versions) == ("Now", "2", 2)
    kept = [zlib.decompress(one.raw) for one in models.ItemVersion.objects.order_by("updated_at")]
    assert kept[0] == first
    assert models.Statement.objects.filter(item_id=item.id).count() == 1


def test_an_older_version_that_comes_late_is_kept_and_not_shown():
    take(csaf("ADV-1", A, version="2", day=2, title="Now"))
    report = take(csaf("ADV-1", A, title="Before"))
    assert (report.changed, report.older) == (0, 1)
    assert models.Item.objects.get().title == "Now"


def test_versions_of_one_item_in_one_taking_end_in_the_newest():
    take(csaf("ADV-1", A, version="2", day=2, title="Now"), csaf("ADV-1", A, title="Before"))
    assert models.Item.objects.get().title == "Now"
    assert models.ItemVersion.objects.count() == 2


def test_a_document_that_fails_the_check_is_set_aside_with_its_findings_and_stops_no_other():
    bad = csaf("ADV-2", A)
    bad["vulnerabilities"][0]["product_status"]["known_affected"] = ["P-9"]
    report = take(bad, csaf("ADV-1", A))
    assert (report.new, report.aside) == (1, 1)
    row = models.SetAside.objects.get()
    assert row.findings[0].startswith("6.1.1 /vulnerabilities/0")
    assert json.loads(zlib.decompress(row.raw)) == bad


def test_a_person_takes_it_as_it_is_with_a_reason_and_only_once():
    bad = csaf("ADV-2", A)
    bad["vulnerabilities"][0]["remediations"].append(
        {"category": "mitigation", "details": "Do.", "product_ids": ["P-9"]}
    )
    take(bad)
    actor, row = analyst(), models.SetAside.objects.get()
    with tenancy.acting(actor):
        with pytest.raises(StillWrong):
            actions.replay(actor=actor, aside=row.id)
        assert actions.replay(actor=actor, aside=row.id, despite="a product too many in a remedy").new == 1
        with pytest.raises(AlreadyDone):
            actions.replay(actor=actor, aside=row.id)
    assert matter_of(A).items == 1


def test_what_need_not_come_in_is_let_go_with_a_reason():
    take({"document": {"csaf_version": "2.0"}})
    actor, row = analyst(), models.SetAside.objects.get()
    with tenancy.acting(actor):
        with pytest.raises(ReasonNeeded):
            actions.let_go(actor=actor, aside=row.id, reason="")
        actions.let_go(actor=actor, aside=row.id, reason="a test of the provider")
        assert reads.set_aside(actor).count() == 0


def test_a_source_speaks_for_its_own_publisher_only():
    document = csaf("ADV-1", A, namespace="https://somebody-else.example")
    report = take(document, source="cisa-csaf")
    assert report.aside == 1
    assert "speaks for https://www.cisa.gov/ only" in report.findings[0]


def test_two_sources_with_the_same_identifier_do_not_touch_each_other():
    take(csaf("ADV-1", title="Of files"), source="csaf-files")
    take(csaf("ADV-1", title="Of NCSC"), source="ncsc-csaf")
    assert models.Item.objects.count() == 2
    assert models.Matter.objects.exclude(state="joined").count() == 2


def test_a_hash_that_is_not_that_of_the_bytes_sets_aside():
    raw = json.dumps(csaf("ADV-1", A)).encode()
    actions.ingest(actor=TAKER, files=[File("https://x.example/a.json", raw, mismatch="0" * 64)], source="csaf-files")
    assert "its hash is not the one" in models.SetAside.objects.get().findings[0]


def test_a_cve_record_speaks_of_its_own_cve_only():
    found = read(File("CVE-2026-1.json", json.dumps(cve(A)).encode()), SOURCES["cve-list"])
    assert "a record speaks of its own CVE only" in found.aside[0].findings[0]


def test_a_rejected_record_says_nothing_any_more_of_how_bad_it_is():
    vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
    take(cve(A, vector=vector, ssvc="active"))
    assert matter_of(A).active
    take(cve(A, vector=vector, ssvc="active", state="REJECTED", day=2))
    assert (matter_of(A).active, matter_of(A).cvss) == (False, None)


def test_a_folder_is_read_whole_and_links_out_of_it_are_not_followed(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_text(json.dumps(cve(A)))
    (tmp_path / "in" / "changes.csv").write_text("a.json,2026-11-01T00:00:00Z\n")
    (tmp_path / "secret.json").write_text("{}")
    (tmp_path / "in" / "b.json").symlink_to(tmp_path / "secret.json")
    assert [one.place for one in files_of(tmp_path / "in")] == [str(tmp_path / "in" / "a.json")]


def test_a_source_that_is_not_there_is_named():
    with pytest.raises(NoSource, match="cve-list"):
        take(cve(A), source="nothing")


def test_the_words_of_a_mail_go_after_their_term_and_its_cve_stays():
    mail = f"From: a@b.example\nMessage-ID: <1@b.example>\nSubject: {A} seen by Jan\n\nJan saw it.\n".encode()
    take(mail)
    with tenancy.acting(TAKER):
        matter = matter_of(A)
        assert reads.told(TAKER, matter.id)[0].said is not None
        assert actions_keeping.erase_mails(actor=TAKER, before=timezone.now() - timedelta(days=1)) == 0
        assert actions_keeping.erase_mails(actor=TAKER, before=timezone.now() + timedelta(minutes=1)) == 1
        assert reads.told(TAKER, matter.id)[0].said is None
        with pytest.raises(NoMatter):
            reads.as_it_came(TAKER, models.Item.objects.get().id)
    assert "Jan" not in str(
        [*models.Item.objects.values(), *models.Naming.objects.values(), *models.Matter.objects.values()]
    )
    assert matter_of(A).items == 1


DEEP = b'{"document": ' + b"[" * 5_000 + b"]" * 5_000 + b', "csaf_version": "2.0"}'
BOMB = gzip.compress(b"0" * (80 << 20))
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cccc"><!ENTITY d "&b;&b;">]><rss><channel>&d;</channel></rss>'
)
HOSTILE = [
    ("csaf", DEEP, "nests deeper"),
    ("csaf", b'{"document": {"csaf_version": "9"}}', "only 2.0 and 2.1"),
    ("csaf", b"\xff\xfe{}", "not JSON"),
    ("csaf", json.dumps({**csaf("ADV-1", A), "vulnerabilities": "none"}).encode(), "schema"),
    ("cve", b'{"dataType": "CVE_RECORD", "cveMetadata": []}', "no CVE record"),
    ("cve", b"[" * 100_000, "nests deeper"),
    ("epss", BOMB, "unpacked it has more than"),
    ("epss", b"\x1f\x8b\x08broken", "gzip is broken"),
    ("epss", b"cve,other\nCVE-2026-1,1\n", "needed are cve, epss"),
    ("kev", b'{"catalogVersion": 1, "vulnerabilities": {}}', "holds nothing"),
    ("news", ENTITIES, "declares XML entities"),
    ("news", b"<html>no feed</html>", "no entry was found"),
    ("mail", b"To: " + b"a@b.example, " * 6_000 + b"\n\nx", "addresses"),
]


@pytest.mark.parametrize(("kind", "raw", "said"), HOSTILE, ids=[str(at) for at in range(len(HOSTILE))])
def test_hostile_bytes_are_set_aside_with_what_is_wrong(kind, raw, said):
    source = next(one for one in SOURCES.values() if one.kind == kind)
    found = read(File("hostile", raw), source)
    assert found.items == []
    assert said in found.aside[0].findings[0]


def test_scripts_and_control_characters_never_get_into_a_text():
    title = "<script>alert(1)</script>Real\u202e\u0000 title"
    shown = title.replace("\u0000", "")
    link = "<link>javascript:alert(1)</link>"
    news = f"<rss><channel><item><title><![CDATA[{shown}]]></title>{link}</item></channel></rss>"
    take(news.encode(), cve(A, title="Nul \u0000 and \u202e override"))
    rows = {row.kind: row for row in models.Item.objects.all()}
    assert rows["news"].title == "Real title"
    assert rows["news"].url == ""
    assert rows["cve"].title == "Nul and override"


def test_a_cvss_vector_that_is_none_is_not_kept_and_a_score_follows_from_the_vector():
    take(cve(A, vector="CVSS:3.1/AV:X/AC:L"))
    assert matter_of(A).cvss is None


def test_the_matter_can_be_found_by_product_and_by_cve():
    take(cve(A), csaf("ADV-1", "CVE-2026-5000", title="Pump station"))
    with tenancy.acting(TAKER):
        found = {
            words: [row.name for row in reads.matters(TAKER, reads.Wanted(words=words))]
            for words in ("pump stat", "cve-2026-1001", "thing vendor", "'; drop table", "&|!:*", "nowhere")
        }
    assert found["pump stat"] == ["CVE-2026-5000"]
    assert found["cve-2026-1001"] == [A]
    assert sorted(found["thing vendor"]) == [A, "CVE-2026-5000"]
    assert found["'; drop table"] == found["&|!:*"] == found["nowhere"] == []


def test_a_file_that_no_source_is_known_for_is_named():
    report = actions.ingest(
        actor=TAKER, files=[File("folder/half.json", b'{"document": {'), File("folder/x.json", b"{}")]
    )
    assert (report.files, report.passed_over) == (2, 2)
    assert report.of_no_source == ["folder/half.json", "folder/x.json"]
