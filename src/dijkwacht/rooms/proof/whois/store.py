"""A file comes in: read in pieces, kept as Parquet under HOME/whois, known by its hash, its date and its source."""

import gzip
import hashlib
import shutil
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import BinaryIO, Final, cast

import polars as pl
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.proof.errors import NotAllowed, UnreadableSnapshot
from dijkwacht.rooms.proof.models import Challenge, Snapshot
from dijkwacht.rooms.proof.rules import may_judge
from dijkwacht.rooms.proof.vocabulary import Method, State
from dijkwacht.rooms.proof.whois import rdap, rpsl
from dijkwacht.rooms.proof.whois.frames import Frames

GZIP: Final = b"\x1f\x8b"
PARTS: Final = ("networks", "routes", "holders")


def folder() -> Path:
    """Return where the snapshots stand."""
    return Path(settings.HOME) / "whois"


def import_snapshot(*, actor: Actor, path: Path, source: str, dated: date) -> tuple[Snapshot, bool]:
    """Take in an RPSL or RDAP file, plain or gzip; the same file again changes nothing (False).

    Raises NotAllowed unless an officer or a job of ours asks, UnreadableSnapshot.
    """
    if not may_judge(actor):
        raise NotAllowed
    sha256 = _hash(path)
    known = Snapshot.objects.filter(sha256=sha256).first()
    if known is not None:
        return known, False
    folder().mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder()))
    try:
        objects, kept, aside = _write(path, draft)
        with transaction.atomic():
            row = Snapshot.objects.create(
                filename=path.name[:255],
                sha256=sha256,
                source=source[:40],
                dated=dated,
                objects_read=objects,
                objects_kept=dict(kept),
                set_aside=aside,
                imported_by=actor.id[:100],
            )
            record(
                actor=actor,
                action="proof:snapshot:import",
                target=("snapshot", row.id),
                detail={"sha256": sha256, "source": row.source, "dated": str(dated), "objects": objects},
            )
            waiting = Challenge.objects.filter(method=Method.WHOIS, state__in=[State.OPEN, State.PROPOSED])
            waiting.update(next_at=timezone.now())  # what did not fit may fit now
            shutil.rmtree(folder() / str(row.id), ignore_errors=True)
            draft.rename(folder() / str(row.id))
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return row, True


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, draft: Path) -> tuple[int, Counter[str], int]:
    objects, kept, aside = 0, Counter[str](), 0
    try:
        for number, frames in enumerate(_pieces(path)):
            objects, aside = objects + frames.objects, aside + frames.set_aside
            for name in PARTS:
                frame: pl.DataFrame = getattr(frames, name)
                if frame.height:
                    frame.write_parquet(draft / f"{name}-{number:05}.parquet")
                    kept.update(dict(frame["kind"].value_counts().iter_rows()))
    except rpsl.NotRpsl as error:
        raise UnreadableSnapshot(
            reason_nl="dit is geen RPSL: er zijn geen lege regels tussen objecten",
            reason_en="this is not RPSL: there are no empty lines between objects",
        ) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableSnapshot(reason_nl="dit is geen RDAP in JSON", reason_en="this is not RDAP in JSON") from error
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableSnapshot(
            reason_nl=f"het bestand is beschadigd ({type(error).__name__})",
            reason_en=f"the file is damaged ({type(error).__name__})",
        ) from error
    if not kept:
        raise UnreadableSnapshot(
            reason_nl="er staat geen object in dat wij kennen", reason_en="it holds no object that we know"
        )
    return objects, kept, aside


def _pieces(path: Path) -> Iterator[Frames]:
    with _opened(path) as stream:
        first = stream.peek(1 << 12).lstrip()[:1]  # type: ignore[attr-defined]
        if first in {b"{", b"["}:
            yield from rdap.parse(stream)
            return
        for piece in rpsl.chunks(stream):
            yield rpsl.parse(piece)


def _opened(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
    return cast("BinaryIO", gzip.open(path, "rb") if packed else path.open("rb"))


def current(actor: Actor, kinds: set[str]) -> list[Snapshot]:
    """Return the snapshots that count for these classes of objects: of each source and class the newest."""
    chosen: dict[tuple[str, str], Snapshot] = {}
    with tenancy.acting(actor):
        for row in Snapshot.objects.filter(pruned_at=None).order_by("dated", "imported_at"):
            chosen.update({(row.source, kind): row for kind in kinds & row.objects_kept.keys()})
    return list({row.id: row for row in chosen.values()}.values())


def scan(snapshot: Snapshot, part: str) -> pl.LazyFrame | None:
    """Return a lazy frame over one part of a snapshot, or None when it has none."""
    files = sorted((folder() / str(snapshot.id)).glob(f"{part}-*.parquet"))
    return pl.scan_parquet(files) if files else None
