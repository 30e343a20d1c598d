"""What can be wrong in the room, in words for whoever asked."""

from dijkwacht.kernel.errors import Problem


class NotAllowed(Problem):
    """Your role does not allow this. Ask an officer of the centre."""

    nl = "Uw rol staat dit niet toe. Vraag een medewerker van het centrum."
    status = 403


class NotFound(Problem):
    """There is nothing here."""

    nl = "Hier is niets."
    status = 404


class NotNow(Problem):
    """Your report cannot be kept at this moment. Please try again later."""

    nl = "Uw melding kan op dit moment niet worden bewaard. Probeer het later opnieuw."
    status = 503


class NothingGiven(Problem):
    """Give a web address, or choose a file."""

    nl = "Geef een webadres, of kies een bestand."
    status = 422


class NoAddress(Problem):
    """This is no web address: {address}. Copy the whole address, such as example.nl/page, or hand in the message."""

    nl = "Dit is geen webadres: {address}. Kopieer het hele adres, zoals voorbeeld.nl/pagina, of lever het bericht in."
    status = 422


class MailAddress(Problem):
    """{address} is for mail, not for the web. Hand in the mail itself as a file, or the address of a link in it."""

    nl = "{address} is een mailadres, geen webadres. Lever de mail zelf in als bestand, of het adres van een link erin."
    status = 422


class EmptyFile(Problem):
    """The file is empty. Save the mail once more, and choose it again."""

    nl = "Het bestand is leeg. Bewaar de mail nog eens, en kies die opnieuw."
    status = 422


class NotReadable(Problem):
    """The file is no mail (.eml, .msg), no picture (PNG, JPEG, GIF, WebP) and no PDF. Save the mail as a file."""

    nl = (
        "Het bestand is geen mail (.eml, .msg), geen afbeelding (PNG, JPEG, GIF, WebP) en geen pdf. Bewaar de mail als "
        "bestand."
    )
    status = 422


class TooLarge(Problem):
    """The file is larger than {megabytes} MB. Hand in a picture of the message, or the web address in it."""

    nl = "Het bestand is groter dan {megabytes} MB. Lever een afbeelding van het bericht in, of het webadres erin."
    status = 413


class TooMany(Problem):
    """Many reports came from your network within a minute. Please wait a minute."""

    nl = "Er kwamen binnen een minuut veel meldingen van uw netwerk. Wacht een minuut."
    status = 429


class ReasonMissing(Problem):
    """Give the reason, in a few words: whoever reads this later has nothing else."""

    nl = "Geef de reden, in een paar woorden: wie dit later leest, heeft niets anders."
    status = 422


class NotHalted(Problem):
    """The machine is not halted."""

    nl = "De automaat staat niet stil."
    status = 409


class NothingChosen(Problem):
    """Choose campaigns of this wave, {most} at most."""

    nl = "Kies campagnes van deze golf, hoogstens {most}."
    status = 422


class UnknownVerdict(Problem):
    """Choose phishing, suspicious, legitimate or cannot say."""

    nl = "Kies phishing, verdacht, legitiem of niet te zeggen."
    status = 422


class NothingToWarnFor(Problem):
    """Choose at least one of the proposed links to warn for."""

    nl = "Kies ten minste een van de voorgestelde links om voor te waarschuwen."
    status = 422


class NoAddressGiven(Problem):
    """This is no mail address: {address}."""

    nl = "Dit is geen mailadres: {address}."
    status = 422


class ListName(Problem):
    """The short name of a list is 1 to 40 lower-case letters, digits and hyphens, such as top-sites."""

    nl = "De korte naam van een lijst is 1 tot 40 kleine letters, cijfers en koppeltekens, zoals top-sites."
    status = 422


class LicenceMissing(Problem):
    """State the licence of the list and where it comes from: without them it cannot be used."""

    nl = "Vermeld de licentie van de lijst en waar zij vandaan komt: zonder is zij niet te gebruiken."
    status = 422


class EmptyList(Problem):
    """No line of {file} is a host or a URL."""

    nl = "Geen regel van {file} is een host of een URL."
    status = 422


class SamePerson(Problem):
    """You made this proposal. Somebody else confirms or refuses it."""

    nl = "U deed dit voorstel zelf. Iemand anders bevestigt of weigert het."
    status = 409


class NeverWhole(Problem):
    """{name} is of a government or visited by very many: never warned for as a whole. For one page give its URL."""

    nl = "{name} is van een overheid of wordt door zeer velen bezocht: nooit in zijn geheel. Geef de URL van de pagina."
    status = 422


class ProposedAlready(Problem):
    """Somebody proposed this for {name} and waits for a second person: see the phishing queue."""

    nl = "Iemand stelde dit voor {name} al voor en wacht op een tweede: zie de wachtrij."
    status = 409


class ProposalOver(Problem):
    """This proposal has ended in the meantime. How is told below."""

    nl = "Dit voorstel is intussen afgelopen. Hoe, staat hieronder."
    status = 409


class RadiusChanged(Problem):
    """What else the warning hits was not shown yet, or has changed. Read it below, and then decide."""

    nl = "Wat de waarschuwing nog raakt, is nog niet getoond of intussen veranderd. Lees het hieronder en beslis dan."
    status = 409


class OthersBelow(Problem):
    """{others} other hosts are known below the domain of {name}, and would be hit. Give the host or the URL."""

    nl = (
        "Onder het domein van {name} zijn {others} andere hosts bekend: die zou het alle raken. Geef de host of de URL."
    )
    status = 422


class AlreadyDecided(Problem):
    """This was decided in the meantime, and your decision is not stored. What was decided stands below."""

    nl = "Hierover is intussen beslist; uw beslissing is niet opgeslagen. Wat er is beslist, staat hieronder."
    status = 409
