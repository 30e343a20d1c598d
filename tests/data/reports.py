"""Writes small Shadowserver reports."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from dijkwacht.feeds import catalogue

NAME = "2026-11-21-scan_http-nl.csv"


def row(ip: str = "203.0.113.1", **values: str) -> dict[str, str]:
    return {"timestamp": "2026-11-21 10:00:00", "severity": "low", "protocol": "tcp", "port": "80", "ip": ip} | values


def text(rows: Iterable[dict[str, str]]) -> str:
    header = catalogue()["shadowserver"].reports["scan_http"].known
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, header, restval="", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


def report(folder: Path, rows: Iterable[dict[str, str]], name: str = NAME) -> Path:
    path = folder / name
    path.write_text(text(rows), encoding="utf-8", newline="")
    return path
