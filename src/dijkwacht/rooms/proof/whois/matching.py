"""Is the holder that an internet registry names the organisation that claims? Strong says yes, less asks an officer."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox.addressing import ADDRESS
from dijkwacht.rooms.proof.looking.finding import Finding, shown
from dijkwacht.rooms.proof.models import Challenge, Snapshot
from dijkwacht.rooms.proof.vocabulary import Outcome
from dijkwacht.rooms.proof.whois import rpsl, store
from dijkwacht.rooms.registry.models import Asset, Organisation
from dijkwacht.rooms.registry.vocabulary import AssetKind, AssetStatus

READER: Final = system("proof:whois")
SPACE: Final = {"prefix": {"inetnum", "inet6num"}, "asn": {"aut-num"}}
MOST_MAILS: Final = 5
# What stands around everything and belongs to nobody in particular.
PLACEHOLDERS: Final = ("IANA-BLK", "NON-RIPE-NCC-MANAGED-ADDRESS-BLOCK", "ROOT", "IANA-NETBLOCK")
# Legal forms that people write or leave out.
FORMS: Final = re.compile(
    r"\b(b v|bv|n v|nv|v o f|vof|c v|cv|u a|ua|stichting|vereniging|cooperatie|gmbh|ag|ltd|limited|inc|llc|sa|plc)\b"
)


@dataclass(frozen=True, slots=True)
class Holder:
    """The most specific object around a space, and the organisation that it names."""

    snapshot: Snapshot
    object: str
    names: list[str]
    mails: list[str]
    text: str
    others_inside: bool
    origins: list[int]

    @property
    def name(self) -> str:
        return self.names[0] if self.names else "-"


def look(row: Challenge) -> Finding:
    """Compare the holder in the snapshots with the organisation. Only files are read; nothing leaves."""
    asset = row.asset
    holder = holder_of(asset.kind, asset.value)
    if holder is None:
        return Finding(Outcome.ABSENT, "whois-none", {"value": asset.value})
    facts: dict[str, Any] = {
        "source": holder.snapshot.source,
        "dated": holder.snapshot.dated.isoformat(),
        "object": shown(holder.object),
        "holder": shown(holder.name),
        "snapshot": str(holder.snapshot.id),
    }
    with tenancy.acting(READER):
        reasons = reasons_for(row.organisation, holder)
    if not reasons:
        return Finding(Outcome.ABSENT, "whois-other", facts)
    facts["reasons"] = reasons
    strong = "domain" in reasons and bool({"name", "number"} & set(reasons)) and not holder.others_inside
    return Finding(Outcome.MATCH, "whois-match", facts) if strong else Finding(Outcome.PARTIAL, "whois-partial", facts)


def reasons_for(organisation: Organisation, holder: Holder) -> list[str]:
    """Return what fits: the mail domain of the holder is a verified domain of the organisation; name; number; route."""
    mine = Asset.objects.filter(organisation=organisation, status=AssetStatus.VERIFIED)
    domains = set(mine.filter(kind=AssetKind.DOMAIN).values_list("value", flat=True))
    asns = {int(value) for value in mine.filter(kind=AssetKind.ASN).values_list("value", flat=True)}
    found = []
    if any(_under(mail.rpartition("@")[2].lower(), domains) for mail in holder.mails):
        found.append("domain")
    if plain(organisation.name) and plain(organisation.name) in {plain(name) for name in holder.names}:
        found.append("name")
    numbers = [number for number in (organisation.kvk, organisation.rsin, organisation.lei) if number]
    if any(re.search(rf"(?<!\w){re.escape(number)}(?!\w)", holder.text) for number in numbers):
        found.append("number")
    if asns & set(holder.origins):
        found.append("route")
    return found


def _under(domain: str, held: set[str]) -> bool:
    labels = domain.split(".")
    return any(".".join(labels[place:]) in held for place in range(len(labels)))


def plain(name: str) -> str:
    """Return a name without accents, case, punctuation and legal form, for comparing."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    words = "".join(letter if letter.isalnum() else " " for letter in letters if not unicodedata.combining(letter))
    return " ".join(FORMS.sub(" ", " ".join(words.split())).split())


def mail_addresses(kind: str, value: str) -> list[str]:
    """Return the addresses that the snapshots name for the holder of a space: the abuse desk's before others."""
    holder = holder_of(kind, value)
    return holder.mails[:MOST_MAILS] if holder else []


def holder_of(kind: str, value: str) -> Holder | None:
    """Return the holder of the most specific object that lies around the whole space; None when no snapshot has one."""
    span = (0, 0, int(value), 0, int(value)) if kind == AssetKind.ASN else rpsl.span_of(value)
    best: tuple[int, Snapshot, dict[str, Any]] | None = None
    for snapshot in store.current(READER, SPACE[kind]):
        found = _around(snapshot, span)
        if found is not None and (best is None or found[0] < best[0]):
            best = (found[0], snapshot, found[1])
    return _described(best[1], best[2], span) if best else None


def _before(hi: str, lo: str, high: int, low: int) -> pl.Expr:
    """The address in two columns is at or before another."""
    return (pl.col(hi) < high) | ((pl.col(hi) == high) & (pl.col(lo) <= low))


def _after(hi: str, lo: str, high: int, low: int) -> pl.Expr:
    return (pl.col(hi) > high) | ((pl.col(hi) == high) & (pl.col(lo) >= low))


def _around(snapshot: Snapshot, span: tuple[int, int, int, int, int]) -> tuple[int, dict[str, Any]] | None:
    family, *ends = span
    frame = store.scan(snapshot, "networks")
    if frame is None:
        return None
    covering = frame.filter(
        pl.col("family") == family,
        _before("first_hi", "first_lo", ends[0], ends[1]),
        _after("last_hi", "last_lo", ends[2], ends[3]),
        ~pl.col("name").fill_null("").is_in(PLACEHOLDERS),
    ).collect()
    sizes = [
        (((row["last_hi"] << 64) + row["last_lo"]) - ((row["first_hi"] << 64) + row["first_lo"]), row)
        for row in covering.iter_rows(named=True)
    ]
    return min(sizes, key=lambda one: one[0]) if sizes else None


def _described(snapshot: Snapshot, row: dict[str, Any], span: tuple[int, int, int, int, int]) -> Holder:
    organisation = _holder(snapshot, "organisation", row["org"])
    desk = _holder(snapshot, "role", row["abuse_c"]) or _holder(snapshot, "role", organisation.get("abuse_c"))
    first_line = (row["descr"] or "").split("\n")[0]
    texts = [row["descr"], row["name"], organisation.get("name"), organisation.get("descr")]
    written = [desk.get("mails"), row["mails"], organisation.get("mails")]
    mails = [mail.strip() for text in written if text for mail in text.split("\n")]
    return Holder(
        snapshot=snapshot,
        object=f"{row['key']} ({row['name'] or '-'})",
        names=[name for name in (organisation.get("name"), first_line) if name],
        mails=[mail for mail in dict.fromkeys(mails) if ADDRESS.fullmatch(mail)],
        text="\n".join(text for text in texts if text),
        others_inside=_others_inside(snapshot, row, span),
        origins=_origins(span),
    )


def _holder(snapshot: Snapshot, kind: str, key: str | None) -> dict[str, Any]:
    """Return an organisation or role by its handle, from the snapshot itself or the newest of the same source."""
    if not key:
        return {}
    handle = key.split("\n")[0].strip().upper()
    others = [one for one in store.current(READER, {kind}) if one.source == snapshot.source and one.id != snapshot.id]
    for place in (snapshot, *others):
        frame = store.scan(place, "holders")
        found = (
            frame.filter(pl.col("kind") == kind, pl.col("key") == handle).head(1).collect()
            if frame is not None
            else None
        )
        if found is not None and found.height:
            return found.row(0, named=True)
    return {}


def _others_inside(snapshot: Snapshot, row: dict[str, Any], span: tuple[int, int, int, int, int]) -> bool:
    """Tell whether parts of the space are handed on to others: then the whole is not simply theirs."""
    family, *ends = span
    frame = store.scan(snapshot, "networks")
    if frame is None or family == 0:
        return False
    inside = frame.filter(
        pl.col("family") == family,
        _after("first_hi", "first_lo", ends[0], ends[1]),
        _before("last_hi", "last_lo", ends[2], ends[3]),
        pl.col("key") != row["key"],
        pl.col("org").fill_null("-") != (row["org"] or "-"),
    )
    return bool(inside.head(1).collect().height)


def _origins(span: tuple[int, int, int, int, int]) -> list[int]:
    """Return the AS numbers that announce exactly this space, or more around it, by the route objects."""
    family, *ends = span
    found: set[int] = set()
    for snapshot in store.current(READER, {"route", "route6"}) if family else []:
        frame = store.scan(snapshot, "routes")
        if frame is not None:
            covering = frame.filter(
                pl.col("family") == family,
                _before("first_hi", "first_lo", ends[0], ends[1]),
                _after("last_hi", "last_lo", ends[2], ends[3]),
            )
            found |= set(covering.select("origin").collect()["origin"].to_list())
    return sorted(found)
