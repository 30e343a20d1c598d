"""Whether who appealed controls the site: our token in its DNS or in a file on it. It helps to decide, no more.

The looks are those of the room `proof`: resolvers and addresses are judged there, so a look reaches no inside.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.egress.way import Egress, from_settings
from dijkwacht.rooms.phishing.warning.models import Appeal
from dijkwacht.rooms.proof import rules
from dijkwacht.rooms.proof.looking import file, txt
from dijkwacht.rooms.proof.vocabulary import Outcome

LOOKER: Final = system("phishing:appeal-proof")
BETWEEN: Final = timedelta(seconds=30)  # two looks for one appeal


def what(row: Appeal) -> dict[str, str]:
    """Give what to put where to show that a site is one's own; nothing for one URL of a host of many."""
    if row.entry.kind == "url":
        return {}
    name = row.entry.name
    return {
        "record": rules.record_name(name),
        "file": f"http://{name}{rules.PATH}",
        "line": rules.line(row.proof_token),
    }


def look(appeal: UUID, egress: Egress | None = None) -> bool:
    """Look once, in DNS and in the file; gives whether it was found. Safe to repeat."""
    with tenancy.acting(LOOKER):
        row = Appeal.objects.select_related("entry").filter(id=appeal, proven_at=None).first()
        if row is None or row.entry.kind == "url":
            return False
        name, token = row.entry.name, row.proof_token
    way = egress or from_settings()
    found = any(one.look(name, token, way).outcome is Outcome.MATCH for one in (txt, file))
    with tenancy.acting(LOOKER):
        if found and Appeal.objects.filter(id=appeal, proven_at=None).update(proven_at=timezone.now()):
            record(actor=LOOKER, action="phishing:appeal:prove", target=("appeal", appeal))
    return found


def may_ask(row: Appeal) -> bool:
    """Note that a look is asked for, and give whether it may be: not again within seconds."""
    now = timezone.now()
    if row.proven_at is not None or row.decided_at is not None or row.entry.kind == "url":
        return False
    if row.proof_looked_at is not None and now - row.proof_looked_at < BETWEEN:
        return False
    Appeal.objects.filter(id=row.id).update(proof_looked_at=now)
    return True
