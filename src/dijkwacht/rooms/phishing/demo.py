"""Invented mails of the demo, under example domains, as citizens would forward them; the running workers read them."""

from email.message import EmailMessage
from typing import Final, NamedTuple

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.rooms.phishing.campaigns.models import Report
from dijkwacht.rooms.phishing.intake.actions import Handed, accept_many
from dijkwacht.rooms.phishing.intake.models import Arrival


class Letter(NamedTuple):
    """A mail that many got; `reporters` sent it in. `{n}` in the text is a number of the one who got it."""

    sender: str
    subject: str
    text: str
    reporters: int


LETTERS: Final = (
    Letter(
        "PostNL <bezorging@pakketdienst.example>",
        "Uw pakket wacht op betaling",
        "Beste klant,\n\nUw pakket {n} kon niet worden bezorgd omdat de invoerkosten van 1,95 euro nog niet zijn "
        "betaald. Betaal binnen 24 uur, anders gaat het pakket terug naar de afzender.\n\n"
        "https://postnl-bezorging.example/betaal?pakket={n}\n\nMet vriendelijke groet,\nde bezorgdienst",
        7,
    ),
    Letter(
        "ING Bank <veiligheid@bankzaken.example>",
        "Uw betaalpas verloopt",
        "Geachte heer of mevrouw,\n\nUw huidige betaalpas is na vandaag niet meer geldig door nieuwe Europese regels "
        "voor veilig betalen. Vraag kosteloos een nieuwe pas aan en bevestig uw gegevens.\n\n"
        "https://ing-betaalpas.example/aanvragen/{n}\n\nAfdeling veiligheid",
        4,
    ),
    Letter(
        "DigiD <noreply@overheid-berichten.example>",
        "Nieuw bericht in uw Berichtenbox",
        "U hebt een nieuw bericht van de overheid. Wegens gewijzigde voorwaarden moet u uw DigiD binnen twee dagen "
        "opnieuw activeren, anders vervalt uw toegang tot alle diensten van de overheid.\n\n"
        "https://198.51.100.24/digid/activeren?sessie={n}\n\nDit is een automatisch bericht",
        3,
    ),
    Letter(
        "Bakkerij De Korst <nieuws@dekorst.example>",
        "Speculaas van de bakker",
        "Beste lezer,\n\nDeze maand bakken we weer speculaas volgens het recept van oma. Kom langs op zaterdag "
        "en proef, of bestel vooraf bij ons in de winkel. We zien u graag verschijnen tussen negen en vijf.\n\n"
        "https://www.dekorst.example/speculaas\n\nUw bakker",
        1,
    ),
)


def load(*, actor: Actor) -> int:
    """Hand the demo's mails in, once. Returns how many."""
    with tenancy.acting(actor):
        if Arrival.objects.exists() or Report.objects.exists():
            return 0
    handed = [
        Handed(raw=_forwarded(letter, number), door="smtp", sender=_reporter(number), address=f"192.0.2.{number}")
        for letter in LETTERS
        for number in range(1, letter.reporters + 1)
    ]
    accept_many(actor=actor, handed=handed)
    return len(handed)


def _reporter(number: int) -> str:
    return f"burger{number}@burger.example"


def _forwarded(letter: Letter, number: int) -> bytes:
    inner = EmailMessage()
    inner["From"], inner["To"], inner["Subject"] = letter.sender, _reporter(number), letter.subject
    inner.set_content(letter.text.format(n=100_000_000 + 7919 * number))
    whole = EmailMessage()
    whole["From"], whole["To"] = _reporter(number), "suspicious@dijkwacht.example"
    whole["Subject"] = f"Fwd: {letter.subject}"
    whole.set_content("Ik vertrouw dit niet.")
    whole.add_attachment(inner)
    return whole.as_bytes()
