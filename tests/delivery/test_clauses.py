"""CSAF 2.0, conformance clauses 13 (asset matching) and 17 (SBOM matching), sentence by sentence."""

import json

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.accounts.people import SECURITY, bearer, person, token
from tests.delivery.shelf import go, runs
from tests.notification.world import TEST, member, officer, organisation

from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories import events
from dijkwacht.rooms.advisories.delivery import actions, reads_centre, reads_matching
from dijkwacht.rooms.advisories.delivery.errors import NotAllowed
from dijkwacht.rooms.advisories.delivery.models import Match
from dijkwacht.rooms.advisories.inventory import actions as inventories
from dijkwacht.rooms.advisories.inventory.errors import NotFound
from dijkwacht.rooms.advisories.inventory.models import Inventory, Line
from dijkwacht.rooms.advisories.inventory.reading import read

pytestmark = pytest.mark.django_db
DONE = "django.contrib.auth.backends.ModelBackend"
BOM = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.5",
    "components": [{"type": "library", "name": "FortiOS", "version": "7.3", "supplier": {"name": "Fortinet"}}],
}


@pytest.fixture
def world(shelf):
    """Korst runs it in an office and as a component; Stil runs it too; Ander runs something else. Gives the key."""
    with tenancy.acting(TEST):
        korst = organisation("Korst", mail="")
        runs(korst, "Fortinet; FortiOS; 7.2\nFortinet; FortiOS; 7.1\nnginx 1.2", name="Kantoor")
        sbom = Inventory.objects.create(organisation=korst, name="Kassa", created_by="test")
        content = json.dumps(BOM).encode()
        inventories.take_in(actor=TEST, inventory=sbom.id, reading=read(content), content=content)
        runs(organisation("Stil", mail=""), "fortinet; fortios; 7.0", name="Alles")
        runs(organisation("Ander", mail=""), "nginx 1.2", name="Alles")
        key = shelf.publish()
        go(key)
    return korst, key


def desk():
    client = Client(headers={"Accept-Language": "nl"})
    client.force_login(person("o@centre.example", centre=["officer"]), backend=DONE)
    return client


def asked():
    """What runs wait, without the digest of ticks."""
    rows = ProcrastinateJob.objects.filter(status="todo", task_name__in=("advisories.run", "advisories.run_lines"))
    return [(row.task_name, row.args) for row in rows.order_by("id")]


def test_each_document_has_the_lists_products_and_lines_that_it_meets(world):
    _, (advisory, _) = world
    with tenancy.acting(officer()) as actor:
        lists = reads_matching.inventories_of(actor, advisory)
        assert [(one.name, one.matched) for one in lists] == [("Kantoor", 2), ("Kassa", 1), ("Alles", 1)]
        boms = reads_matching.inventories_of(actor, advisory, sbom=True)
        assert [(one.name, one.matched) for one in boms] == [("Kassa", 1)]
        lines = reads_matching.lines_of(actor, advisory)
        assert [one.version for one in lines.order_by("version")] == ["7.0", "7.1", "7.2", "7.3"]
        components = reads_matching.lines_of(actor, advisory, sbom=True)
        assert [(one.version, one.verdict, one.statuses) for one in components] == [
            ("7.3", "affected", ["not_remediated"])
        ]
        products = reads_matching.products_of(actor, advisory)
        assert [(one["product"], one["matched"], one["organisations"]) for one in products] == [
            ("FortiOS", 3, 1),
            ("fortios", 1, 1),
        ]
    page = f"/advisories/{advisory}/inventories"
    client = desk()
    assert "Kassa" in client.get(page).content.decode()
    assert "Kantoor" not in client.get(f"{page}?sbom=yes").content.decode()
    assert "fortios" in client.get(f"{page}?by=products").content.decode()
    assert "7.3" in client.get(f"{page}?by=lines&sbom=yes").content.decode()


def test_no_organisation_sees_whose_lists_a_document_meets(world):
    korst, (advisory, _) = world
    with tenancy.acting(member(korst)) as actor:
        for look in (reads_matching.inventories_of, reads_matching.lines_of, reads_matching.products_of):
            with pytest.raises(NotAllowed):
                look(actor, advisory)


def test_each_line_and_each_list_has_its_advisories(world):
    korst, _ = world
    with tenancy.acting(TEST):
        lists = {one.name: one.id for one in Inventory.objects.filter(organisation=korst)}
        component, free = Line.objects.get(version="7.3"), Line.objects.get(product="nginx", inventory=lists["Kantoor"])
    client = Client(headers={"Accept-Language": "nl"})
    client.force_login(person("k@korst.example", organisations={korst.id: SECURITY}), backend=DONE)
    with tenancy.acting(member(korst)) as actor:
        met = reads_matching.advisories_of_inventory(actor, lists["Kassa"])
        assert [(one["known"].number, one["lines"], one["verdict"]) for one in met] == [("DW-2026-0001", 1, "affected")]
        assert reads_matching.advisories_of_inventory(actor, lists["Kantoor"])[0]["lines"] == 2
    assert "DW-2026-0001" in client.get(f"/mine/inventory/{lists['Kassa']}").content.decode()
    assert "DW-2026-0001" in client.get(f"/mine/inventory/lines/{component.id}").content.decode()
    assert "DW-2026-0001" not in client.get(f"/mine/inventory/lines/{free.id}").content.decode()


def test_each_product_has_its_advisories(world):
    korst, _ = world
    keeper = person("k@korst.example", organisations={korst.id: SECURITY})
    text = token(keeper, "inventory:read", organisation=korst.id)
    found = Client(headers=bearer(text)).get(f"/api/v1/organisations/{korst.id}/products").json()
    assert {(one["product"], one["lines"], *one["advisories"]) for one in found} == {
        ("FortiOS", 3, "DW-2026-0001"),
        ("nginx", 1),
    }


def test_a_newer_revision_is_no_new_match_unless_what_remedies_it_changed(world, shelf):
    korst, (advisory, _) = world
    with tenancy.acting(member(korst)) as actor:
        actions.answer(actor=actor, organisation=korst.id, advisory=advisory, answer="patched")
    with tenancy.acting(TEST):
        go(shelf.publish(advisory=advisory))
        assert {one.status for one in Match.objects.filter(organisation_id=korst.id)} == {"done"}
        go(shelf.publish(advisory=advisory, remedy="Update to 7.4.2; 7.4.1 does not help."))
        assert {one.status for one in Match.objects.filter(organisation_id=korst.id)} == {"not_remediated"}


def test_every_version_of_a_document_is_a_major_one_and_runs(world, shelf):
    _, (advisory, _) = world
    with tenancy.acting(TEST):
        for version in (2, 3):
            shelf.publish(advisory=advisory)
            events.advisory_published.send(None, advisory=advisory, version=version)
    assert [args["version"] for _, args in asked() if args.get("advisory") == str(advisory)] == [2, 3]


def test_a_new_document_and_a_new_line_run_by_themselves(world, shelf):
    korst, _ = world
    before = len(asked())
    with tenancy.acting(TEST):
        key = shelf.publish()
        events.advisory_published.send(None, advisory=key[0], version=key[1])
        runs(korst, "Fortinet; FortiOS; 6.9", name="Kantoor")
        line = Line.objects.get(version="6.9")
    assert asked()[before:] == [
        ("advisories.run", {"advisory": str(key[0]), "version": key[1]}),
        ("advisories.run_lines", {"lines": [str(line.id)]}),
    ]


def test_a_run_is_asked_for_by_hand(world, shelf):
    korst, (advisory, version) = world
    with tenancy.acting(TEST):
        other = shelf.publish()
        kassa = Inventory.objects.get(name="Kassa")
        line = Line.objects.get(version="7.3")
    client, mine = desk(), Client(headers={"Accept-Language": "nl"})
    mine.force_login(person("k@korst.example", organisations={korst.id: SECURITY}), backend=DONE)
    one = ("advisories.run", {"advisory": str(advisory), "version": version})
    its = ("advisories.run_lines", {"lines": [str(line.id)]})
    for door, address, body, expected in (
        (client, f"/advisories/{advisory}/reach", {}, [one]),
        (client, "/advisories/reach", {"advisory": [advisory, other[0]]}, {str(advisory), str(other[0])}),
        (mine, f"/mine/inventory/{kassa.id}", {"act": "match"}, [its]),
        (
            mine,
            f"/mine/inventory/lines/{line.id}",
            {"act": "match"},
            [its],
        ),
    ):
        before = len(asked())
        assert door.post(address, body).status_code == 302
        new = asked()[before:]
        assert (new if isinstance(expected, list) else {args["advisory"] for _, args in new}) == expected


def test_who_does_not_keep_a_list_asks_for_no_run_of_it(world):
    _, (advisory, version) = world
    with tenancy.acting(TEST):
        ander, kassa = organisation("Nog een", mail=""), Inventory.objects.get(name="Kassa")
        line = Line.objects.get(version="7.3")
    with tenancy.acting(member(ander)) as actor:
        for what in ({"inventory": kassa.id}, {"lines": [line.id]}):
            with pytest.raises(NotFound):
                actions.match_again(actor=actor, **what)
        with pytest.raises(NotAllowed):
            actions.match_again(actor=actor, advisories=[(advisory, version)])


def test_lines_and_components_are_counted_in_all_and_by_status(world):
    korst, (advisory, _) = world
    with tenancy.acting(member(korst)) as actor:
        actions.answer(actor=actor, organisation=korst.id, advisory=advisory, answer="patched")
    with tenancy.acting(officer()) as actor:
        assert reads_centre.counts(actor, advisory) == {
            "lines": 4,
            "organisations": 2,
            "status": {"done": 3, "not_remediated": 1},
        }
        assert reads_centre.counts(actor, advisory, sbom=True) == {
            "lines": 1,
            "organisations": 1,
            "status": {"done": 1},
        }
