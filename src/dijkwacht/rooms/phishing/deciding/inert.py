"""The mail of a campaign as an analyst sees it: text only, without its reporter, read in a process of its own."""

import re
from typing import Final

from dijkwacht.kernel.actor import Actor
from dijkwacht.mails.isolated import Reader
from dijkwacht.mails.showing import Part
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.crypto.fields import FieldError
from dijkwacht.rooms.phishing.campaigns.models import Campaign
from dijkwacht.rooms.phishing.campaigns.scrubbing import COMMON, PARTS, without
from dijkwacht.rooms.phishing.deciding import reads
from dijkwacht.rooms.phishing.intake import vault

SECONDS: Final = 5.0  # that an analyst waits for a mail at most
LINK: Final = re.compile(r"\b(h)tt(ps?://)", re.IGNORECASE)


def mail_of(actor: Actor, campaign: Campaign) -> list[Part]:
    """Give the newest mail of a campaign that the vault still has, as text; nothing when there is none.

    It is recorded that somebody saw it. Raises NotAllowed.
    """
    reads.require(actor)
    report = campaign.reports.order_by("-received_at").first()
    if report is None:
        return []
    try:
        raw = vault.raw_of(report.vault, report.received_at)
    except (vault.NotThere, FieldError, OSError):
        return []
    record(actor=actor, action="phishing:mail:see", target=("report", report.id))
    with Reader(seconds=SECONDS) as reader:
        people = reader.read(raw).recipients
        parts = reader.parts(raw)
    names = frozenset(word for one in people for word in PARTS.findall(one.partition("@")[0].lower())) - COMMON
    return [Part(one.kind, _plain(one.text, names), _plain(one.source, names)) for one in parts]


def _plain(text: str, names: frozenset[str]) -> str:
    return LINK.sub(r"\1xx\2", without(text, names))
