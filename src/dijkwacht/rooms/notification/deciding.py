"""Ask the law, once per distinct combination of facts, and remember what it said."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from dijkwacht import feeds
from dijkwacht.kernel.pap import Pap
from dijkwacht.kernel.tlp import Tlp
from dijkwacht.law.decide import Court
from dijkwacht.law.decision import Decision as Judgement
from dijkwacht.law.explain import explain
from dijkwacht.law.facts import AssetStatus, Facts, Information, ReceiverClass, Route, SourceTerms
from dijkwacht.law.policies import PolicySet
from dijkwacht.rooms.notification.models import Decision
from dijkwacht.rooms.notification.receivers import Receiver, Relay


@dataclass(frozen=True)
class Matter:
    """What is to be told: a kind of a feed about one organisation, and how its asset was matched."""

    organisation: UUID
    feed: str
    kind: str
    how: str


@dataclass(frozen=True)
class Way:
    """One lawful way to tell: who receives, along which route, on which decision."""

    route: str
    receiver: UUID
    decision: int


@dataclass(frozen=True)
class Outcome:
    """What the law says of one matter: the ways to tell it (none: nobody) and the decision that is stored with it."""

    ways: tuple[Way, ...]
    decision: int


def court() -> Court:
    """The policy set in force: ours, or the folder an installation mounts. Raises InvalidPolicies.

    A change of the folder counts at once, in every process: what is in force is read again when a file of it changed.
    """
    folder = policy_folder()
    return _court(folder, _stamp(folder))


def policy_folder() -> Path | None:
    """The installation's own policies, when it has any; ours otherwise."""
    own = overlay()
    return own if own.is_dir() else None


def overlay() -> Path:
    """Where an installation's own policies stand, whether it has any or not."""
    return Path(settings.POLICY_FOLDER or settings.HOME / "overlay" / "policies")


def _stamp(folder: Path | None) -> tuple[tuple[str, int, int], ...]:
    """Names, sizes and times of the files: one look at each costs less than a decision. Drafts begin with a dot."""
    if folder is None:
        return ()
    found = ((path, path.stat()) for path in sorted(folder.rglob("[!.]*")) if path.is_file())
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in found)


@lru_cache(maxsize=2)
def _court(folder: Path | None, _changed: tuple[tuple[str, int, int], ...]) -> Court:
    return Court(PolicySet.load(folder))


def facts_of(matter: Matter, receiver: Receiver, on: dt.date) -> list[tuple[UUID | None, Facts]]:
    """The facts of a matter, once for each relay of the organisation (or once without).

    That an entity is hit or aimed at is confidential (Cbw 66(1)). Of the four tests, two hold by construction: a notice
    has the columns its kind allows and no more (proportionate), and names no other organisation (interests). That it is
    necessary follows from the kind: who is hit or aimed at must act. Confidentiality is guaranteed towards the
    organisation itself, and by the relay that signed for it. A network owner is a stranger to the matter: none hold.
    """
    feed = feeds.catalogue()[matter.feed]
    kind = feed.kinds[matter.kind]
    about = information(kind)
    confidential = about is not Information.VULNERABILITY
    own = matter.how != "network-owner"
    facts = Facts(
        receiver_class=ReceiverClass(receiver.classification),
        information=about,
        personal_data=kind.personal_data,
        confidential=confidential,
        source_terms=SourceTerms(feed.terms.value),
        tlp=Tlp(feed.tlp),
        pap=Pap(feed.pap),
        asset_status=AssetStatus.VERIFIED,  # the index holds no other
        on=on,
        has_direct_contact=receiver.has_contact and own,
        network_owner=not own or receiver.network_owner is not None,
        country=receiver.country,
        necessary=own and confidential,
        proportionate=own,
        confidentiality_guaranteed=own,
        interests_protected=own,
    )
    relays = [(relay.id, _through(relay, facts)) for relay in receiver.relays] if own else []
    return [*relays] or [(None, facts)]


def _through(relay: Relay, facts: Facts) -> Facts:
    """The facts with one relay in them: what its mandate covers, and whether it signed for confidentiality."""
    covers = relay.facts.covers and facts.information.value in relay.informations
    return replace(
        facts,
        relay=replace(relay.facts, covers=covers),
        confidentiality_guaranteed=relay.facts.confidentiality or not relay.facts.mandatory,
    )


def information(kind: feeds.Kind) -> Information:
    """The law's word for a kind of finding; what a feed calls mere information is judged as a vulnerability."""
    return Information.VULNERABILITY if kind.information == "information" else Information(kind.information)


def judged(
    matters: Iterable[Matter], receivers: Mapping[UUID, Receiver], on: dt.date, judge: Court | None = None
) -> list[tuple[Matter, UUID | None, Judgement]]:
    """Ask the law about each matter, once for each relay of its organisation; nothing is stored."""
    asked = [
        (matter, relay, facts)
        for matter in matters
        for relay, facts in facts_of(matter, receivers[matter.organisation], on)
    ]
    answers = (judge or court()).decide([facts for _, _, facts in asked])
    return [(matter, relay, answer) for (matter, relay, _), answer in zip(asked, answers, strict=True)]


def trial(
    matters: Iterable[Matter], receivers: Mapping[UUID, Receiver], on: dt.date, judge: Court | None = None
) -> dict[Matter, tuple[Way, ...]]:
    """The ways to tell each matter as `decide` would find them, without storing a decision; their `decision` is 0."""
    found: dict[Matter, dict[tuple[str, UUID], Way]] = {}
    for matter, relay, judgement in judged(matters, receivers, on, judge):
        known = found.setdefault(matter, {})
        for way in _ways(matter, receivers[matter.organisation], relay, judgement, 0):
            known.setdefault((way.route, way.receiver), way)
    return {matter: tuple(ways.values()) for matter, ways in found.items()}


def decide(
    matters: Iterable[Matter], receivers: Mapping[UUID, Receiver], on: dt.date, judge: Court | None = None
) -> dict[Matter, Outcome]:
    """Decide each matter and store each distinct decision once. Runs inside the caller's transaction."""
    asked = judged(matters, receivers, on, judge)
    stored = _store(dict.fromkeys(judgement for _, _, judgement in asked))
    outcomes: dict[Matter, Outcome] = {}
    for matter, relay, judgement in asked:
        decision = stored[digest(judgement)]
        ways = _ways(matter, receivers[matter.organisation], relay, judgement, decision)
        before = outcomes.get(matter)
        known = before.ways if before else ()
        merged = known + tuple(
            way for way in ways if (way.route, way.receiver) not in {(w.route, w.receiver) for w in known}
        )
        outcomes[matter] = Outcome(merged, before.decision if before and before.ways else decision)
    return outcomes


def _ways(
    matter: Matter, receiver: Receiver, relay: UUID | None, judgement: Judgement, decision: int
) -> tuple[Way, ...]:
    ends = {
        Route.DIRECT: matter.organisation,
        Route.RELAY: relay,
        Route.NETWORK_OWNER: matter.organisation if matter.how == "network-owner" else receiver.network_owner,
        Route.FOREIGN_CSIRT: matter.organisation,
    }
    return tuple(Way(route.value, end, decision) for route in judgement.routes if (end := ends.get(route)) is not None)


def digest(judgement: Judgement) -> str:
    """The identity of a decision: its facts with their day, the policy set, and what was ruled."""
    text = json.dumps(judgement.to_record(), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def remember(judgements: Iterable[Judgement]) -> dict[Judgement, int]:
    """Store decisions that another room asked for, each once; gives the number of each. In the caller's transaction."""
    asked = list(judgements)
    stored = _store(asked)
    return {judgement: stored[digest(judgement)] for judgement in asked}


def _store(judgements: Iterable[Judgement]) -> dict[str, int]:
    rows = {digest(judgement): judgement for judgement in judgements}
    Decision.objects.bulk_create([_row(name, judgement) for name, judgement in rows.items()], ignore_conflicts=True)
    return dict(Decision.objects.filter(digest__in=list(rows)).values_list("digest", "id"))


def _row(name: str, judgement: Judgement) -> Decision:
    record: dict[str, Any] = judgement.to_record()
    return Decision(
        digest=name,
        policy_set=judgement.policy_set_hash,
        facts=record.pop("facts"),
        record=record,
        route=judgement.routes[0].value,
        sentence_nl=explain(judgement, "nl"),
        sentence_en=explain(judgement, "en"),
    )
