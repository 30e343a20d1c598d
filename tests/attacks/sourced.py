"""Matters, items and what was set aside: the centre's own, so that A's and B's differ in nothing but their mark."""

import json

from tests.accounts.people import TESTER
from tests.advisories.said import csaf, cve, take
from tests.attacks.objects import makes

from dijkwacht.rooms.advisories.sourcing import models


def _cve(world, owner):
    return "CVE-2026-70001" if owner == world.a else "CVE-2026-70002"


@makes("matter")
def a_matter(world, owner, mark):
    take(cve(_cve(world, owner), title=mark), actor=TESTER)
    return models.Vulnerability.objects.get(name=_cve(world, owner)).matter_id


@makes("source_item")
def an_item(world, owner, mark):
    take(csaf(f"ADV-{_cve(world, owner)}", _cve(world, owner), title=mark), actor=TESTER)
    return models.Item.objects.get(kind="csaf", title=mark).id


@makes("set_aside")
def something_set_aside(world, owner, mark):
    bad = {"document": {"csaf_version": "2.0", "title": mark}}
    take(json.dumps(bad).encode(), actor=TESTER)
    return models.SetAside.objects.order_by("-at").first().id
