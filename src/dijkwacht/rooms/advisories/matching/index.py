"""What everybody runs, on disk and memory-mapped, so that the recipients of one advisory are found at once. No Django.

An inventory of millions of organisations names far fewer products. A segment therefore keeps its lines sorted by name
and version: `asks` are the distinct names with versions, each with the run of lines that have it; `keys` lead from what
a name is known by (an identifier, a vendor's word) to the asks. Segments are never changed: what an organisation tells
later goes into a further segment, and hides its lines in the earlier ones. `merge` makes one of all.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from dijkwacht.rooms.advisories.matching.rules import INVENTORY, RESULT, Prepared, answer
from dijkwacht.rooms.advisories.matching.subjects import Subject, subject_of

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
ARRAYS: Final = ("keys", "of_key", "owner", "line")
SEED: Final = 2_026
CONCERNED: Final = {"organisation": pl.String, "verdict": pl.String, "sure": pl.Boolean, "lines": pl.UInt32}
# The worst first: what is affected for sure, what may be.
RANKS: Final = (("affected", True), ("affected", False), ("unknown", True), ("unknown", False))
NAME: Final = ["vendor", "product", "cpe", "purl"]
ASK: Final = [*NAME, "version"]


class IndexUnusableError(Exception):
    """The folder holds no index that this program can use."""


@dataclass(frozen=True, slots=True)
class Segment:
    """`asks`: ask, name, version, start, length; `keys` with `of_key`: keys in order, and the ask that each leads to.

    `owner` and `line` hold for each line its organisation, as a place in `organisations`, and its identifier.
    """

    folder: Path
    asks: pl.DataFrame
    organisations: pl.Series
    keys: npt.NDArray[np.uint64]
    of_key: npt.NDArray[np.uint32]
    owner: npt.NDArray[np.uint32]
    line: npt.NDArray[np.bytes_]
    hides: frozenset[str]  # organisations whose lines in earlier segments do not count any more
    shares: bool  # an earlier segment has lines of the same organisation that still count

    @classmethod
    def load(cls, folder: Path) -> "Segment":
        """Map a segment. Raises IndexUnusableError."""
        try:
            manifest = json.loads((folder / MANIFEST).read_text())
            if manifest["format"] != FORMAT:
                raise IndexUnusableError(f"{folder}: made by another version of this program; make it again")
            asks = pl.read_ipc(folder / "asks.arrow")
            organisations = pl.read_ipc(folder / "organisations.arrow")["organisation"]
            keys, of_key, owner, line = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in ARRAYS)
        except (OSError, KeyError, ValueError, pl.exceptions.PolarsError) as error:
            raise IndexUnusableError(f"{folder}: {error}") from error
        return cls(
            folder,
            asks,
            organisations,
            keys,
            of_key,
            owner,
            line,
            frozenset(manifest["hides"]),
            bool(manifest["shares"]),
        )

    def asked_by(self, wanted: npt.NDArray[np.uint64]) -> pl.DataFrame:
        """The asks that any of these keys leads to."""
        low, high = np.searchsorted(self.keys, wanted, "left"), np.searchsorted(self.keys, wanted, "right")
        found = [self.of_key[start:end] for start, end in zip(low, high, strict=True) if end > start]
        return self.asks[np.unique(np.concatenate(found))] if found else self.asks.clear()

    def lines(self, asks: pl.DataFrame) -> pl.DataFrame:
        """Organisation and line of each of these asks (`ask`, `start`, `length`), with `ask`."""
        if not asks.height:
            return pl.DataFrame(schema={"organisation": pl.String, "line": pl.String, "ask": pl.UInt32})
        places, length = _places(asks)
        return pl.DataFrame(
            {
                "organisation": self.organisations.gather(self.owner[places]),
                "line": _texts(self.line[places]),
                "ask": np.repeat(asks["ask"].to_numpy(), length),
            }
        )


def _concerned(segment: Segment, verdicts: pl.DataFrame, hidden: frozenset[str]) -> pl.DataFrame:
    """The organisations of a segment that these verdicts concern, each once, with `rank`, a place in RANKS."""
    ranks = pl.DataFrame(
        [(*pair, rank) for rank, pair in enumerate(RANKS)],
        schema={"verdict": pl.String, "sure": pl.Boolean, "rank": pl.UInt8},
        orient="row",
    )
    worst = verdicts.join(ranks, on=["verdict", "sure"], how="inner").group_by("ask").agg(pl.col("rank").min())
    asks = segment.asks.join(worst, on="ask", how="inner")
    best = np.full(len(segment.organisations), len(RANKS), np.uint8)
    lines = np.zeros(len(segment.organisations), np.uint32)
    for (rank,), part in sorted(asks.partition_by("rank", as_dict=True).items(), reverse=True):
        owners = segment.owner[_places(part)[0]]
        best[owners] = rank
        lines += np.bincount(owners, minlength=len(lines)).astype(np.uint32)
    here = np.flatnonzero(best < len(RANKS))
    found = pl.DataFrame(
        {"organisation": segment.organisations.gather(here), "rank": best[here], "lines": lines[here]}
    ).join(ranks, on="rank", how="left", maintain_order="left")
    found = found.select("organisation", "verdict", "sure", "lines", "rank")
    return found.filter(pl.col("organisation").is_in(sorted(hidden)).not_()) if hidden else found


def _places(asks: pl.DataFrame) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The places of the lines of these asks (`start`, `length`), and how many each has."""
    start, length = asks["start"].to_numpy().astype(np.int64), asks["length"].to_numpy().astype(np.int64)
    shift = np.repeat(start - np.concatenate(([0], np.cumsum(length)[:-1])), length)
    return np.arange(length.sum()) + shift, length


_HEX: Final = np.frombuffer("".join(f"{byte:02x}" for byte in range(256)).encode(), dtype=np.uint8).reshape(256, 2)
_UUID: Final = (8, 13, 18, 23)  # where the hyphens stand


def _texts(identifiers: npt.NDArray[Any]) -> pl.Series:
    """Identifiers as text: sixteen bytes are a UUID."""
    if identifiers.dtype.kind != "V":
        return _fixed(identifiers.view(np.uint8).reshape(len(identifiers), -1)).str.strip_chars_end("\0")
    digits = _HEX[identifiers.view(np.uint8).reshape(-1, 16)].reshape(-1, 32)
    written = np.full((len(digits), 36), ord("-"), np.uint8)
    written[:, [place for place in range(36) if place not in _UUID]] = digits
    return _fixed(written)


def _fixed(letters: npt.NDArray[np.uint8]) -> pl.Series:
    """Rows of ASCII letters as texts, without a Python object for each."""
    count, width = letters.shape
    offsets = pa.py_buffer(np.arange(0, (count + 1) * width, width, dtype=np.int64).tobytes())
    text = pa.py_buffer(letters.tobytes())
    array = pa.LargeStringArray.from_buffers(count, offsets, text)
    return pl.Series("", array, dtype=pl.String)


def _packed(lines: pl.Series) -> npt.NDArray[Any]:
    """Identifiers in as few bytes as all of them need."""
    bare = lines.str.replace_all("-", "", literal=True)
    if lines.str.contains(r"^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$").all():
        return np.frombuffer(b"".join(bare.str.decode("hex").to_list()), dtype="V16")
    width = int(lines.str.len_bytes().max() or 1)  # type: ignore[arg-type]
    return np.array([one.encode() for one in lines.to_list()], dtype=f"S{width}")


def write_segment(
    folder: Path, inventory: pl.DataFrame, *, hides: frozenset[str] = frozenset(), shares: bool = False
) -> Segment:
    """Write lines (INVENTORY) as a segment under `folder`, whole or not at all."""
    draft = folder.with_name(f".{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    lines = inventory.select(INVENTORY).with_columns(pl.col(pl.String).fill_null(""))
    asks = lines.group_by(ASK).len("length").sort(ASK).with_row_index("ask")
    asks = asks.with_columns(pl.col("length").cum_sum().sub(pl.col("length")).alias("start"))
    asks.write_ipc(draft / "asks.arrow")
    organisations = lines.select("organisation").unique(maintain_order=True).with_row_index("owner")
    organisations.select("organisation").write_ipc(draft / "organisations.arrow")
    coded = lines.join(asks.select("ask", *ASK), on=ASK, how="left", maintain_order="left").select(
        "ask", "organisation"
    )
    owner = coded.join(organisations, on="organisation", how="left", maintain_order="left")["owner"].to_numpy()
    order = np.argsort(coded["ask"].to_numpy(), kind="stable")
    keys, of_key = _keys(asks)
    made: tuple[npt.NDArray[Any], ...] = (keys, of_key, owner[order].astype(np.uint32), _packed(lines["line"])[order])
    for name, array in zip(ARRAYS, made, strict=True):
        np.save(draft / f"{name}.npy", array)
    manifest = {"format": FORMAT, "lines": lines.height, "hides": sorted(hides), "shares": shares}
    (draft / MANIFEST).write_text(json.dumps(manifest))
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)
    return Segment.load(folder)


def _keys(asks: pl.DataFrame) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint32]]:
    names = asks.select(NAME).unique(maintain_order=True)
    texts = [keys_of(subject_of(vendor, product, cpe, purl)) for vendor, product, cpe, purl in names.iter_rows()]
    table = names.with_columns(pl.Series("key", texts, dtype=pl.List(pl.String)))
    pairs = asks.select("ask", *NAME).join(table, on=NAME, how="left").select("ask", "key")
    flat = pairs.explode("key").drop_nulls("key").with_columns(_hashed()).sort("key", "ask")
    return flat["key"].to_numpy(), flat["ask"].to_numpy().astype(np.uint32)


def _hashed() -> pl.Expr:
    return pl.col("key").hash(seed=SEED)


def keys_of(subject: Subject) -> list[str]:
    """Everything by which two names can meet, to find those that may; what they are to each other is judged later."""
    if not subject.words:
        return [key for _, key in subject.keys]
    words = dict.fromkeys(subject.words)
    found = [key for _, key in subject.keys] + [f"s {' '.join(sorted(words))}"]
    return found + [f"w {subject.maker}|{word}" for word in words]


@dataclass(slots=True)
class InventoryIndex:
    """All segments under a folder, the earliest first."""

    folder: Path
    segments: list[Segment]

    @classmethod
    def open(cls, folder: Path) -> "InventoryIndex":
        """Open what is there; an empty folder is an empty index. Raises IndexUnusableError."""
        found = sorted(one for one in folder.glob("[0-9]*") if one.is_dir()) if folder.is_dir() else []
        return cls(folder, [Segment.load(one) for one in found])

    def add(self, inventory: pl.DataFrame, *, replaces: frozenset[str] = frozenset()) -> None:
        """Add lines; `replaces` names the organisations whose earlier lines these take the place of."""
        number = int(self.segments[-1].folder.name) + 1 if self.segments else 0
        added = inventory.select("organisation").unique()
        added = added.filter(pl.col("organisation").is_in(sorted(replaces)).not_())
        shares = any(
            added.join(one.organisations.to_frame("organisation"), on="organisation", how="semi").height
            for one in self.segments
        )
        folder = self.folder / f"{number:08d}"
        self.segments.append(write_segment(folder, inventory, hides=replaces, shares=shares))

    def recipients(self, prepared: Prepared) -> pl.DataFrame:
        """Whom these statements concern: `organisation`, the worst `verdict`, whether that is `sure`, and `lines`.

        Who only runs what is not affected is not among them. What each line met is told by `matches`.
        """
        found = [_concerned(segment, verdicts, hidden) for segment, verdicts, hidden in self._judged(prepared)]
        if not found:
            return pl.DataFrame(schema=CONCERNED)
        whole = pl.concat(found)
        if any(segment.shares for segment in self.segments):
            lines = pl.col("lines").sum().over("organisation")
            whole = whole.with_columns(lines).sort("rank").unique("organisation", keep="first", maintain_order=True)
        return whole.select(list(CONCERNED))

    def matches(self, prepared: Prepared) -> pl.DataFrame:
        """What `rules.match` gives for these statements and everybody's lines."""
        found = []
        for segment, verdicts, hidden in self._judged(prepared):
            lines = segment.lines(segment.asks.join(verdicts.select("ask").unique(), on="ask", how="semi"))
            if hidden:
                lines = lines.filter(pl.col("organisation").is_in(sorted(hidden)).not_())
            found.append(lines.join(verdicts, on="ask", how="inner").select(list(RESULT)))
        return pl.concat(found) if found else pl.DataFrame(schema=RESULT)

    def _judged(self, prepared: Prepared) -> Iterator[tuple[Segment, pl.DataFrame, frozenset[str]]]:
        """Each segment with the verdicts on its asks, and the organisations that a later one hides in it."""
        keys = _hashes(wanted(prepared))
        for place, segment in enumerate(self.segments):
            verdicts = answer(prepared, segment.asked_by(keys).select("ask", *ASK))
            if verdicts.height:
                yield segment, verdicts, frozenset[str]().union(*(one.hides for one in self.segments[place + 1 :]))


def wanted(prepared: Prepared) -> list[str]:
    """Return the keys by which our names may meet those of the statements, sorted."""
    texts: set[str] = set()
    for subject in prepared.names.subjects:
        texts.update(keys_of(subject))
        # Who writes no vendor, or writes it in front of the product.
        texts.update(f"w |{word}" for word in subject.words)
        texts.add(f"s {' '.join(sorted({*subject.maker.split(), *subject.words}))}")
        if products := subject.called | subject.linked:
            texts |= prepared.known.keys_of(products)
    return sorted(texts)


def _hashes(texts: list[str]) -> npt.NDArray[np.uint64]:
    frame = pl.DataFrame({"key": texts}, schema={"key": pl.String})
    return frame.select(_hashed())["key"].to_numpy()
