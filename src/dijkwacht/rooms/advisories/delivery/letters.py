"""A letter as its receiver gets it: what is told, why, what to do, and how to answer. Plain text; JSON for programs."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.platform.outbox import compose
from dijkwacht.rooms.advisories.delivery import links, published
from dijkwacht.rooms.advisories.delivery.evidence import ranges
from dijkwacht.rooms.advisories.delivery.models import Concern, Telling
from dijkwacht.rooms.advisories.delivery.published import Published
from dijkwacht.rooms.advisories.delivery.words import ANSWERS, PHRASES, SOURCES, VERDICTS, language_of
from dijkwacht.rooms.notification.models import Decision
from dijkwacht.rooms.notification.rendering import keyed
from dijkwacht.rooms.notification.rendering.inert import inert
from dijkwacht.rooms.registry.models import Contact, Organisation

RENDERER: Final = system("advisories:render")
SHOWN: Final = 20  # lines of an inventory in one letter
LONGEST_SUBJECT: Final = 300
ONE_CLICK: Final = ("received", "working", "mitigated", "patched", "not_affected")
# Organisation by organisation. `offset 0` keeps it so, and keeps the advisory out of it: statistics that do not know a
# new advisory yet had each of its ten thousand matches looked at for each lot of letters.
_EVIDENCE: Final = """
select m.organisation_id, m.advisory, l.id, l.vendor, l.product, l.version, l.source, l.added_at,
    min(m.verdict), bool_and(m.sure), coalesce(string_agg(distinct nullif(m.remedy, ''), '; '), ''),
    array_agg(m.vulnerability order by m.vulnerability), array_agg(m.evidence order by m.vulnerability)
from unnest(%s::uuid[]) o (id)
cross join lateral (select * from advisories_match m where m.organisation_id = o.id offset 0) m
cross join lateral (select * from advisories_line l where l.id = m.line_id offset 0) l
where m.advisory = any (%s) and m.ended_at is null and m.told
group by m.organisation_id, m.advisory, l.id, l.vendor, l.product, l.version, l.source, l.added_at
order by min(m.verdict), l.vendor, l.product, l.version
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """One line of an inventory that an advisory meets, with how we know and what it means."""

    line: UUID
    what: str
    source: str
    added_at: datetime
    verdict: str
    sure: bool
    remedy: str
    vulnerabilities: tuple[str, ...]
    evidence: tuple[str, ...]  # of each vulnerability

    def sentence(self, language: str, member: str = "") -> str:
        """Say it: what is run, how we know, what the advisory says of it, and the verdict."""
        phrases = PHRASES[language]
        said = phrases["runs_member" if member else "runs"].format(
            member=inert(member, 200),
            what=inert(self.what, 300),
            source=SOURCES[language][self.source],
            day=timezone.localtime(self.added_at).strftime("%d-%m-%Y"),
            evidence=ranges(zip(self.vulnerabilities, self.evidence, strict=True), language),
            verdict=VERDICTS[language][self.verdict],
        )
        return said if self.sure else f"{said} {phrases['unsure']}"


@dataclass(frozen=True)
class Item:
    """One advisory in a letter."""

    telling: Telling
    concern: Concern
    advisory: Published
    ran: Sequence[Ran]
    sentence: str  # the ground in law
    member: str = ""  # whom it is about, in a letter to a relay


@dataclass(frozen=True)
class Letter:
    """What one contact gets at one moment."""

    id: UUID
    contact: Contact
    items: Sequence[Item] = field(default_factory=list)

    @property
    def language(self) -> str:
        return language_of(self.contact.language)


def evidence_of(organisations: Iterable[UUID], advisories: Iterable[UUID]) -> dict[tuple[UUID, UUID], list[Ran]]:
    """Return the lines that match, by organisation and advisory: affected before unknown."""
    found: dict[tuple[UUID, UUID], list[Ran]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_EVIDENCE, [list(set(organisations)), list(set(advisories))])
        for owner, advisory, line, vendor, product, version, source, added, *rest in cursor.fetchall():
            verdict, sure, remedy, vulnerabilities, evidence = rest
            what = " ".join(part for part in (vendor, product, version) if part)
            ran = Ran(line, what, source, added, verdict, sure, remedy, tuple(vulnerabilities), tuple(evidence))
            found[owner, advisory].append(ran)
    return found


def load(tellings: Sequence[Telling], letter_of: Mapping[UUID, UUID], contacts: Mapping[UUID, Contact]) -> list[Letter]:
    """Load what these tellings say, in a few queries; `letter_of`: by contact the letter in which they leave."""
    concerns = {row.id: row for row in Concern.objects.filter(id__in={one.concern_id for one in tellings})}
    known = published.library().versions({(one.advisory, one.version) for one in tellings})
    ran = evidence_of((one.about_id for one in tellings), (one.advisory for one in tellings))
    numbers = {one.decision_id for one in tellings if one.decision_id}
    grounds = {row.id: row for row in Decision.objects.filter(id__in=numbers)}
    about = {one.about_id for one in tellings if one.about_id != one.organisation_id}
    names = dict(Organisation.objects.filter(id__in=about).values_list("id", "name"))
    items: dict[UUID, list[Item]] = defaultdict(list)
    for one in tellings:
        contact = contacts.get(one.contact_id) if one.contact_id else None
        if contact is None or (one.advisory, one.version) not in known:
            continue
        ground = grounds.get(one.decision_id) if one.decision_id else None
        said = ground.told(language_of(contact.language)) if ground else ""
        item = Item(
            telling=one,
            concern=concerns[one.concern_id],
            advisory=known[one.advisory, one.version].as_for(one.about_id),
            ran=ran.get((one.about_id, one.advisory), ()),
            sentence=said,
            member=names.get(one.about_id, ""),
        )
        items[contact.id].append(item)
    return [Letter(letter_of[contact], contacts[contact], _sorted(found)) for contact, found in items.items()]


def _sorted(items: list[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (-item.concern.severity, item.concern.verdict, item.advisory.number))


def subject(letter: Letter) -> str:
    """One line: the label, the number and title of the advisory, or how many there are."""
    phrases, items = PHRASES[letter.language], letter.items
    labels = [item.advisory.tlp for item in items]
    tlp = next(label for label in ("RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR") if label in labels)
    urgent = f"[{phrases['urgent']}] " if any(item.telling.urgent for item in items) else ""
    numbers = {item.advisory.number for item in items}
    if len(numbers) == 1:
        one = items[0].advisory
        said = f"{one.number}: {one.title[letter.language]}"
    else:
        said = phrases["digest"].format(n=len(numbers))
    return inert(f"{urgent}[TLP:{tlp}] {said}", LONGEST_SUBJECT)


def text(letter: Letter) -> str:
    """The body: of each advisory what it means for this receiver and the links to answer, then the whole of it."""
    phrases = PHRASES[letter.language]
    parts = [phrases["hello"].format(centre=settings.CENTRE_NAME)]
    whole = len({item.advisory.number for item in letter.items}) == 1
    parts += [_item(item, letter.language, whole=whole and not at) for at, item in enumerate(letter.items)]
    return "\n\n".join(parts) + "\n"


def _item(item: Item, language: str, *, whole: bool) -> str:
    phrases, one = PHRASES[language], item.advisory
    head = f"{one.number}: {inert(one.title[language], 300)}"
    lines = [head, "=" * min(len(head), 76)]
    if one.withheld:
        return "\n".join([*lines, phrases["no_longer"]])
    lines += [f"TLP:{one.tlp}", "", one.summary[language].strip()]
    lines += ["", phrases["what_this_means"], "-" * len(phrases["what_this_means"]), *_means(item, language)]
    if not item.member:
        page = links.page(item.telling.id)
        lines += ["", phrases["answer"]]
        lines += [f"- {ANSWERS[language][name]}:\n  {page}?answer={name}" for name in ONE_CLICK]
        lines += ["", phrases["portal"].format(url=links.portal(one.advisory))]
    lines += [phrases["read"].format(url=links.reading(one.address, one.tlp))]
    if item.sentence:
        lines += ["", phrases["why"].format(sentence=item.sentence.rstrip("."))]
    if whole:
        lines += ["", one.text[language].strip()]
    return "\n".join(lines)


def _means(item: Item, language: str) -> list[str]:
    """What an advisory means for the receiver, in sentences."""
    phrases = PHRASES[language]
    if item.advisory.withdrawn:
        return [phrases["withdrawn"]]
    if item.concern.ground == "named":
        return [phrases["named"]]
    if item.concern.ground == "subscription":
        return [phrases["subscription"].format(url=f"{settings.BASE_URL}/mine/inventory")]
    if item.concern.verdict == "not_affected":
        return [phrases["correction"]]
    said = [f"- {ran.sentence(language, item.member)}" for ran in item.ran[:SHOWN]]
    if len(item.ran) > SHOWN:
        said.append(phrases["more"].format(n=len(item.ran) - SHOWN))
    return said + [phrases["remedy"].format(remedy=inert(one, 1000)) for one in item.advisory.courses.get(language, ())]


def mail(letter: Letter) -> bytes:
    """The complete mail, encrypted when the contact has a key, without details when no key of it works.

    Raises InvalidRecipient.
    """
    return keyed.mail(
        actor=RENDERER,
        contact=letter.contact,
        whole=partial(_mail, letter),
        bare=partial(_mail_without_details, letter),
    )


def _mail(letter: Letter, key: Mapping[str, bytes]) -> bytes:
    return compose.mail(
        sender=f"{settings.CENTRE_NAME} <{settings.MAIL_FROM}>",
        recipient=letter.contact.email,
        subject=subject(letter),
        text=text(letter),
        message_id=compose.new_message_id(f"advisories:{letter.id}"),
        language=letter.language,
        openpgp_key=key.get("openpgp_key"),
        smime_certificate=key.get("smime_certificate"),
    )


def _mail_without_details(letter: Letter) -> bytes:
    phrases = PHRASES[letter.language]
    url = f"{settings.BASE_URL}/mine/advisories"
    return compose.mail(
        sender=f"{settings.CENTRE_NAME} <{settings.MAIL_FROM}>",
        recipient=letter.contact.email,
        subject=phrases["key_subject"],
        text=phrases["key_text"].format(centre=settings.CENTRE_NAME, url=url) + "\n",
        message_id=compose.new_message_id(f"advisories:{letter.id}"),
        language=letter.language,
    )


def webhook(letter: Letter) -> bytes:
    """The body of a webhook: the same in a form that programs read. `version` rises when a field changes or goes."""
    document = {
        "schema": "dijkwacht-advisories",
        "version": 1,
        "id": str(letter.id),
        "centre": settings.CENTRE_NAME,
        "advisories": [_as_json(item, letter.language) for item in letter.items],
    }
    return json.dumps(document, ensure_ascii=False).encode()


def _as_json(item: Item, language: str) -> dict[str, Any]:
    one = item.advisory
    return {
        "advisory": str(one.advisory),
        "version": one.version,
        "number": one.number,
        "title": one.title[language],
        "tlp": one.tlp,
        "severity": one.severity,
        "urgent": item.telling.urgent,
        "withdrawn": one.withdrawn,
        "address": one.address,
        "organisation": str(item.telling.about_id),
        "ground": item.concern.ground,
        "verdict": item.concern.verdict,
        "answer": "" if item.member else links.page(item.telling.id),
        "lines": [ran_as_json(ran, language) for ran in item.ran],
    }


def ran_as_json(ran: Ran, language: str) -> dict[str, Any]:
    """Return one line with its evidence as programs read it."""
    return {
        "line": str(ran.line),
        "product": ran.what,
        "verdict": ran.verdict,
        "sure": ran.sure,
        "evidence": ran.sentence(language),
        "remedy": ran.remedy,
        "vulnerabilities": list(ran.vulnerabilities),
    }
