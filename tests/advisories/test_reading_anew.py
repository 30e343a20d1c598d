"""What came in can be read anew from its bytes; what failed the check is not checked again at each run."""

import json
import zlib

import pytest
from click.testing import CliRunner
from tests.advisories.said import csaf, cve, take

from dijkwacht.rooms.advisories.sourcing import cli, models, reading
from dijkwacht.rooms.advisories.sourcing.models import Item, ItemVersion, Matter, SetAside, Statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_the_centre")]


def invalid(name="BAD-1"):
    """A document whose remedy names a product that is not there (test 6.1.1)."""
    made = csaf(name, "CVE-2026-6001")
    made["vulnerabilities"][0]["remediations"][0]["product_ids"] = ["P-9"]
    return made


def test_a_document_that_failed_is_not_checked_again_and_still_counted(monkeypatch):
    assert (take(invalid()).aside, SetAside.objects.count()) == (1, 1)
    monkeypatch.setattr(reading, "check", lambda _: pytest.fail("it was checked again"))
    again = take(invalid())
    assert (again.aside, again.aside_before, again.same) == (0, 1, 0)


def test_a_folder_with_what_was_set_aside_before_ends_with_an_error(tmp_path):
    (tmp_path / "bad.json").write_text(json.dumps(invalid()))
    for said in ("1 set aside, 0 set aside before", "0 set aside, 1 set aside before"):
        done = CliRunner().invoke(cli.ingest, [str(tmp_path)])
        assert done.exit_code == 1
        assert said in done.output


def test_what_was_kept_otherwise_is_read_anew_and_nothing_else_changes():
    take(csaf("ADV-1", "CVE-2026-6001"), cve("CVE-2026-6002"))
    said = sorted(Statement.objects.values_list("vendor", "product", "version", "status"))
    matters, before = set(Matter.objects.values_list("id", flat=True)), list(Item.objects.order_by("id").values())
    Statement.objects.all().delete()  # as an older program kept them
    ItemVersion.objects.update(said=b"\x80")
    done = CliRunner().invoke(cli.reread, [])
    assert (done.exit_code, done.output) == (0, "2 documents read anew, 0 left as they were.\n")
    assert sorted(Statement.objects.values_list("vendor", "product", "version", "status")) == said
    assert list(Item.objects.order_by("id").values()) == before
    assert set(Matter.objects.values_list("id", flat=True)) == matters
    assert CliRunner().invoke(cli.reread, ["--source", "cve-list"]).output.startswith("1 documents")


def test_what_cannot_be_read_any_more_stays_as_it_was():
    take(cve("CVE-2026-6002"))
    before = Statement.objects.count()
    models.ItemVersion.objects.update(raw=zlib.compress(b"{}"))
    done = CliRunner().invoke(cli.reread, [])
    assert (done.exit_code, "1 left as they were" in done.output) == (1, True)
    assert Statement.objects.count() == before


def test_a_source_without_documents_is_named_with_those_that_have_them():
    done = CliRunner().invoke(cli.reread, ["--source", "kev"])
    assert done.exit_code == 2
    assert "cve-list" in done.output
