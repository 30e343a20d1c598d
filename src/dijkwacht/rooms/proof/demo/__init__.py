"""The demo's proofs: one asset in each state, each by the same actions as for real; looks are taken by the worker.

Names under .example are never looked up, so their looks say just that. Mails go to the demo mailbox.
"""

from datetime import date
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from django.db import transaction

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.proof import actions, rules
from dijkwacht.rooms.proof.models import Challenge
from dijkwacht.rooms.proof.vocabulary import Method
from dijkwacht.rooms.proof.whois import store
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry import demo

FILE: Final = Path(__file__).parent / "registry.txt"
DATED: Final = date(2026, 11, 1)


class Told(NamedTuple):
    """An asset of the demo's municipality, and by which methods it is to be shown."""

    kind: str
    value: str
    methods: tuple[Method, ...]
    expired: bool = False
    words: str = ""


ASSETS: Final = (
    Told("domain", "nieuw-waterkant.example", (Method.DNS, Method.FILE, Method.MAIL)),  # claimed
    Told("domain", "loket.waterkant.example", (Method.PARENT,)),  # verified, by the domain above
    Told("prefix", "198.18.2.0/24", (Method.WHOIS,)),  # verified, by the registry's file
    Told("prefix", "198.18.3.0/24", (Method.WHOIS,)),  # a proposal: the name fits, the mail domain does not
    # disputed: another municipality has the domain; what was sent waits beside what that one has shown
    Told("domain", "sport.lagerijn.example", (Method.DNS,), words="demo: de sporthal is van ons; zie de akte."),
    Told("domain", "oud-waterkant.example", (), expired=True),
)


@transaction.atomic
def load(*, actor: Actor) -> int:
    """Add the demo's challenges once; returns how many."""
    if Challenge.objects.exists():
        return 0
    store.import_snapshot(actor=actor, path=FILE, source="DEMO", dated=DATED)
    owner = demo.identifier("waterkant")
    return sum(_add(actor, owner, told) for told in ASSETS)


def _add(actor: Actor, owner: UUID, told: Told) -> int:
    (asset,) = registry.claim_asset(actor=actor, organisation=owner, kind=told.kind, value=told.value)
    for method in told.methods:
        recipient = f"{rules.ROLES[0]}@{told.value}" if method is Method.MAIL else ""
        made = actions.start_challenge(actor=actor, asset=asset.uid, method=method, recipient=recipient)
        if method in rules.LOOKED_UP:
            actions.ask_check(actor=actor, challenge=made.id)
    if told.words:
        deed = told.words.encode()
        actions.send_evidence(actor=actor, asset=asset.uid, words=told.words, name="akte.txt", content=deed)
    if told.expired:
        registry.verify_asset(actor=actor, asset=asset.uid, evidence=demo.EVIDENCE)
        registry.expire_asset(actor=actor, asset=asset.uid, reason="demo: het domein is opgegeven")
    return len(told.methods)
