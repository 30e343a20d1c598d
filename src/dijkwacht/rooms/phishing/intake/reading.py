"""Read what came in: in killable processes, in batches; each into a report of its campaign, once."""

import ipaddress
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
from dijkwacht.mails.isolated import Question, Reader
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
from dijkwacht.rooms.phishing.campaigns.scrubbing import nameless, scrubbed
from dijkwacht.rooms.phishing.intake import checking, reads, rules, signatures, vault
from dijkwacht.rooms.phishing.intake.models import Arrival
from dijkwacht.rooms.phishing.intake.signatures import Signed
from dijkwacht.rooms.phishing.judging.knowledge import registrable

log = structlog.get_logger()
READER: Final = system("phishing:reader")
AT_ONCE: Final = 100  # mails of one transaction
AT_ONCE_BYTES: Final = 64 << 20
_idle: "Final[SimpleQueue[Reader]]" = SimpleQueue()
# Between attempts: what is wrong with a disk or a key takes people a while.
AGAIN: Final = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
SERVERS: Final = frozenset({"smtp", "lmtp", "imap"})  # doors by which the sender of a mail is the reporter


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
    checking.close()
    with suppress(Empty):
        while True:
            _idle.get_nowait().close()


def read_batch(reader: Reader, *, most: int = AT_ONCE) -> int:
    """Read the oldest that nobody reads at this moment, in one transaction; give how many left the queue."""
    with tenancy.acting(READER):
        rows = _bounded(reads.due().order_by("attempts", "received_at").select_for_update(skip_locked=True)[:most])
        return _file(reader, rows) if rows else 0


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
        found = list(reads.due().order_by("attempts", "received_at").values_list("id", flat=True)[:AT_ONCE])
    return sum(_alone(reader, identifier) for identifier in found)


def _alone(reader: Reader, identifier: UUID) -> int:
    try:
        with tenancy.acting(READER):
            row = Arrival.objects.select_for_update(skip_locked=True).filter(id=identifier).first()
            return _file(reader, [row]) if row is not None else 0
    except Exception as error:
        log.exception("phishing: a mail could not be read", arrival=str(identifier))
        with tenancy.acting(READER):
            _set_back(identifier, error)
        return 0


def _set_back(identifier: UUID, error: Exception) -> None:
    """Leave a mail in the queue: to be tried again after a while, or for a person, after the last attempt."""
    row = Arrival.objects.filter(id=identifier).first()
    if row is None:
        return
    row.attempts += 1
    row.problem = f"{type(error).__name__}: {error}".replace("\0", "")[:300]
    row.not_before = timezone.now() + AGAIN[min(row.attempts, len(AGAIN)) - 1]
    row.save(update_fields=["attempts", "problem", "not_before"])
    if row.attempts >= reads.ATTEMPTS:
        record(actor=READER, action="phishing:arrival:set-aside", target=("arrival", identifier), result="failed")


@transaction.atomic
def _file(reader: Reader, rows: Sequence[Arrival]) -> int:
    """Read mails and file them with their campaigns and who waits for an answer; give how many left the queue.

    The others stay there: what could not be opened, and, once more, whose key was not asked for.
    """
    found = [one for one in map(_open, rows) if one is not None]
    verified = signatures.verified([one.signed for one in found], [one.raw for one in found])
    once_more = [one.arrival.id for one, proven in zip(found, verified, strict=True) if _waits(one, proven)]
    Arrival.objects.filter(id__in=once_more).update(attempts=F("attempts") + 1)
    own = own_hosts()
    read: list[Read] = []
    waiting: list[awaiting.Waiting] = []
    due = [(one, bool(answer)) for one, answer in zip(found, verified, strict=True) if not _waits(one, answer)]
    mails = reader.read_many(_question(one) for one, _ in due)
    for (one, proven), mail in zip(due, mails, strict=True):
        report = _report(one, proven=proven)
        read.append(Read(scrubbed(mail, [one.sender], settings.PHISHING_ADDRESSES), report))
        waiting.append(_waiting(one, mail, report, proven=proven))
    if read:
        gathering.take(actor=READER, read=read, own=own)
        awaiting.keep(waiting)
        Arrival.objects.filter(id__in=[one.report.id for one in read]).delete()
    return len(read)


def _question(one: Known) -> Question:
    reporter = nameless([one.sender] if one.sender else [])
    return Question(one.raw, reporter, one.arrival.door not in SERVERS)


def _waits(one: Known, proven: bool | None) -> bool:
    return proven is None and not one.arrival.attempts


def _open(row: Arrival) -> Known | None:
    """Get the bytes out of the vault. What is not there, or does not open, stays in the queue, with why."""
    try:
        raw = vault.raw_of(row.vault, row.received_at)
        door = open_json(bytes(row.sealed), table="arrival", row=row.id, column="sealed")
    except (vault.NotThere, FieldError, OSError) as error:
        log.exception("phishing: an arrival does not open", arrival=str(row.id))
        _set_back(row.id, error)
        return None
    header = rules.header_of(raw)
    senders = rules.values_of(header, "from")
    sender = rules.address_in(senders[0]) if len(senders) == 1 else ""  # with two, a signature may be of the other
    if row.door not in SERVERS:
        sender = ""  # the header of an uploaded mail is that of whoever sent it to the reporter
    ours = row.door in {"lmtp", "imap"} or (row.door == "smtp" and _is_trusted(str(door.get("address", ""))))
    return Known(row, raw, door, header, sender, signatures.claimed(header, sender, ours=ours))


def _is_trusted(address: str) -> bool:
    """Whether a mail came from one of our own mail servers."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in network for network in settings.PHISHING_TRUSTED)


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
