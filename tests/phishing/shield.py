"""Campaigns for the tests of the shield: as the parts before deciding leave them."""

from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import msgspec
from django.utils import timezone
from tests.mails import letters

from dijkwacht.kernel.actor import Actor, CentreRole, Kind, system
from dijkwacht.mails.reading import read_mail
from dijkwacht.rooms.phishing.campaigns.models import Campaign, Report
from dijkwacht.rooms.phishing.deciding.gathering import gather
from dijkwacht.rooms.phishing.deciding.models import Reputation
from dijkwacht.rooms.phishing.fetching.looking import Hop
from dijkwacht.rooms.phishing.fetching.looking import Look as Seen
from dijkwacht.rooms.phishing.fetching.models import Look, LookOfCampaign
from dijkwacht.rooms.phishing.fetching.pages import Page
from dijkwacht.rooms.phishing.judging.analysing import analyse
from dijkwacht.rooms.phishing.judging.names import likeness

MACHINE = system("phishing:machine")
PHISH = '<a href="https://postnl-bezorging.example/x">Betaal</a>'
ASKS = Page(title="PostNL", asks=["password"], brands=["postnl"])


def officer(role=CentreRole.OFFICER):
    """Somebody of the centre; each call is another person."""
    return Actor(kind=Kind.PERSON, id=str(uuid4()), name="Test", roles=frozenset({role}))


def campaign(html=PHISH, *, sender="PostNL <info@pakket.example>", subject="Uw pakket", mails=1, pages=False):
    """A campaign of one real mail, analysed. `pages`: its links were looked at, and ask for a password as PostNL."""
    mail = letters.suspicious(html, "html")
    mail.replace_header("From", sender)
    mail.replace_header("Subject", subject)
    found = analyse(read_mail(mail.as_bytes()))
    hosts = [one.link.host for one in found.links]
    likes = next((like[0].slug for host in hosts if (like := likeness(host))), "")
    made = Campaign.objects.create(
        key=sha256(uuid4().bytes).hexdigest(),
        subject=subject,
        senders=[sender],
        hosts=hosts,
        brand=likes,
        analysis=msgspec.to_builtins(found),
        mails=mails,
    )
    for one in found.links if pages else ():
        looked(made, one.link.clean)
    return made


def looked(campaign, url, *, final="", page=ASKS):
    """What the looker saw of a link of a campaign: a page, at `final` where the link led on."""
    final, now = final or url, timezone.now()
    hops = [Hop(url, "first", 302), Hop(final, "http", 200)] if final != url else [Hop(url, "first", 200)]
    seen = msgspec.to_builtins(Seen(url, now.isoformat(), "page", final, 200, hops, page))
    made = {"url": url, "asked_at": now, "done_at": now, "state": "page", "seen": seen}
    row, _ = Look.objects.update_or_create(url_sha256=sha256(url.encode()).hexdigest(), defaults=made)
    LookOfCampaign.objects.get_or_create(look=row, campaign=campaign)


def reported(campaign, count, *, network=None, verified=True, known=0, wrong=0, door="smtp"):
    """Reports of `count` people: each from a network of its own, or all from one; `known`: reports that were right."""
    for _ in range(count):
        source, net = uuid4().hex, network or uuid4().hex
        Report.objects.create(
            campaign=campaign, vault="0" * 64, door=door, source=source, network=net, verified=verified
        )
        if known or wrong:
            Reputation.objects.create(kind="source", key=source, confirmed=known, refuted=wrong)


def long_ago(**ago):
    return timezone.now() - timedelta(**ago)


def case(campaign):
    """All that is known of a campaign."""
    return gather(campaign)
