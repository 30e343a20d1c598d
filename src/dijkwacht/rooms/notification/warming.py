"""What a worker makes ready before its first batch, so that no batch waits for it: code, tables, the law, the index."""

import io
import tempfile
from pathlib import Path
from typing import Final

import polars as pl
from django.template.loader import get_template

from dijkwacht.data.index import Index, build_index
from dijkwacht.data.run import Options, attribute_file
from dijkwacht.data.schema import REGISTRY
from dijkwacht.platform import tenancy
from dijkwacht.rooms.notification import deciding, pipeline, registry_index
from dijkwacht.rooms.notification.releasing import TextBrake

REPORT: Final = """timestamp,severity,ip,protocol,port,hostname,tag,asn,geo
"2026-01-01 00:00:00",info,192.0.2.1,tcp,80,www.example.nl,http,64500,NL
"2026-01-01 00:00:00",info,2001:db8::1,tcp,80,www.example.nl,http,64501,NL
"""
ASSETS: Final = (
    ("a", "prefix", "192.0.2.0/24", False),
    ("b", "domain", "example.nl", False),
    ("c", "asn", "64500", False),
    ("d", "prefix", "2001:db8::/32", False),
    ("e", "prefix", "192.0.0.0/16", True),
)


def begin_threads() -> None:
    """Let Polars begin its threads, which keep the priority they are begun with."""
    file = io.BytesIO()
    pl.read_csv(b"number\n1\n").lazy().select(pl.all().sum()).collect().write_parquet(file)
    file.seek(0)
    pl.read_parquet(file)


def warm() -> None:
    """Do once, on a report of two rows in a folder of its own, what each batch does; then load what batches share."""
    with tempfile.TemporaryDirectory(prefix="dijkwacht-warm-") as name:
        folder = Path(name)
        build_index(pl.DataFrame(ASSETS, schema=REGISTRY, orient="row")).save(folder / "index")
        report = folder / "2026-01-01-scan_http.csv"
        report.write_text(REPORT)
        attribute_file(report, Index.load(folder / "index"), Options(observations=folder / "observations"))
    for template in ("notice.txt", "notice.html"):
        get_template(f"notification/mail/{template}")
    deciding.court()
    with tenancy.acting(pipeline.PIPELINE):
        TextBrake()
        if registry_index.built():
            registry_index.current()
