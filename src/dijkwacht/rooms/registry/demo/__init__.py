"""The demo's organisations: invented, in space reserved for documentation, in the format of an import."""

from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.registry import actions
from dijkwacht.rooms.registry.errors import UnreadableFile
from dijkwacht.rooms.registry.exchange.checking import identify
from dijkwacht.rooms.registry.models import Organisation

FILE: Final = Path(__file__).parent / "registry.json"
EVIDENCE: Final = "demo: zonder bewijs geverifieerd, want deze ruimte is van niemand"


def identifier(key: str) -> UUID:
    """Return the identifier of a demo organisation by its key in the file, such as "waterkant"."""
    return UUID(identify(f"demo:{key}"))


@transaction.atomic
def load(*, actor: Actor) -> dict[str, Any]:
    """Add the demo's organisations once; what changed in them since stays. Returns how many rows were stored.

    Raises NotAllowed unless an officer or job of ours asks, UnreadableFile outside the demo profile.
    """
    if Organisation.objects.filter(demo=True).exists():
        return {"organisation": 0, "contact": 0, "asset": 0, "mandate": 0, "conflicts": 0}
    with FILE.open("rb") as file:
        report = actions.import_file(actor=actor, file=file, name=FILE.name, evidence=EVIDENCE, demo=True)
    if report.refusals:
        first = report.refusals[0]
        raise UnreadableFile(reason_nl=first.reason_nl, reason_en=f"{first.value!r}: {first.reason_en}")
    for sector in ("1.5", "2.5a"):
        actions.designate(actor=actor, reader=identifier("z-waakt"), sector=sector, role="csirt", ground="Cbb 2 (demo)")
    return {**report.stored, "conflicts": report.conflicts}
