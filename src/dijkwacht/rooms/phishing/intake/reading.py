"""Read what came in: in killable processes, in batches; each into a report of its campaign, once."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from queue import Empty, SimpleQueue
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.mails.isolated import Reader
from dijkwacht.mails.reading import Mail
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.crypto import secrets
from dijkwacht.platform.crypto.fields import FieldError
from dijkwacht.platform.crypto.house import open_json
from dijkwacht.rooms.phishing.answers import awaiting
from dijkwacht.rooms.phishing.campaigns import gathering
from dijkwacht.rooms.phishing.campaigns.gathering import Read
from dijkwacht.rooms.phishing.campaigns.models import Report
from dijkwacht.rooms.phishing.campaigns.scrubbing import scrubbed
from dijkwacht.rooms.phishing.intake import rules, signatures, vault
from dijkwacht.rooms.phishing.intake.models import Arrival
from dijkwacht.rooms.phishing.intake.signatures import Signed
from dijkwacht.rooms.phishing.judging.knowledge import registrable

log = structlog.get_logger()
READER: Final = system("phishing:reader")
AT_ONCE: Final = 100  # mails of one transaction
AT_ONCE_BYTES: Final = 64 << 20
_idle: "Final[SimpleQueue[Reader]]" = SimpleQueue()
ATTEMPTS: Final = 5  # then a mail is set aside, for a person to look at


class Known(NamedTuple):
    """An arrival with what is known of who handed it in, before its mail is parsed."""

    arrival: Arrival
    raw: bytes
    door: dict[str, Any]  # what the door knew
    header: bytes
    sender: str  # whom the answer goes to and who counts as the reporter, "" when nobody
    signed: Signed


def read_all() -> int:
    """Read until nothing is left; give how many were read. What fails alone is tried again later, then set aside."""
    total = 0
    with _a_reader() as reader:
        while True:
            try:
                number = read_batch(reader)
            except Exception:
                log.exception("phishing: a batch of mails failed; reading them one by one")
                number = _one_by_one(reader)
            total += number
            if not number:
                return total


@contextmanager
def _a_reader() -> Iterator[Reader]:
    """Lend a reader that is started already, where there is one: to start a process costs as much as 200 mails."""
    try:
        reader = _idle.get_nowait()
    except Empty:
        reader = Reader()
    try:
        yield reader
    finally:
        _idle.put(reader)


def close_readers() -> None:
    """End the processes that wait for the next mail."""
    with suppress(Empty):
        while True:
            _idle.get_nowait().close()


def read_batch(reader: Reader, *, most: int = AT_ONCE) -> int:
    """Read the oldest that nobody reads at this moment, in one transaction; give how many left the queue."""
    with tenancy.acting(READER):
        waiting = Arrival.objects.filter(attempts__lt=ATTEMPTS).order_by("attempts", "received_at")
        rows = _bounded(waiting.select_for_update(skip_locked=True)[:most])
        if rows:
            _file(reader, rows)
            Arrival.objects.filter(id__in=[row.id for row in rows]).delete()
        return len(rows)


def _bounded(rows: Iterable[Arrival]) -> list[Arrival]:
    """Take as many as their bytes may be in memory together; the first in any case."""
    taken: list[Arrival] = []
    size = 0
    for row in rows:
        size += row.size
        if taken and size > AT_ONCE_BYTES:
            break
        taken.append(row)
    return taken


def _one_by_one(reader: Reader) -> int:
    """Read each of a batch by itself, so that one that fails holds up no other; give how many left the queue."""
    with tenancy.acting(READER):
        waiting = Arrival.objects.filter(attempts__lt=ATTEMPTS).order_by("attempts", "received_at")
        found = list(waiting.values_list("id", flat=True)[:AT_ONCE])
    return sum(_alone(reader, identifier) for identifier in found)


def _alone(reader: Reader, identifier: UUID) -> int:
    try:
        with tenancy.acting(READER):
            row = Arrival.objects.select_for_update(skip_locked=True).filter(id=identifier).first()
            if row is None:
                return 0
            _file(reader, [row])
            row.delete()
    except Exception as error:
        log.exception("phishing: a mail could not be read", arrival=str(identifier))
        _set_back(identifier, f"{type(error).__name__}: {error}"[:300])
        return 0
    return 1


def _set_back(identifier: UUID, problem: str) -> None:
    with tenancy.acting(READER):
        Arrival.objects.filter(id=identifier).update(attempts=F("attempts") + 1, problem=problem.replace("\0", ""))
        row = Arrival.objects.filter(id=identifier).first()
        if row is not None and row.attempts >= ATTEMPTS:
            record(actor=READER, action="phishing:arrival:set-aside", target=("arrival", identifier), result="failed")


@transaction.atomic
def _file(reader: Reader, rows: Sequence[Arrival]) -> None:
    """Read mails and file them with their campaigns and who waits for an answer."""
    found = [one for one in map(_open, rows) if one is not None]
    verified = signatures.verified([one.signed for one in found], [one.raw for one in found])
    own = own_hosts()
    read: list[Read] = []
    waiting: list[awaiting.Waiting] = []
    for one, proven in zip(found, verified, strict=True):
        mail = reader.read(one.raw, [one.sender] if one.sender else [])
        report = _report(one, proven=proven)
        read.append(Read(scrubbed(mail, [one.sender], settings.PHISHING_ADDRESSES), report))
        waiting.append(_waiting(one, mail, report, proven=proven))
    if read:
        gathering.take(actor=READER, read=read, own=own)
        awaiting.keep(waiting)


def _open(row: Arrival) -> Known | None:
    """Get the bytes out of the vault. What is gone from it, or does not open, is set aside and said."""
    try:
        raw = vault.raw_of(row.vault, row.received_at)
        door = open_json(bytes(row.sealed), table="arrival", row=row.id, column="sealed")
    except (vault.NotThere, FieldError) as error:
        log.exception("phishing: an arrival has no bytes in the vault", arrival=str(row.id))
        record(
            actor=READER,
            action="phishing:arrival:lost",
            target=("arrival", row.id),
            result="failed",
            detail={"why": type(error).__name__},
        )
        return None
    header = rules.header_of(raw)
    senders = rules.values_of(header, "from")
    sender = rules.address_in(senders[0]) if len(senders) == 1 else ""  # with two, a signature may be of the other
    if row.door not in {"smtp", "lmtp", "imap"}:
        sender = ""  # the header of an uploaded mail is that of whoever sent it to the reporter
    return Known(row, raw, door, header, sender, signatures.claimed(header, sender))


def _report(one: Known, *, proven: bool) -> Report:
    key = secret()
    partner = one.arrival.partner
    address = one.sender or str(one.door.get("sender", ""))
    source = (
        f"partner:{partner}"[:64]
        if partner
        else rules.pseudonym(key, "address", rules.normalised(address))
        if address
        else ""
    )
    # Behind a mail server of ours no address of theirs is seen: the domain that DKIM proved stands for the network.
    place = rules.network_of(str(one.door.get("address", "")))
    proved = f"dkim:{registrable(one.sender.rpartition('@')[2])}" if proven and one.sender else ""
    network = rules.pseudonym(key, "network", place or proved)
    return Report(
        id=one.arrival.id,
        vault=one.arrival.vault,
        door=one.arrival.door,
        source=source or network,
        verified=bool(partner) or proven,
        network=network,
        received_at=one.arrival.received_at,
    )


def _waiting(one: Known, mail: Mail, report: Report, *, proven: bool) -> awaiting.Waiting:
    return awaiting.Waiting(
        report=report,
        address=one.sender,
        envelope=str(one.door.get("sender", "")),
        header=one.header,
        proven=proven,
        forwarded=bool(mail.layers) or len(mail.senders) > 1,
        language=str(one.door.get("language", "")),
    )


def own_hosts() -> list[str]:
    """Give the hosts of our own portal."""
    return [host for host in (urlsplit(settings.BASE_URL).hostname,) if host]


def secret() -> bytes:
    """Give the key of pseudonyms of this installation."""
    return secrets.load(settings.HOME, "phishing-pseudonym-key")


def waiting_since() -> timedelta | None:
    """Give how long the oldest waits to be read, for the dashboard."""
    first = Arrival.objects.filter(attempts__lt=ATTEMPTS).order_by("received_at").first()
    return timezone.now() - first.received_at if first else None
