"""The demo's reports: invented rows about the demo's organisations and about nobody, of the last days."""

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Final

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


def load() -> int:
    """Hand the reports in, once; the running worker does the rest. Returns how many were handed in."""
    with tenancy.acting(DEMO):
        if Batch.objects.exists():
            return 0
        prefixes = list(Asset.objects.filter(kind="prefix").values_list("value", flat=True))
        domains = list(Asset.objects.filter(kind="domain", status="verified").values_list("value", flat=True))
    with tempfile.TemporaryDirectory() as folder:
        for number, (kind, rows, days) in enumerate(REPORTS):
            day = timezone.now().date() - timedelta(days=days)
            path = Path(folder) / f"{day.isoformat()}-{kind}-netherlands.csv"
            # A good part of what a feed sends belongs to nobody who registered.
            write_report(
                path,
                kind,
                rows,
                seed=number,
                addresses=[*prefixes, "198.19.0.0/16", "3fff:fff::/32"],
                hosts=domains,
                day=day,
            )
            with tenancy.acting(DEMO):
                intake.accept(actor=DEMO, chunks=read_chunks(path), filename=path.name, channel="cli")
    return len(REPORTS)
