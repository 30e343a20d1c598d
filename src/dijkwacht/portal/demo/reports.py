"""The demo's reports: invented rows about the demo's organisations and about nobody, of the last days."""

import random
import tempfile
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from django.utils import timezone

from dijkwacht.feeds.generate import write_report
from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.storage import read_chunks
from dijkwacht.rooms.notification import intake
from dijkwacht.rooms.notification.models import Batch
from dijkwacht.rooms.registry.models import Asset

DEMO: Final = system("demo")
# report type, rows, days ago
REPORTS: Final = (
    ("scan_http", 400, 3),
    ("scan_rdp", 120, 2),
    ("event4_sinkhole", 90, 2),
    ("scan_http", 420, 1),
    ("event4_honeypot_ddos_target", 60, 1),
    ("compromised_account", 40, 1),
    ("scan_exchange", 25, 1),
    ("scan6_http", 80, 1),
    ("ransomware_victim", 6, 1),
)
WITHOUT_ADDRESS: Final = {"compromised_account", "ransomware_victim"}


class Holding(NamedTuple):
    """The prefixes and domains of one organisation."""

    prefixes: list[str]
    domains: list[str]


def load() -> int:
    """Hand the reports in, once; the running worker does the rest. Returns how many were handed in."""
    with tenancy.acting(DEMO):
        if Batch.objects.exists():
            return 0
        holdings = _holdings()
    with tempfile.TemporaryDirectory() as folder:
        for number, (kind, rows, days) in enumerate(REPORTS):
            day = timezone.now().date() - timedelta(days=days)
            path = Path(folder) / f"{day.isoformat()}-{kind}-netherlands.csv"
            _write(path, kind, rows, number, holdings, day)
            with tenancy.acting(DEMO):
                intake.accept(actor=DEMO, chunks=read_chunks(path), filename=path.name, channel="cli")
    return len(REPORTS)


def _holdings() -> list[Holding]:
    """What each demo organisation holds, so that a row's address and name belong together; and what nobody holds."""
    held: dict[UUID, Holding] = defaultdict(lambda: Holding([], []))
    for asset in Asset.objects.filter(kind__in=["prefix", "domain"]).order_by("id"):
        (
            held[asset.organisation_id].prefixes if asset.kind == "prefix" else held[asset.organisation_id].domains
        ).append(asset.value)
    whole = [one for one in held.values() if one.prefixes and one.domains]
    return [*whole, Holding(["198.19.0.0/16", "3fff:fff::/32"], ["nobody.invalid"])]


def _write(path: Path, kind: str, rows: int, seed: int, holdings: list[Holding], day: date) -> None:
    """Write one report: the rows spread over the holdings, a good part about nobody who registered."""
    chance = random.Random(seed)  # noqa: S311 - invented rows, the same in every demo
    share = Counter(
        chance.choices(range(len(holdings)), weights=[*[1] * (len(holdings) - 1), len(holdings) / 2], k=rows)
    )
    lines: list[bytes] = []
    for place, count in sorted(share.items()):
        six = kind.endswith("6") or "6_" in kind
        prefixes = [prefix for prefix in holdings[place].prefixes if (":" in prefix) == six]
        if not prefixes and kind not in WITHOUT_ADDRESS:
            continue
        part = path.with_suffix(".part")
        write_report(
            part, kind, count, seed=seed * 1000 + place, addresses=prefixes, hosts=holdings[place].domains, day=day
        )
        header, *found = part.read_bytes().splitlines(keepends=True)
        lines = [header, *lines[1:], *found]
    path.write_bytes(b"".join(lines))
