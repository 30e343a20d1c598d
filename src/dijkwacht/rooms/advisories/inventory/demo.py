"""What the demo's organisations run: invented products, told in several ways."""

import json
from typing import Final

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.inventory import actions
from dijkwacht.rooms.advisories.inventory.models import Inventory
from dijkwacht.rooms.advisories.inventory.reading import lists, read
from dijkwacht.rooms.registry import demo as registry
from dijkwacht.rooms.registry.models import Organisation

TEXTS: Final = (
    ("waterkant", "Stadhuis", "Zwaluw Systemen; Zwaluw Poort; V3.14 P002\nZwaluw Systemen; Zwaluw Beheer; 2025.2\n"),
    ("waterkant", "Sluizen en gemalen", "Merel Techniek; Merel Regelkast; 4.2\nZwaluw Systemen; Zwaluw Poort;\n"),
    ("bakkerij", "Winkel", "Zwaluw Poort V3.15 P018\nKievit Kassa 8.1\n"),
)
WEBSITE: Final = ("waterkant", "Website (SBOM)", "website.cdx.json")
PARTS: Final = (("ottr-parser", "1.4.2"), ("spreeuw", "3.0.1"), ("wulp-templates", "0.9.4"))


def load(actor: Actor) -> int:
    """Tell what the demo's organisations run, once. Returns how many lines. Runs as the demo's own job."""
    with tenancy.acting(actor):
        if Inventory.objects.exists():
            return 0
        texts = [(key, name, lists.read_text(text), "", b"") for key, name, text in TEXTS]
        content = _sbom()
        told = [*texts, (WEBSITE[0], WEBSITE[1], read(content), WEBSITE[2], content)]
        made = 0
        for key, name, reading, filename, raw in told:
            owner = Organisation.objects.filter(id=registry.identifier(key), active=True).first()
            if owner is None:
                continue
            row = Inventory.objects.create(organisation=owner, name=name, created_by=actor.id)
            done = actions.take_in(actor=actor, inventory=row.id, reading=reading, filename=filename, content=raw)
            made += done.added
    return made


def _sbom() -> bytes:
    parts = [{"type": "library", "name": n, "version": v, "purl": f"pkg:npm/{n}@{v}"} for n, v in PARTS]
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": parts}).encode()
