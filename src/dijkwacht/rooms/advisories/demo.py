"""Advisories of the demo, of invented products: written by one invented analyst, approved by another, past the gate."""

from datetime import date
from typing import Final
from uuid import UUID

from dijkwacht.kernel.actor import Actor, CentreRole, Kind
from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.statements import Notation, Status
from dijkwacht.rooms.advisories.writing import actions
from dijkwacht.rooms.advisories.writing.content import Content, Course, Line, Link, Scored, Text, Vulnerability
from dijkwacht.rooms.advisories.writing.errors import ValidatorMissing
from dijkwacht.rooms.advisories.writing.library import courses
from dijkwacht.rooms.advisories.writing.models import Advisory


def _analyst(name: str) -> Actor:
    return Actor(kind=Kind.PERSON, id=f"demo:{name}", name=name, roles=frozenset({CentreRole.ANALYST}))


WRITER, APPROVER = _analyst("Demo Schrijver"), _analyst("Demo Nakijker")
VECTOR: Final = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
GATE: Final = Content(
    title=Text(nl="Demo: lek in de inlogpagina van Zwaluw Poort", en="Demo: hole in the login page of Zwaluw Poort"),
    summary=Text(
        nl="Aanvallers nemen Zwaluw Poort over zonder wachtwoord. Het gebeurt al. Werk vandaag bij.",
        en="Attackers take over Zwaluw Poort without a password. It happens already. Update today.",
    ),
    what=Text(
        nl="Een te lange gebruikersnaam schrijft buiten het geheugen van de inlogpagina. Wie de pagina kan bereiken, "
        "kan eigen programma's uitvoeren en staat dan op de rand van uw netwerk.",
        en="A user name that is too long writes out of bounds in the login page. Whoever can reach the page can run "
        "programs of their own, and then stands at the edge of your network.",
    ),
    affected=Text(
        nl="Wie Zwaluw Poort 3 gebruikt voor toegang op afstand en de inlogpagina op internet heeft.",
        en="Whoever uses Zwaluw Poort 3 for remote access and has the login page on the internet.",
    ),
    likelihood="high",
    impact="high",
    since=date(2026, 11, 18),
    vulnerabilities=(
        Vulnerability(
            "DEMO-2026-1",
            "Demo: overflow in the login page",
            Text(nl="Schrijven buiten het geheugen, zonder aanmelden.", en="Out-of-bounds write, without signing in."),
            "CWE-787",
            (Scored(VECTOR, "3.1", 9.8, "Zwaluw Systemen"),),
            (
                Line("Zwaluw Systemen", "Zwaluw Poort", "< V3.15 P018"),
                Line("Zwaluw Systemen", "Zwaluw Poort", "V3.15 P018", status=Status.FIXED),
                Line("Zwaluw Systemen", "Zwaluw Poort Mini"),
            ),
            date(2026, 11, 18),
        ),
    ),
    courses=(
        Course(
            Text(nl="Werk bij naar V3.15 P018. Herstart daarna.", en="Update to V3.15 P018. Restart after that."),
            "vendor_fix",
            "https://zwaluw.example/updates",
        ),
        courses()["off-the-internet"],
        courses()["look-for-traces"],
        courses()["supplier"],
    ),
    references=(Link("https://zwaluw.example/adviezen/2026-11", "Zwaluw Systemen"),),
    thanks=("Demo Onderzoeker",),
)
LIBRARY: Final = Content(
    title=Text(nl="Demo: fout in de bibliotheek ottr-parser", en="Demo: fault in the library ottr-parser"),
    summary=Text(
        nl="Een kwaadwillend bestand laat programma's met ottr-parser vastlopen.",
        en="A malicious file makes programs with ottr-parser hang.",
    ),
    what=Text(
        nl="De bibliotheek leest een lijst die naar zichzelf wijst zonder einde.",
        en="The library reads a list that points to itself without an end.",
    ),
    likelihood="medium",
    impact="low",
    vulnerabilities=(
        Vulnerability(
            "DEMO-2026-2",
            "Demo: endless loop",
            Text(nl="Eindeloze lus bij het lezen.", en="Endless loop while reading."),
            "CWE-835",
            (),
            (
                Line("ottr", "ottr-parser", "vers:npm/>=1.0.0|<2.0.1", Notation.VERS),
                Line("ottr", "ottr-parser", "2.0.1", status=Status.FIXED, purl="pkg:npm/ottr-parser@2.0.1"),
            ),
        ),
    ),
    courses=(courses()["update-soon"], courses()["supplier"]),
    references=(Link("https://ottr.example/changes", "ottr"),),
)
PHISHING: Final = Content(
    title=Text(nl="Demo: afpersmails over zogenaamde lekken", en="Demo: extortion mails about alleged holes"),
    summary=Text(
        nl="Organisaties krijgen mails waarin staat dat hun netwerk is gekraakt. Dat is niet zo.",
        en="Organisations get mails that say their network was broken into. It was not.",
    ),
    what=Text(
        nl="De mails noemen een echte medewerker en een oud wachtwoord uit een bekend datalek.",
        en="The mails name a real employee and an old password of a known data breach.",
    ),
    label="normal",
    courses=(
        Course(
            Text(
                nl="Betaal niet. Verander het genoemde wachtwoord als het nog ergens in gebruik is.",
                en="Do not pay. Change the password that is named if it is still used anywhere.",
            )
        ),
    ),
    references=(Link("https://dijkwacht.example/afpersmails", "Dijkwacht"),),
)
# A text, and the one of its next version where it has one.
PUBLISHED: Final = (
    (GATE, None),
    (LIBRARY, Text(nl="Ook versie 2.0.0 is kwetsbaar", en="Version 2.0.0 is affected too")),
)


def load() -> int:
    """Publish the demo's advisories and leave one as a draft, once. Gives how many were added.

    Where a validator is missing they stay drafts: the gate holds for a demo too.
    """
    with tenancy.acting(WRITER):
        if Advisory.objects.filter(changed_by__startswith="demo:").exists():
            return 0
        made = [(actions.begin(actor=WRITER, content=content).id, correction) for content, correction in PUBLISHED]
        actions.begin(actor=WRITER, content=PHISHING)
    for advisory, correction in made:
        try:
            _publish(advisory, Text())
            if correction is not None:
                _publish(advisory, correction)
        except ValidatorMissing:
            break
    return len(made) + 1


def _publish(advisory: UUID, summary: Text) -> None:
    with tenancy.acting(WRITER):
        row = Advisory.objects.get(id=advisory)
        actions.offer(actor=WRITER, advisory=row.id, change=row.change, summary=summary)
    with tenancy.acting(APPROVER):
        actions.approve(actor=APPROVER, advisory=row.id)


def clear() -> None:
    """Take every advisory away, in the transaction that runs; only a demo may: elsewhere they stay for ever."""
    from django.db import connection

    from dijkwacht.rooms.advisories import models

    with connection.cursor() as cursor:
        cursor.execute("select set_config('dijkwacht.clearing', 'demo', true)")
    for rows in (
        models.Document.objects.all(),
        models.Named.objects.all(),
        models.Version.objects.all(),
        models.Recipient.objects.all(),
        models.Advisory.objects.all(),
        models.Counter.objects.all(),
    ):
        rows.delete()
