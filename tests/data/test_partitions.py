"""Observations in Parquet, and the past attributed again from there."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from frames import observations, registry
from slow_reference import Seen

from dijkwacht.data import partitions
from dijkwacht.data.attribution import attribute
from dijkwacht.data.grouping import Grouper
from dijkwacht.data.index import build_index
from dijkwacht.data.partitions import Partitions, frame_of, row_groups
from dijkwacht.data.retro import attribute_partitions
from dijkwacht.data.schema import OBSERVATION

DAYS = [date(2026, 1, day) for day in (1, 2, 3)]
SEEN = [
    Seen(f"192.0.2.{n}" if n % 3 else f"2001:db8::{n:x}", f"h{n}.example.nl" if n % 4 else None, 64500 + n % 3)
    for n in range(200)
]
REGISTRY = registry(
    ("a", "prefix", "192.0.2.0/24"),
    ("b", "prefix", "192.0.2.0/26"),
    ("c", "domain", "h7.example.nl"),
    ("c", "domain", "example.nl"),
    ("d", "asn", "64501"),
    ("e", "prefix", "2001:db8::/32", True),
    ("f", "asn", "64500"),
    ("g", "prefix", "198.51.100.0/24"),
)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Partitions:
    monkeypatch.setattr(partitions, "GROUP_ROWS", 100)
    store = Partitions(tmp_path)
    for day in DAYS:
        with store.writer("shadowserver", f"{day:%d}abc-0", day) as writer:
            for start in (0, 100):
                frame = observations(SEEN[start : start + 100], line=range(start + 1, start + 101))
                writer.write(frame.with_columns(raw_tag=pl.lit("http")))
            writer.write(frame.clear().with_columns(raw_tag=pl.lit("http")))
    return store


def test_an_address_reads_as_it_was_received(tmp_path: Path):
    seen = [Seen("0.0.0.0"), Seen("192.0.2.1"), Seen("255.255.255.255"), Seen("2001:DB8::1"), Seen(host="a.example.nl")]  # noqa: S104
    texts = ["0.0.0.0", "192.0.2.1", "255.255.255.255", "2001:DB8:0::1", None]  # noqa: S104
    mapped = [Seen("::ffff:192.0.2.9"), Seen("::ffff:c000:209")]
    texts += ["::ffff:192.0.2.9", "::FFFF:c000:209"]
    frame = observations([*seen, *mapped], ip=texts)
    kept = Partitions(tmp_path)
    with kept.writer("shadowserver", "feed-0", date(2026, 1, 1)) as writer:
        writer.write(frame)
    assert kept.lines("feed-0", frame["line"])["ip"].to_list() == texts
    assert next(row_groups(kept.paths()[0], ["ip"]))[1].rows() == [(text,) for text in texts]


def test_what_is_written_is_read_back(store: Partitions):
    path = store.paths()[0]
    assert path.relative_to(store.root).as_posix() == "day=2026-01-01/feed=shadowserver/01abc-0.parquet"
    frames = [frame for _, frame in row_groups(path, [*OBSERVATION.names(), "raw_tag"])]
    assert [frame.height for frame in frames] == [100, 100]
    assert pl.concat(frames).drop("raw_tag").equals(observations(SEEN))
    assert pl.read_parquet(path, hive_partitioning=False).drop("ip").equals(pl.concat(frames).drop("ip"))


def test_small_batches_are_gathered_to_one_row_group(tmp_path: Path):
    with Partitions(tmp_path).writer("feed", "source", DAYS[0]) as writer:
        for start in (0, 100):
            writer.write(observations(SEEN[start : start + 100], line=range(start + 1, start + 101)))
    assert [frame.height for _, frame in row_groups(Partitions(tmp_path).paths()[0], ["line"])] == [200]


def test_paths_are_those_of_the_days_asked_for(store: Partitions):
    assert [path.parts[-3] for path in store.paths(DAYS[1], DAYS[2])] == ["day=2026-01-02", "day=2026-01-03"]


def test_lines_of_a_source_are_found_once_each(store: Partitions):
    found = store.lines("02abc-0", pl.Series([150, 3, 3, 999], dtype=pl.UInt32))
    assert found["line"].to_list() == [3, 150]
    assert found["host"].to_list() == ["h2.example.nl", "h149.example.nl"]
    assert store.lines("missing", pl.Series([1], dtype=pl.UInt32)).is_empty()
    assert store.lines("../02abc-0", pl.Series([1], dtype=pl.UInt32)).is_empty()


def test_a_source_without_rows_leaves_no_file(tmp_path: Path):
    with Partitions(tmp_path).writer("feed", "source", DAYS[0]) as writer:
        writer.write(observations([]))
    assert not writer.written
    assert list(tmp_path.iterdir()) == []


def test_a_source_that_fails_half_way_leaves_no_file(tmp_path: Path):
    def fail() -> None:
        with Partitions(tmp_path).writer("feed", "source", DAYS[0]) as writer:
            writer.write(observations(SEEN))
            raise RuntimeError("the reader stopped")

    with pytest.raises(RuntimeError, match="reader stopped"):
        fail()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_error_while_writing_is_not_lost(tmp_path: Path):
    (tmp_path / "day=2026-01-01").write_text("in the way")

    def write() -> None:
        with Partitions(tmp_path).writer("feed", "source", DAYS[0]) as writer:
            writer.write(observations(SEEN))

    with pytest.raises(OSError, match="day=2026-01-01"):
        write()


@pytest.mark.parametrize("name", ["", "..", "a/b", "a\n", ".hidden", "x" * 201])
def test_a_name_that_is_not_one_plain_part_is_refused(tmp_path: Path, name: str):
    with pytest.raises(ValueError, match="not a name"):
        Partitions(tmp_path).writer("feed", name, DAYS[0])
    with pytest.raises(ValueError, match="not a name"):
        Partitions(tmp_path).writer(name, "source", DAYS[0])


def test_the_past_attributed_again_is_what_it_was_at_once(store: Partitions):
    index = build_index(REGISTRY)
    grouper = Grouper(index, b"salt")
    frame = observations(SEEN)
    for path in store.paths():
        grouper.add(frame, attribute(frame, index), path.stem)
    assert attribute_partitions(store.paths(), index, salt=b"salt").equals(grouper.findings())


@pytest.mark.parametrize("assets", [[], [0], [1], [2], [3], [4], [5], [6], [7], [2, 5], list(range(8))])
def test_the_past_of_some_assets_is_all_of_it_filtered(store: Partitions, assets: list[int]):
    index = build_index(REGISTRY)
    everything = attribute_partitions(store.paths(), index)
    some = attribute_partitions(store.paths(), index, only_assets=assets)
    assert some.equals(everything.filter(pl.col("asset").is_in(assets)))


def test_an_arrow_table_becomes_a_frame():
    frame = observations(SEEN[:3])
    assert frame_of(frame.to_arrow()).equals(frame)
