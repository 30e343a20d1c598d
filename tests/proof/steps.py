"""What an organisation does, the worker does and time does, for the tests of proof."""

from datetime import timedelta

from tests.proof.conftest import DOMAIN
from tests.registry.people import OFFICER, administrator

from dijkwacht.kernel.actor import Actor, Kind
from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.proof import actions, checking, confirming, rules
from dijkwacht.rooms.proof.models import Challenge, Check

NAME = f"_dijkwacht-challenge.{DOMAIN}"
LINK = Actor(kind=Kind.LINK, id="proof:x")


def start(asset, method="dns", recipient="", actor=None):
    actor = actor or administrator(asset.organisation_id)
    with tenancy.acting(actor):
        return actions.start_challenge(actor=actor, asset=asset.uid, method=method, recipient=recipient)


def publish(names, *challenges, name=NAME):
    names.records[name, "TXT"] = [f'"{rules.line(one.token)}"' for one in challenges]


def prove(asset, names, way, *others):
    challenge = start(asset)
    publish(names, challenge, *others)
    checking.check(challenge.id, egress=way)
    return challenge


def fresh(row):
    with tenancy.acting(OFFICER):
        return type(row).objects.get(pk=row.pk)


def rewind(challenge, days):
    """Let a challenge be some days older than it is."""
    with tenancy.acting(OFFICER):
        row = Challenge.objects.get(pk=challenge.pk)
        for name in ("created_at", "expires_at", "next_at", "proven_at", "failed_at", "warned_at", "wanted_at"):
            if getattr(row, name):
                setattr(row, name, getattr(row, name) - timedelta(days=days))
        row.save()
        for check in Check.objects.filter(challenge=row):
            check.at -= timedelta(days=days)
            check.save()


def mailed(subject=""):
    with tenancy.acting(OFFICER):
        rows = [bytes(row.body).decode() for row in Message.objects.order_by("created_at")]
    return [text for text in rows if subject in text]


def answer(challenge, verb=actions.confirm_mail):
    with tenancy.acting(confirming.DOORKEEPER):
        return verb(actor=LINK, challenge=challenge.id)
