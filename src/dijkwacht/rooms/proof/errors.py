"""What this room refuses, and how it says so. A docstring is the English text, `nl` the Dutch one."""

from dijkwacht.kernel.errors import Problem


class NotAllowed(Problem):
    """You may not do this."""

    nl = "U mag dit niet doen."
    status = 403


class NotFound(Problem):
    """There is no such {what}, or you may not see it."""

    nl = "Er is geen {what_nl} met dit kenmerk, of u mag het niet zien."
    status = 404


class MethodNotFitting(Problem):
    """{value} cannot be proven by this method. Methods that fit: {known}."""

    nl = "{value} kan niet op deze manier worden aangetoond. Manieren die passen: {known}."
    status = 422


class AddressNotOffered(Problem):
    """We do not mail to that address for this asset. Choose one of: {known}."""

    nl = "Naar dat adres mailen wij voor dit bezit niet. Kies een van: {known}."
    status = 422


class NotLive(Problem):
    """This challenge has ended ({state_now}); start a new one."""

    nl = "Deze bewijsopdracht is beëindigd ({state_now}); begin een nieuwe."
    status = 409


class ClaimFirst(Problem):
    """This asset has expired; claim it again first."""

    nl = "Dit bezit is verlopen; claim het eerst opnieuw."
    status = 409


class TooSoon(Problem):
    """That is too often; try again in {seconds} seconds."""

    nl = "Dat is te vaak; probeer het over {seconds} seconden opnieuw."
    status = 429


class NothingSent(Problem):
    """Write something, or choose a file, that shows that this is yours."""

    nl = "Schrijf iets, of kies een bestand, waaruit blijkt dat dit van u is."
    status = 422


class FileNotAllowed(Problem):
    """A file has 1 byte to {megabytes} MB. Send a part of it, or a copy at a lower resolution."""

    nl = "Een bestand heeft 1 byte tot {megabytes} MB. Stuur een deel ervan, of een kopie met minder beeldpunten."
    status = 413


class EnoughSent(Problem):
    """{most} pieces of evidence wait for an officer already. Wait for the answer, or withdraw them and send others."""

    nl = "Er wachten al {most} bewijsstukken op een medewerker. Wacht op het antwoord, of trek ze in en stuur andere."
    status = 409


class ShownAlready(Problem):
    """{value} is shown to be yours already; nothing needs to be sent."""

    nl = "Dat {value} van u is, is al aangetoond; u hoeft niets te sturen."
    status = 409


class UnreadableSnapshot(Problem):
    """The file cannot be imported: {reason_en}."""

    nl = "Het bestand kan niet worden ingelezen: {reason_nl}."
    status = 422
