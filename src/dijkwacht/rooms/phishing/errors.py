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
    """This is no web address: {address}."""

    nl = "Dit is geen webadres: {address}."
    status = 422


class NotReadable(Problem):
    """The file is no mail (.eml, .msg), no picture (PNG, JPEG, GIF, WebP) and no PDF. Save the mail as a file."""

    nl = (
        "Het bestand is geen mail (.eml, .msg), geen afbeelding (PNG, JPEG, GIF, WebP) en geen pdf. Bewaar de mail als "
        "bestand."
    )
    status = 422


class TooLarge(Problem):
    """The file is larger than {megabytes} MB."""

    nl = "Het bestand is groter dan {megabytes} MB."
    status = 413


class TooMany(Problem):
    """Many reports came from your network within a minute. Please wait a minute."""

    nl = "Er kwamen binnen een minuut veel meldingen van uw netwerk. Wacht een minuut."
    status = 429
