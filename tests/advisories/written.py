"""An advisory of invented products, as a writer of the centre would make it."""

import os
from datetime import date
from pathlib import Path

import pytest
from tests.conftest import copy_of_template

from dijkwacht.kernel.actor import Actor, CentreRole, Kind
from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.statements import Notation, Status
from dijkwacht.rooms.advisories.writing import actions
from dijkwacht.rooms.advisories.writing.content import Content, Course, Line, Link, Scored, Text, Vulnerability

MODULES = Path(os.environ.get("DIJKWACHT_NODE_MODULES") or Path(__file__).parents[2] / "var/frontend/node_modules")

LINES = (
    Line("Zwaluw Systemen", "Zwaluw Poort", "< V3.15 P018"),
    Line("Zwaluw Systemen", "Zwaluw Poort", "V3.15 P018", status=Status.FIXED),
    Line("Zwaluw Systemen", "Zwaluw Beheer", "All versions before the November update"),
    Line("Zwaluw Systemen", "Zwaluw Mobiel"),
    Line("ottr", "ottr-parser", "vers:npm/>=1.0.0|<2.0.0", Notation.VERS, purl="pkg:npm/ottr-parser"),
    Line("ottr", "ottr-parser", "2.0.0", status=Status.FIXED, purl="pkg:npm/ottr-parser@2.0.0"),
)
VECTOR = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
ONE = Vulnerability(
    "CVE-2026-99001",
    "Overflow in the login page",
    Text(nl="Een te lange naam schrijft buiten het geheugen.", en="A name that is too long writes out of bounds."),
    "CWE-787",
    (Scored(VECTOR, "3.1", 9.8, "Zwaluw Systemen"),),
    LINES,
    date(2026, 11, 1),
)
WRITTEN = Content(
    title=Text(nl="Ernstig lek in Zwaluw Poort", en="Severe hole in Zwaluw Poort"),
    summary=Text(nl="Aanvallers nemen Zwaluw Poort over.", en="Attackers take over Zwaluw Poort."),
    what=Text(nl="Zonder wachtwoord kan code worden uitgevoerd.", en="Code can be run without a password."),
    affected=Text(nl="Wie Zwaluw Poort aan internet heeft.", en="Whoever has Zwaluw Poort on the internet."),
    likelihood="high",
    impact="high",
    since=date(2026, 11, 1),
    vulnerabilities=(ONE,),
    courses=(
        Course(
            Text(nl="Werk bij naar V3.15 P018.", en="Update to V3.15 P018."), "vendor_fix", "https://zwaluw.example/u"
        ),
        Course(Text(nl="Haal de beheerpagina van internet.", en="Take the page off the internet."), "mitigation"),
    ),
    references=(Link("https://zwaluw.example/advies", "Zwaluw Systemen"),),
    thanks=("A. Onderzoeker",),
)


def actor(name, role=CentreRole.ANALYST):
    """Somebody of the centre."""
    return Actor(kind=Kind.PERSON, id=f"person:{name}", name=name, roles=frozenset({role}), second_factor=True)


WRITER, APPROVER = actor("Wil Schrijver"), actor("Noor Nakijker")


def published(content=WRITTEN, *, writer=WRITER, approver=APPROVER):
    """Publish an advisory; gives its first version."""
    with tenancy.acting(writer):
        row = actions.begin(actor=writer, content=content)
        actions.offer(actor=writer, advisory=row.id, change=row.change, summary=Text())
    with tenancy.acting(approver):
        return actions.approve(actor=approver, advisory=row.id)


def again(version, content, nl="Aangevuld", en="Completed", *, withdrawing=False):
    """Publish the next version of an advisory."""
    with tenancy.acting(WRITER):
        row = version.advisory
        row.refresh_from_db()
        if not withdrawing:
            row = actions.save(actor=WRITER, advisory=row.id, content=content, change=row.change)
        summary = Text(nl=nl, en=en)
        actions.offer(actor=WRITER, advisory=row.id, change=row.change, summary=summary, withdrawing=withdrawing)
    with tenancy.acting(APPROVER):
        return actions.approve(actor=APPROVER, advisory=row.id)


@pytest.fixture
def own_database(django_db_setup, django_db_blocker):
    """A fresh copy of the migrated database, for a test in which other threads write what all see."""
    from django.db import connection

    before, name = connection.settings_dict["NAME"], f"advisories_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    copy_of_template(name)
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = name
        try:
            yield name
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before


@pytest.fixture
def modules(settings, monkeypatch):
    """The folder of the npm packages, which `make setup` fetched."""
    settings.NODE_MODULES = MODULES
    monkeypatch.setenv("DIJKWACHT_NODE_MODULES", str(MODULES))
    return MODULES
