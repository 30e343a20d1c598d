"""Campaigns: a researcher's list is uploaded, previewed, approved by two others, sent, and followed up."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from dijkwacht import feeds
from dijkwacht.data import reading as data
from dijkwacht.data.attribution import attribute
from dijkwacht.data.grouping import Grouper
from dijkwacht.data.schema import HOW
from dijkwacht.kernel.actor import Actor, system
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.storage import read_chunks
from dijkwacht.rooms.notification import approving, deciding, intake, reading, receivers, registry_index, trials
from dijkwacht.rooms.notification.errors import InvalidCampaign, NotAllowed, NotFound, WrongState
from dijkwacht.rooms.notification.models import Batch, Campaign, Event, Feedback, Finding, Notice, NoticeItem
from dijkwacht.rooms.notification.rendering import kinds
from dijkwacht.rooms.registry.models import Organisation

CAMPAIGNER: Final = system("notification:campaign")
NEEDED: Final = 2  # persons besides the maker
LARGEST_LIST: Final = 64 << 20  # bytes
LONGEST_TEXT: Final = 20_000  # characters
SHOWN: Final = 500  # organisations listed in a preview; all are counted
ARCHIVES: Final = (b"\x1f\x8b", b"PK\x03\x04")
_LIVE: Final = (Finding.State.OPEN, Finding.State.ACKNOWLEDGED, Finding.State.REOPENED, Finding.State.DISPUTED)


def list_feeds() -> dict[str, feeds.Feed]:
    """The feeds of which a list can be a campaign: plain lists."""
    return {slug: feed for slug, feed in feeds.catalogue().items() if feed.format in feeds.LISTS}


def campaigns_for(actor: Actor) -> QuerySet[Campaign]:
    """The campaigns, the newest first. Raises NotAllowed."""
    if not allows(actor, "campaigns:write"):
        raise NotAllowed
    return Campaign.objects.order_by("-created_at").prefetch_related("approvals")


def access_campaign(actor: Actor, campaign: UUID) -> Campaign:
    """One campaign with its approvals. Raises NotAllowed, NotFound."""
    found = campaigns_for(actor).filter(pk=campaign).first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def create(*, actor: Actor, values: Mapping[str, Any], chunks: Iterable[bytes], filename: str) -> Campaign:
    """Take a list and its texts in.

    `values`: title, source, feed, kind, severity (0 to 4), text_nl and text_en (Markdown).
    Raises NotAllowed, InvalidCampaign, storage.TooLarge.
    """
    if not allows(actor, "campaigns:write"):
        raise NotAllowed
    checked = _checked(values)
    kept = intake.raw_store().keep(chunks, limit=LARGEST_LIST)
    with kept.path.open("rb") as file:
        start = file.read(4)
    if not kept.size or start.startswith(ARCHIVES):
        raise InvalidCampaign(
            reason_nl="lever een gewone lijst aan, niet leeg", reason_en="give a plain list, not empty"
        )
    row = Campaign.objects.create(
        **checked, sha256=kept.sha256, filename=filename[-255:] or "list.txt", created_by=actor.id[:100]
    )
    _record(actor, row, "create", {"sha256": kept.sha256, "size": kept.size})
    return row


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: str(values.get(name, "")).strip() for name in ("title", "source", "text_nl", "text_en")}
    for name, text in texts.items():
        longest = LONGEST_TEXT if name.startswith("text") else 200
        if not text or len(text) > longest or "\x00" in text:
            raise InvalidCampaign(
                reason_nl=f"{name} heeft 1 tot {longest} tekens nodig",
                reason_en=f"{name} needs 1 to {longest} characters",
            )
    feed, kind, severity = values.get("feed"), values.get("kind"), values.get("severity")
    if feed not in list_feeds():
        raise InvalidCampaign(reason_nl="kies een bron die een lijst is", reason_en="choose a feed that is a list")
    if kinds.known(str(kind)) is None:
        raise InvalidCampaign(reason_nl="kies een bekende soort", reason_en="choose a kind we know")
    if not isinstance(severity, int) or not 0 <= severity < len(feeds.SEVERITIES):
        raise InvalidCampaign(reason_nl="de ernst is 0 tot 4", reason_en="the severity is 0 to 4")
    return {**texts, "feed": feed, "kind": kind, "severity": severity}


@transaction.atomic
def ask_preview(*, actor: Actor, campaign: UUID) -> Campaign:
    """Ask a job to find out who would be told and how many are nobody's, without telling anybody.

    Raises NotAllowed, NotFound, WrongState.
    """
    from dijkwacht.rooms.notification.tasks import preview_campaign

    row = _locked(actor, campaign, "campaigns:write", {Campaign.State.DRAFT, Campaign.State.PREVIEWED})
    trials.asked(row)
    preview_campaign.defer(campaign=str(row.id))
    _record(actor, row, "ask-preview", {})
    return row


def preview(campaign: UUID) -> None:
    """Make the preview that was asked for; a list that cannot be read leaves its fault on the campaign."""

    def attempt(row: Campaign) -> None:
        row.preview = _tried(row)
        row.state = Campaign.State.PREVIEWED
        _record(CAMPAIGNER, row, "preview", {name: row.preview[name] for name in ("rows", "unattributed")})

    trials.run(Campaign, campaign, attempt)


def _tried(row: Campaign) -> dict[str, Any]:
    """Read the list as a batch would be, up to the law's answer."""
    feed, index = feeds.catalogue()[row.feed], registry_index.current()
    report, grouper = next(iter(feed.reports.values())), Grouper(index, reading.secret())
    counts: Counter[str] = Counter()
    try:
        for member in data.open_report(intake.raw_store().path(row.sha256), name=_name(row)):
            for part in data.read_batches(member.stream, feed, report, secret=reading.secret()):
                frame = reading.of_campaign(part.frame, row)
                pairs = attribute(frame, index)
                grouper.add(frame, pairs, row.sha256)
                counts["set_aside"] += part.set_aside.height
                counts["read"] += part.frame.height
                counts["attributed"] += pairs["row"].n_unique()
    except data.ReportRefused as refused:
        raise InvalidCampaign(reason_nl=str(refused), reason_en=str(refused)) from refused
    found = grouper.findings()
    owners = index.registry["organisation_id"].gather(found["asset"]).to_list()
    matters = Counter(
        deciding.Matter(UUID(owner), row.feed, kind, HOW[how])
        for owner, kind, how in zip(owners, found["kind"].to_list(), found["how"].to_list(), strict=True)
    )
    return {
        "at": timezone.now().isoformat(),
        "rows": counts["read"] + counts["set_aside"],
        "set_aside": counts["set_aside"],
        "attributed": counts["attributed"],
        "unattributed": counts["read"] - counts["attributed"],
        **told(matters),
    }


def told(matters: Mapping[deciding.Matter, int]) -> dict[str, Any]:
    """Who would be told of these matters, with how many findings, by the law and the contacts of now."""
    today = timezone.localdate()
    known = receivers.load({matter.organisation for matter in matters}, today)
    ways = deciding.trial(matters, known, today)
    reached = receivers.contacts_of({way.receiver for found in ways.values() for way in found})
    groups: dict[tuple[UUID, str, UUID], int] = defaultdict(int)
    nobody: set[UUID] = set()
    for matter, number in matters.items():
        usable = [way for way in ways[matter] if reached.get(way.receiver)]
        for way in usable:
            groups[matter.organisation, way.route, way.receiver] += number
        if not usable:
            nobody.add(matter.organisation)
    names = dict(Organisation.objects.filter(id__in={key[2] for key in groups} | nobody).values_list("id", "name"))
    lines = sorted(groups.items(), key=lambda item: (-item[1], str(item[0])))
    return {
        "findings": sum(matters.values()),
        "organisations": len({matter.organisation for matter in matters}),
        "receivers": len({key[2] for key in groups}),
        "nobody": len(nobody),
        "told": [
            {
                "organisation": str(about),
                "name": known[about].name,
                "route": route,
                "receiver": names[receiver],
                "findings": number,
            }
            for (about, route, receiver), number in lines[:SHOWN]
        ],
        "not_told": sorted(names[organisation] for organisation in nobody)[:SHOWN],
    }


@transaction.atomic
def decide(*, actor: Actor, campaign: UUID, yes: bool, reason: str = "") -> Campaign:
    """Say yes or no to a previewed campaign. The second yes sends it; one no rejects it.

    Raises NotAllowed, NotFound, WrongState, SecondPersonNeeded.
    """
    row = _locked(actor, campaign, "campaigns:approve", {Campaign.State.PREVIEWED})
    trials.refuse_while_trying(row)
    voices = approving.voice(actor, "campaigns:approve", row, yes=yes, reason=reason)
    _record(actor, row, "approve" if yes else "reject", {"reason": reason[:500]})
    if not yes:
        row.state = Campaign.State.REJECTED
    elif voices >= NEEDED:
        _send(actor, row)
    row.save(update_fields=["state", "sent_at"])
    return row


def _send(actor: Actor, row: Campaign) -> None:
    """Hand the list in as a batch of its own, even when the same list was handed in before."""
    receipt = intake.accept(
        actor=CAMPAIGNER, chunks=_bytes(row), filename=_name(row), channel="campaign", feed=row.feed, campaign=row
    )
    row.state, row.sent_at = Campaign.State.SENT, timezone.now()
    _record(actor, row, "send", {"batch": str(receipt.batch.id)})


def _bytes(row: Campaign) -> Iterator[bytes]:
    yield from read_chunks(intake.raw_store().path(row.sha256))
    yield f"\n# campaign {row.id}\n".encode()  # a comment: it makes these bytes this campaign's own


def _name(row: Campaign) -> str:
    return f"campaign-{row.id}.txt"


def figures(actor: Actor, campaign: UUID) -> dict[str, int]:
    """How it goes: notices, receivers, answers; findings told, fixed, gone, left. Raises NotAllowed, NotFound."""
    row = access_campaign(actor, campaign)
    batches = Batch.objects.filter(campaign=row).values("id")
    notices = Notice.objects.filter(batch_id__in=batches)
    findings = Finding.objects.filter(id__in=Event.objects.filter(batch_id__in=batches).values("finding_id"))
    states = findings.aggregate(
        findings=Count("id"),
        fixed=Count("id", filter=Q(state=Finding.State.RESOLVED)),
        gone=Count("id", filter=Q(state=Finding.State.GONE)),
        still_there=Count("id", filter=Q(state__in=_LIVE)),
        disputed=Count("id", filter=Q(state=Finding.State.DISPUTED)),
    )
    left = notices.exclude(state__in=[Notice.State.HELD, Notice.State.COLLECTING, Notice.State.CANCELLED])
    return {
        **states,
        "told": NoticeItem.objects.filter(notice__in=left).values("finding_id").distinct().count(),
        "notices": notices.count(),
        "held": notices.filter(state=Notice.State.HELD).count(),
        "receivers": left.values("organisation_id").distinct().count(),
        "answered": Feedback.objects.filter(notice__in=notices).values("notice_id").distinct().count(),
    }


def _locked(actor: Actor, campaign: UUID, permission: str, states: set[Campaign.State]) -> Campaign:
    if not allows(actor, permission):
        raise NotAllowed
    row = Campaign.objects.select_for_update().filter(pk=campaign).first()
    if row is None:
        raise NotFound
    if row.state not in states:
        raise WrongState(state=row.state)
    return row


def _record(actor: Actor, row: Campaign, verb: str, detail: Mapping[str, Any]) -> None:
    record(actor=actor, action=f"notification:campaign:{verb}", target=("campaign", row.pk), detail=detail)
