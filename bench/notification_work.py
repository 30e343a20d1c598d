"""One measurement of the notification bench; prints a line of JSON. Started by notification.py."""

import bisect
import csv
import ipaddress
import json
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from dijkwacht.data.index import Index, build_index
from dijkwacht.data.measure import cpu_seconds
from dijkwacht.data.registry_file import read_registry
from dijkwacht.data.run import Options, attribute_file, file_sha256
from dijkwacht.feeds import catalogue


def index(registry: str, folder: str) -> dict[str, Any]:
    """Build the index of a registry file and save it."""
    built = build_index(read_registry(Path(registry)).rows)
    built.save(Path(folder))
    return {"refused": built.refused.height}


def floor(report: str) -> dict[str, Any]:
    """Parse the columns that the data path needs, as text, and nothing else."""
    kind = catalogue()["shadowserver"].reports["scan_http"]
    columns = kind.columns
    used = [columns.time, columns.ip, *columns.hosts, columns.asn, columns.port, columns.protocol, columns.severity]
    header = pl.scan_csv(report, infer_schema=False).collect_schema().names()
    needed = [name for name in dict.fromkeys([*used, *kind.kind.key, *kind.kind.evidence]) if name in header]
    frame = pl.scan_csv(report, infer_schema=False).select(needed).collect()
    return {"columns": len(needed), "height": frame.height}


def ours(report: str, folder: str, out: str = "", rounds: str = "1") -> dict[str, Any]:
    """Bytes on disk to grouped findings; the raw observations as Parquet when there is a place for them.

    What is made once for a registry and a worker (imports, machine code, index, tables) does not count in `cpu`; the
    SHA-256 of the file neither, which is taken where the file comes in: `hash` measures it. With `rounds` the file is
    done so many times more in the same process, as a worker does one after the other: then `cpu` is the median of
    these, `first` that of the first, and `cold` what the whole process had used when the first was done, from its
    start.
    """
    mapped = Index.load(Path(folder))
    catalogue()
    with tempfile.TemporaryDirectory() as place:  # as a worker makes ready: the machine code of the loops is loaded
        small = Path(place, Path(report).name)
        with open(report, "rb") as file:  # noqa: PTH123
            small.write_bytes(b"".join(islice(file, 1_000)))
        attribute_file(small, mapped, Options(observations=Path(place, "out") if out else None), source="warm")
    options = Options(observations=Path(out) if out else None)
    used: list[float] = []
    cold = 0.0
    for _ in range(int(rounds)):
        if out:
            shutil.rmtree(out, ignore_errors=True)
        before, started = cpu_seconds(), time.perf_counter()
        said = attribute_file(Path(report), mapped, options, source="known")
        used.append(cpu_seconds() - before)
        seconds, cold = time.perf_counter() - started, cold or cpu_seconds()
    parquet = sum(path.stat().st_size for path in said.partitions)
    return {
        "cpu": statistics.median(used[1:] or used),
        "first": round(used[0], 3),
        "cold": round(cold, 3),
        "seconds": round(seconds, 1),
        "pairs": said.counts.pairs,
        "findings": said.findings.height,
        "Parquet MB": round(parquet / 1e6),
    }


def hashed(report: str) -> dict[str, Any]:
    """Take the SHA-256 of the file, as intake does while the file comes in."""
    return {"sha256": file_sha256(Path(report))[:12]}


def python(report: str, registry: str) -> dict[str, Any]:
    """Do the least in plain Python: read, match, deduplicate, write. It takes no prefix to nest, in its favour."""
    v4, domains, asns = _plain_index(registry)
    starts = [start for start, _, _ in v4]
    before = cpu_seconds()  # as for the others, what is made once for a registry does not count
    seen: set[tuple[str, str, str]] = set()
    with open(report, newline="") as file, Path(report).with_suffix(".out").open("w", newline="") as out:  # noqa: PTH123
        writer = csv.writer(out)
        for row in csv.DictReader(file):
            found = set()
            address = ipaddress.ip_address(row["ip"])
            if address.version == 4:
                at = bisect.bisect_right(starts, int(address)) - 1
                if at >= 0 and int(address) <= v4[at][1]:
                    found.add(v4[at][2])
            host = row["hostname"].lower()
            while host:
                if host in domains:
                    found.add(domains[host])
                    break
                host = host.partition(".")[2]
            if not found and row["asn"] in asns:
                found.add(asns[row["asn"]])
            for organisation in found:
                key = (organisation, row["ip"], row["port"])
                if key not in seen:
                    seen.add(key)
                    writer.writerow((organisation, row["timestamp"], row["ip"], row["port"], row["hostname"]))
    return {"pairs": len(seen), "cpu": cpu_seconds() - before}


def _plain_index(registry: str) -> tuple[list[tuple[int, int, str]], dict[str, str], dict[str, str]]:
    v4, domains, asns = [], {}, {}
    with open(registry, newline="") as file:  # noqa: PTH123
        for row in csv.DictReader(file):
            if row["kind"] == "domain":
                domains[row["value"]] = row["organisation"]
            elif row["kind"] == "asn":
                asns[row["value"]] = row["organisation"]
            elif ":" not in row["value"]:
                net = ipaddress.ip_network(row["value"])
                v4.append((int(net.network_address), int(net.broadcast_address), row["organisation"]))
    return sorted(v4), domains, asns


WORK: dict[str, Callable[..., dict[str, Any]]] = {
    "index": index,
    "floor": floor,
    "hash": hashed,
    "ours": ours,
    "python": python,
}


def main() -> None:
    """Do the work that is named first, with the other arguments."""
    before = cpu_seconds()
    facts = WORK[sys.argv[1]](*sys.argv[2:])
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) * 1024
    print(json.dumps({"cpu": cpu_seconds() - before, "peak": peak} | facts))


if __name__ == "__main__":
    main()
