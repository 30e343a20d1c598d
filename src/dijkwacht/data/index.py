"""The attribution index: built from the registry, saved as plain arrays, memory-mapped by every worker."""

import json
import os
import shutil
import tempfile
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.ipc

from .asns import Asns, build_asns
from .domains import Domains, build_domains
from .hashing import HashTable
from .intervals import Intervals, Owners, build_intervals
from .registry import Checked, Prefixes, Words, check_registry
from .schema import HOW

FORMAT: Final = 4
CURRENT: Final = "CURRENT"
MANIFEST: Final = "manifest.json"


class IndexUnusableError(Exception):
    """The folder holds no index that this program can use."""


class Tables(NamedTuple):
    """The look-ups of one class of receivers."""

    intervals: Intervals
    domains: Domains
    asns: Asns


@dataclass(frozen=True, slots=True)
class Index:
    """Everything attribution needs. `registry` is the table it was built from: an asset is a row number in it.

    `version` is the hash of the contents: the same registry gives the same version on every machine.
    `digests` holds per asset 128 bits of its organisation, kind and value, from which finding ids are made; `how` what
    a pair with it says (a place in HOW); `organisation` a number that the assets of one organisation share.
    """

    registry: pl.DataFrame
    refused: pl.DataFrame
    owned: Tables
    fallback: Tables
    digests: Words
    how: npt.NDArray[np.uint8]
    organisation: npt.NDArray[np.uint32]
    version: str

    def save(self, folder: Path) -> Path:
        """Write this version under `folder` and make it the current one; earlier versions but the last are removed.

        A worker that still maps a removed version keeps reading it: the files live until they are unmapped.
        """
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / self.version
        previous = _current(folder)
        if not (target / MANIFEST).is_file():
            _write(self, folder, target)
        draft = folder / f".{CURRENT}.{os.getpid()}"
        draft.write_text(self.version, encoding="ascii")
        draft.replace(folder / CURRENT)
        for other in folder.iterdir():
            if other.is_dir() and other.name not in {self.version, previous}:
                shutil.rmtree(other, ignore_errors=True)
        return target

    @classmethod
    def load(cls, folder: Path, *, verify: bool = False) -> "Index":
        """Map the current version under `folder`; `verify` hashes the contents again. Raises IndexUnusableError."""
        version = _current(folder)
        if version is None:
            raise IndexUnusableError(f"there is no index in {folder}")
        try:
            index = _read(folder / version)
        except (OSError, ValueError, KeyError, pl.exceptions.PolarsError) as error:
            raise IndexUnusableError(f"the index in {folder / version} cannot be read: {error}") from error
        if index.version != version or (verify and _version_of(_parts(index)) != version):
            raise IndexUnusableError(f"the index in {folder / version} is not what was saved")
        return index


def build_index(registry: pl.DataFrame) -> Index:
    """Build the index of a REGISTRY frame; further columns of it are kept. Refused rows are in `Index.refused`.

    Raises polars.exceptions.ColumnNotFoundError when a column of REGISTRY is missing.
    """
    checked = check_registry(registry)
    digests = _digests(registry, checked.folded)
    multiplier = int.from_bytes(blake2b(digests.tobytes(), digest_size=8).digest(), "big") | 3
    fallback = registry["fallback"].fill_null(value=False).to_numpy()
    draft = Index(
        registry,
        checked.refused,
        _tables(checked, ~fallback, multiplier),
        _tables(checked, fallback, multiplier),
        digests,
        _how(registry, fallback),
        registry["organisation"].rank("dense").fill_null(0).cast(pl.UInt32).to_numpy(),
        "",
    )
    return replace(draft, version=_version_of(_parts(draft)))


def restrict(index: Index, assets: npt.ArrayLike) -> Tables:
    """Give the look-ups of these assets alone: whatever one of them can be attributed, these tables find."""
    wanted = np.zeros(index.registry.height, np.bool_)
    wanted[np.asarray(assets, np.int64)] = True
    rows = index.registry.with_row_index("row").filter(pl.Series(wanted))
    checked = check_registry(rows)
    of = rows["row"].to_numpy()
    moved = Checked(
        Prefixes(of[checked.prefixes.rows], checked.prefixes.high, checked.prefixes.low, checked.prefixes.length),
        of[checked.domain_rows],
        checked.domains,
        of[checked.asn_rows],
        checked.asns,
        checked.folded,
        checked.refused,
    )
    return _tables(moved, wanted, index.owned.domains.multiplier)


def _tables(checked: Checked, wanted: npt.NDArray[np.bool_], multiplier: int) -> Tables:
    prefixes = checked.prefixes
    keep, domains, asns = wanted[prefixes.rows], wanted[checked.domain_rows], wanted[checked.asn_rows]
    mine = Prefixes(prefixes.rows[keep], prefixes.high[keep], prefixes.low[keep], prefixes.length[keep])
    return Tables(
        build_intervals(mine),
        build_domains(checked.domain_rows[domains], checked.domains.filter(pl.Series(domains)), multiplier),
        build_asns(checked.asn_rows[asns], checked.asns[asns]),
    )


def _how(registry: pl.DataFrame, fallback: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint8]:
    kinds = registry["kind"].replace_strict(HOW, range(len(HOW)), default=0, return_dtype=pl.UInt8).to_numpy()
    return np.where(fallback, np.uint8(HOW.index("network-owner")), kinds)


def owner_digests(registry: pl.DataFrame) -> Words:
    """Give the digests of the assets of a REGISTRY frame, as an index of it would hold them."""
    return _digests(registry, check_registry(registry).folded)


def _digests(registry: pl.DataFrame, folded: list[str]) -> Words:
    """Give per asset the BLAKE2b hash (128 bits) of organisation, kind and value in its one spelling."""
    named = registry.select(pl.col("organisation", "kind").fill_null("None"), pl.Series("folded", folded, pl.String))
    texts = named.select(pl.concat_str("organisation", "kind", "folded", separator="\0")).to_series().to_list()
    joined = b"".join(blake2b(text.encode(), digest_size=16).digest() for text in texts)
    return np.frombuffer(joined, "<u8").reshape(-1, 2).astype(np.uint64)


def _parts(index: Index) -> dict[str, npt.NDArray[Any] | pl.DataFrame]:
    """Name everything that is saved."""
    parts: dict[str, npt.NDArray[Any] | pl.DataFrame] = {
        "registry": index.registry,
        "refused": index.refused,
        "digests": index.digests,
        "how": index.how,
        "organisation": index.organisation,
    }
    for name, tables in (("owned", index.owned), ("fallback", index.fallback)):
        intervals, domains, asns = tables
        arrays: dict[str, npt.NDArray[Any]] = {
            "v4": intervals.v4,
            "v4_bucket": intervals.v4_bucket,
            "v4_group": intervals.v4_group,
            "high": intervals.high,
            "high_first": intervals.high_first,
            "low": intervals.low,
            "v6_group": intervals.v6_group,
            "multiplier": np.array([domains.multiplier], np.uint64),
            "names": domains.text,
            "name_places": domains.places,
            "seen": domains.seen,
            "hashes": domains.table.hashes,
            "bucket": domains.table.bucket,
            "asns": asns.table.hashes,
            "asn_bucket": asns.table.bucket,
        }
        for kind, owners in (("prefix", intervals.owners), ("domain", domains.owners), ("asn", asns.owners)):
            arrays |= {f"{kind}_start": owners.start, f"{kind}_assets": owners.assets}
        parts |= {f"{name}-{part}": array for part, array in arrays.items()}
    return parts


def _version_of(parts: dict[str, npt.NDArray[Any] | pl.DataFrame]) -> str:
    digest = blake2b(str(FORMAT).encode(), digest_size=16)
    for name in sorted(parts):
        part = parts[name]
        digest.update(name.encode())
        if isinstance(part, pl.DataFrame):
            for column in part.get_columns():
                digest.update(f"{column.name}\0{column.dtype}\0{column.len()}".encode())
                for buffer in column.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest()).buffers():
                    digest.update(b"" if buffer is None else bytes(buffer))
        else:
            digest.update(f"{part.dtype}\0{part.shape}".encode())
            digest.update(np.ascontiguousarray(part).data)
    return digest.hexdigest()


def _write(index: Index, folder: Path, target: Path) -> None:
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder))
    draft.chmod(0o755)
    for name, part in _parts(index).items():
        if isinstance(part, pl.DataFrame):
            part.write_ipc(draft / f"{name}.arrow", compat_level=pl.CompatLevel.newest())
        else:
            np.save(draft / f"{name}.npy", part, allow_pickle=False)
    manifest = {"format": FORMAT, "version": index.version}
    (draft / MANIFEST).write_text(json.dumps(manifest), encoding="ascii")
    if target.exists():
        shutil.rmtree(target)
    draft.rename(target)


def _read(target: Path) -> Index:
    manifest = json.loads((target / MANIFEST).read_text(encoding="ascii"))
    if manifest["format"] != FORMAT:
        raise IndexUnusableError(f"the index in {target} has format {manifest['format']}, not {FORMAT}: build it again")

    def array(name: str) -> npt.NDArray[Any]:
        mapped: npt.NDArray[Any] = np.load(target / f"{name}.npy", mmap_mode="r", allow_pickle=False)
        return mapped.view(np.ndarray)  # compiled loops know no other kind

    def frame(name: str) -> pl.DataFrame:
        with pa.memory_map(str(target / f"{name}.arrow")) as file:
            mapped = pl.from_arrow(pa.ipc.open_file(file).read_all())
        assert isinstance(mapped, pl.DataFrame)  # noqa: S101 - a table gives a frame
        return mapped

    def tables(name: str) -> Tables:
        owners = {
            kind: Owners(array(f"{name}-{kind}_start"), array(f"{name}-{kind}_assets"))
            for kind in ("prefix", "domain", "asn")
        }
        v4, v4_bucket, v4_group, high, high_first, low, v6_group = (
            array(f"{name}-{part}") for part in ("v4", "v4_bucket", "v4_group", "high", "high_first", "low", "v6_group")
        )

        def table(hashes: str, bucket: str) -> HashTable:
            return HashTable(array(f"{name}-{hashes}"), array(f"{name}-{bucket}"))

        multiplier = int(array(f"{name}-multiplier")[0])
        places, names, seen = (array(f"{name}-{part}") for part in ("name_places", "names", "seen"))
        return Tables(
            Intervals(v4, v4_bucket, v4_group, high, high_first, low, v6_group, owners["prefix"]),
            Domains(multiplier, places, names, table("hashes", "bucket"), seen, owners["domain"]),
            Asns(table("asns", "asn_bucket"), owners["asn"]),
        )

    return Index(
        frame("registry"),
        frame("refused"),
        tables("owned"),
        tables("fallback"),
        array("digests"),
        array("how"),
        array("organisation"),
        manifest["version"],
    )


def _current(folder: Path) -> str | None:
    try:
        return (folder / CURRENT).read_text(encoding="ascii").strip() or None
    except FileNotFoundError:
        return None
