"""Samples of internet registries' files, and how a test brings them in."""

from datetime import date
from pathlib import Path

from tests.proof.conftest import DOMAIN, claim
from tests.proof.steps import fresh, start
from tests.registry.people import OFFICER

from dijkwacht.platform import tenancy
from dijkwacht.rooms.proof import checking
from dijkwacht.rooms.proof.whois import store
from dijkwacht.rooms.registry import actions as registry

SAMPLES = Path(__file__).parent / "samples"


def bring_in(path=SAMPLES / "ripe.db", actor=OFFICER, source="RIPE", dated=date(2026, 11, 1)):
    with tenancy.acting(actor):
        return store.import_snapshot(actor=actor, path=path, source=source, dated=dated)


def with_domain(organisation, value=DOMAIN):
    with tenancy.acting(OFFICER):
        registry.verify_asset(actor=OFFICER, asset=claim(organisation, value).uid, evidence="x")


def compare(organisation, value, kind="prefix"):
    asset = claim(organisation, value, kind)
    challenge = start(asset, "whois")
    seen = checking.check(challenge.id)
    return fresh(asset), seen, challenge
