"""Who follows the list with a key of its own: added and revoked by an officer, its key shown once and kept sealed."""

import base64
import ipaddress
import re
import secrets
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.crypto import house
from dijkwacht.rooms.phishing.errors import NotAllowed
from dijkwacht.rooms.phishing.listing import errors, reads
from dijkwacht.rooms.phishing.listing.models import Consumer

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
NAME: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?\Z")
KEY_BYTES: Final = 32  # of HMAC-SHA256
PERMISSION: Final = "phishing:consumers"


@dataclass(frozen=True, slots=True)
class Added:
    """A new consumer, and its key as it is shown once."""

    row: Consumer
    secret: str  # base64


@transaction.atomic
def add(*, actor: Actor, name: str, notify: str = "", from_networks: str = "", push_url: str = "") -> Added:
    """Add a consumer. `notify`: address#port; `from_networks`: prefixes that may ask without a signature, with commas.

    Raises NotAllowed, ConsumerName, ConsumerAddress, ConsumerTaken.
    """
    _may(actor)
    if not NAME.match(name):
        raise errors.ConsumerName
    key, identifier = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode(), uuid4()
    row = Consumer(
        id=identifier,
        name=name,
        key_name=f"{name}-{secrets.token_hex(4)}.dijkwacht",
        secret=house.seal_json(key, table="phishing_consumer", row=identifier, column="secret"),
        notify=_notify(notify.strip()),
        networks=",".join(map(str, _networks(from_networks))),
        push_url=_push(push_url.strip()),
        pushed_serial=reads.serial(),
        created_by=str(actor.id)[:100],
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise errors.ConsumerTaken(name=name) from error
    detail = {"name": name, "notify": row.notify, "networks": row.networks, "push": bool(row.push_url)}
    record(actor=actor, action="phishing:consumer:add", target=("consumer", row.id), detail=detail)
    return Added(row, key)


@transaction.atomic
def revoke(*, actor: Actor, consumer: UUID) -> Consumer:
    """Take a consumer's key back: from the next second on it gets nothing. Raises NotAllowed, ConsumerUnknown."""
    _may(actor)
    row = Consumer.objects.select_for_update().filter(id=consumer, revoked_at=None).first()
    if row is None:
        raise errors.ConsumerUnknown
    row.revoked_at = timezone.now()
    row.save(update_fields=["revoked_at"])
    record(actor=actor, action="phishing:consumer:revoke", target=("consumer", row.id), detail={"name": row.name})
    return row


def secret(row: Consumer) -> str:
    """Give the key of a consumer in base64."""
    found: str = house.open_json(bytes(row.secret), table="phishing_consumer", row=row.id, column="secret")
    return found


def networks(text: str) -> tuple[Network, ...]:
    """Give the prefixes of a stored text."""
    return tuple(ipaddress.ip_network(one) for one in text.split(",") if one)


def _may(actor: Actor) -> None:
    if not allows(actor, PERMISSION):
        raise NotAllowed


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return networks(",".join(text.replace(",", " ").split()))
    except ValueError as error:
        raise errors.ConsumerAddress(text=text[:100]) from error


def _notify(text: str) -> str:
    """Give address#port. Raises ConsumerAddress."""
    if not text:
        return ""
    host, _, port = text.partition("#")
    try:
        address, number = ipaddress.ip_address(host), int(port or "53")
    except ValueError as error:
        raise errors.ConsumerAddress(text=text[:100]) from error
    if not 0 < number < 1 << 16 or address.is_multicast or address.is_unspecified:
        raise errors.ConsumerAddress(text=text[:100])
    return f"{address}#{number}"


def _push(text: str) -> str:
    if text and (urlsplit(text).scheme != "https" or not urlsplit(text).hostname or len(text) > 500):  # noqa: PLR2004
        raise errors.ConsumerAddress(text=text[:100])
    return text
