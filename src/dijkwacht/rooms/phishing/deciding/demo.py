"""Campaigns of the demo in different states: invented mails, example domains, judged by the real machine."""

from hashlib import sha256
from typing import Final, NamedTuple

import msgspec

from dijkwacht.kernel.actor import Actor, CentreRole, Kind
from dijkwacht.mails.reading import read_mail
from dijkwacht.rooms.phishing.campaigns.models import Campaign
from dijkwacht.rooms.phishing.campaigns.rules import traits_of
from dijkwacht.rooms.phishing.deciding import actions, people
from dijkwacht.rooms.phishing.judging.analysing import analyse
from dijkwacht.rooms.phishing.judging.names import likeness
from dijkwacht.rooms.phishing.waves import actions as waves

FIRST: Final = Actor(kind=Kind.PERSON, id="demo:first-officer", name="Demo", roles=frozenset({CentreRole.OFFICER}))


class Letter(NamedTuple):
    """A mail that people forward."""

    sender: str
    subject: str
    html: str
    mails: int
    chosen: str = ""  # what a first officer chose to warn for: it stands on the list, or waits for a second person


LETTERS: Final = (
    Letter(
        "PostNL <info@pakket.example>",
        "Invoerkosten voor uw pakket",
        '<p>Betaal € 1,45.</p><a href="https://postnl-douane.example/betaal?id=8">Betaal nu</a>',
        420,
    ),
    Letter(
        "Rabobank <service@melding.example>",
        "Uw betaalpas verloopt",
        '<a href="https://vernieuwen.example/pas">www.rabobank.example</a>',
        65,
    ),
    Letter(
        "DigiD <geen-antwoord@bericht.example>",
        "Er staat een bericht voor u klaar",
        '<a href="https://sites.google.com/view/bericht-example/">Lees het bericht</a>',
        31,
        "url https://sites.google.com/view/bericht-example/",
    ),
    *(
        Letter(
            "Belastingdienst <teruggave@bericht.example>",
            f"Uw teruggave {number} staat klaar",
            "<p>Na controle van uw aangifte blijkt dat u recht hebt op een teruggave die nog niet is uitbetaald."
            " Vraag het bedrag binnen vijf dagen aan, anders vervalt uw recht en doet u opnieuw aangifte.</p>"
            f'<a href="https://{host}.example/belasting/teruggave/aanvragen/nl">Vraag aan</a>',
            mails,
        )
        for number, host, mails in ((1, "teruggaaf-nu", 52), (2, "loket-terug", 47), (3, "uw-geld-terug", 39))
    ),
    Letter(
        "Streamingdienst <rekening@kijken.example>",
        "Uw abonnement loopt vandaag af",
        '<p>De betaling is niet gelukt.</p><a href="https://abonnement-verlengen.example/pas">Betaal opnieuw</a>',
        88,
        "host abonnement-verlengen.example",
    ),
    Letter(
        "Wijkkrant <krant@wijk.example>",
        "De wijkkrant van november",
        '<a href="https://wijkkrant.example/november">Lees verder</a>',
        24,
    ),
)


def load(*, actor: Actor) -> int:
    """Add what is missing; returns how many there were to add."""
    return sum(_add(actor, letter) for letter in LETTERS)


def _add(actor: Actor, letter: Letter) -> bool:
    key = sha256(f"demo {letter.subject}".encode()).hexdigest()
    if Campaign.objects.filter(key=key).exists():
        return False
    raw = (
        f"From: {letter.sender}\r\nTo: burger@burger.example\r\nSubject: {letter.subject}\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/html; charset=utf-8\r\n\r\n{letter.html}\r\n"
    )
    mail = read_mail(raw.encode())
    found, traits = analyse(mail), traits_of(mail)
    hosts = [one.link.host for one in found.links]
    made = Campaign.objects.create(
        key=key,
        subject=letter.subject,
        senders=[letter.sender],
        hosts=hosts,
        brand=next((like[0].slug for host in hosts if (like := likeness(host))), ""),
        analysis=msgspec.to_builtins(found),
        mails=letter.mails,
        sites=traits.sites,
        keys=traits.keys,
        sketch=traits.sketch,
        marks=traits.marks,
    )
    waves.place(actor=actor, campaign=made.id)
    actions.judge(actor=actor, campaign=made.id)
    if letter.chosen:
        people.decide(
            actor=FIRST,
            campaign=made.id,
            verdict="phishing",
            reason="Inlogpagina nagemaakt",
            targets=[letter.chosen],
            seconds=41.0,
        )
    return True
