"""The same answer on a real scheduler with two real worker processes."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from frames import registry
from reports import NAME, report, row

from dijkwacht.data.distributed import SharedIndex, attribute_files, attribute_partitions_on, connect
from dijkwacht.data.index import Index, build_index
from dijkwacht.data.partitions import Partitions
from dijkwacht.data.results import ResultWriter
from dijkwacht.data.retro import attribute_partitions
from dijkwacht.data.run import Options, RunReport, attribute_file

DASK = Path(sys.executable).with_name("dask")
REGISTRY = registry(
    ("a", "prefix", "192.0.2.0/25"),
    ("b", "prefix", "192.0.2.0/25"),
    ("c", "domain", "example.nl"),
    ("d", "asn", "64501"),
)
SECONDS = 60


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A scheduler and two workers as an operator starts them, on loopback and free ports."""
    folder = tmp_path_factory.mktemp("dask")
    file = folder / "scheduler.json"
    local = ["--host", "127.0.0.1", "--no-dashboard"]
    commands = [
        [DASK, "scheduler", *local, "--port", "0", "--scheduler-file", file],
        *([DASK, "worker", *local, "--no-nanny", "--nthreads", "1", "--scheduler-file", file] for _ in range(2)),
    ]
    with contextlib.ExitStack() as stack, (folder / "log").open("wb") as log:
        for command in commands:
            process = subprocess.Popen(
                command, cwd=folder, stdout=log, stderr=log, env=os.environ | {"POLARS_MAX_THREADS": "1"}
            )
            stack.callback(process.wait, SECONDS)
            stack.callback(process.terminate)
            wait_for(file)
        address = json.loads(file.read_text())["address"]
        with connect(address) as client:
            client.wait_for_workers(2, timeout=SECONDS)
        yield address


def wait_for(file: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while not (file.exists() and file.read_text().endswith("}")):
        assert time.monotonic() < deadline, f"{file} did not appear"
        time.sleep(0.05)


@pytest.fixture
def index(tmp_path: Path) -> tuple[Index, SharedIndex]:
    index = build_index(REGISTRY)
    index.save(tmp_path / "index")
    return index, SharedIndex(tmp_path / "index", index.version)


def rows(number: int) -> list[dict[str, str]]:
    made = [
        row(
            f"192.0.2.{n % 256}",
            asn=str(64500 + n % 2),
            hostname=f"h{n}.example.nl" if n % 3 else "",
            port=str(80 + n % 3),
        )
        for n in range(number)
    ]
    made[number // 2]["ip"] = "nonsense"
    return made


def same(one: RunReport, other: RunReport) -> None:
    assert one.counts == other.counts
    assert one.findings.equals(other.findings)
    assert one.set_aside.equals(other.set_aside)


def both_ways(scheduler: str, path: Path, index: tuple[Index, SharedIndex], out: Path) -> tuple[RunReport, RunReport]:
    """Attribute a file here and, in spans of 20 kB, on the workers; the results are the same to the byte."""
    with ResultWriter(out / "here.csv", index[0]) as here:
        one = attribute_file(path, index[0], source=path.name, sink=here.write)
    with connect(scheduler) as client, ResultWriter(out / "there.csv", index[0]) as there:
        reports, refused = attribute_files(client, [path], index[1], Options(), there, span_bytes=20_000)
    assert refused == {}
    assert (out / "here.csv").read_bytes() == (out / "there.csv").read_bytes()
    assert (out / "here.csv").stat().st_size > 1_000
    return one, reports[0]


def test_a_large_file_in_spans_keeps_its_lines(scheduler: str, tmp_path: Path, index: tuple[Index, SharedIndex]):
    same(*both_ways(scheduler, report(tmp_path, rows(2_000)), index, tmp_path))


def test_line_ends_within_quotes_do_not_mislead(scheduler: str, tmp_path: Path, index: tuple[Index, SharedIndex]):
    """Some fields hold what looks like a row of its own, so that some spans start in the middle of one."""
    made = rows(400)
    looks_like_a_row = '\n"' + '","'.join(["x"] * 26) + '"\n'
    for one in made:
        one["set_cookie"] = looks_like_a_row * 8
    same(*both_ways(scheduler, report(tmp_path, made), index, tmp_path))


def test_the_command_gives_the_same_result(scheduler: str, tmp_path: Path):
    report(tmp_path, rows(500))
    (tmp_path / "bad.csv").write_text("no,report\n1,2\n")
    REGISTRY.drop("fallback").write_csv(tmp_path / "registry.csv")
    command = [sys.executable, "-m", "dijkwacht", "attribute", "--registry", "registry.csv", "--json", NAME]
    said = []
    for extra in (["--out", "here.csv"], ["--out", "there.csv", "--scheduler", scheduler]):
        done = subprocess.run(
            [*command, *extra], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=SECONDS
        )
        said.append(
            {
                name: number
                for name, number in json.loads(done.stdout).items()
                if name not in {"cpu_seconds", "peak_bytes"}
            }
        )
    assert said[0] == said[1]
    assert (tmp_path / "here.csv").read_bytes() == (tmp_path / "there.csv").read_bytes()
    done = subprocess.run(
        [*command, "bad.csv", "--out", "there.csv", "--scheduler", scheduler],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=SECONDS,
    )  # fmt: skip
    assert done.returncode == 1
    assert "bad.csv" in json.loads(done.stdout)["refused_files"]


def test_looking_back_by_command_gives_the_same_file(scheduler: str, tmp_path: Path, index: tuple[Index, SharedIndex]):
    path = report(tmp_path, rows(300))
    for day in range(1, 13):
        attribute_file(
            path, index[0], Options(observations=tmp_path / "kept", day=date(2026, day, 1)), source=f"{day:064x}"
        )
    REGISTRY.drop("fallback").write_csv(tmp_path / "registry.csv")
    command = [sys.executable, "-m", "dijkwacht", "look-back", "kept", "--registry", "registry.csv", "--json"]
    command += ["--organisation", "c", "--organisation", "a", "--first", "2026-02-01", "--last", "2026-11-01"]
    said = []
    for extra in (["--out", "here.parquet"], ["--out", "there.parquet", "--scheduler", scheduler]):
        done = subprocess.run(
            [*command, *extra], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=SECONDS
        )
        said.append(json.loads(done.stdout))
    here, there = (pl.read_parquet(tmp_path / f"{name}.parquet") for name in ("here", "there"))
    assert here.equals(there)
    assert here.height == said[0]["findings"] == said[1]["findings"] > 0
    assert said[0]["files"] == 10
    assert set(here["organisation"]) == {"a", "c"}
    assert here["count"].sum() == said[0]["pairs"]
    wrong = subprocess.run(
        [*command, "--out", "no.parquet", "--organisation", "nobody"], cwd=tmp_path, capture_output=True, text=True,
        check=False, timeout=SECONDS,
    )  # fmt: skip
    assert (wrong.returncode, "nobody" in wrong.stderr) == (2, True)


def test_the_past_attributed_again_is_the_same(scheduler: str, tmp_path: Path, index: tuple[Index, SharedIndex]):
    path = report(tmp_path, rows(300))
    for day in range(1, 13):
        options = Options(observations=tmp_path / "observations", day=date(2026, day, 1), salt=b"s")
        attribute_file(path, index[0], options, source=f"{day:064x}")
    paths = Partitions(tmp_path / "observations").paths()
    assert len(paths) == 12
    for assets in (None, [2], [0, 3]):
        here = attribute_partitions(paths, index[0], only_assets=assets, salt=b"s")
        with connect(scheduler) as client:
            there = attribute_partitions_on(client, paths, index[1], only_assets=assets, salt=b"s")
        assert here.height > 0
        assert there.equals(here)
        assert here["count"].sum() == there.select(pl.col("count").sum()).item()
