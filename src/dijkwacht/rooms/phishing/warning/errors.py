"""What can be wrong with an appeal."""

from dijkwacht.kernel.errors import Problem


class AppealTooShort(Problem):
    """Say in some words why this is a mistake, in at most 2,000 characters."""

    nl = "Zeg in enkele woorden waarom dit een vergissing is, in hoogstens 2.000 tekens."
    status = 422


class ContactUnreadable(Problem):
    """This is no mail address. You may leave it empty."""

    nl = "Dit is geen e-mailadres. U mag het leeg laten."
    status = 422


class NothingToAppeal(Problem):
    """There is no warning for this address now. If a warning still appears, it ends within minutes."""

    nl = "Voor dit adres is nu geen waarschuwing. Ziet u die nog wel, dan verdwijnt ze binnen enkele minuten."
    status = 404


class TooManyAppeals(Problem):
    """This warning is being looked at already, on many appeals. A person decides on all of them at once."""

    nl = "Naar deze waarschuwing wordt al gekeken, na veel bezwaren. Een mens beslist over alle tegelijk."
    status = 429


class AppealUnknown(Problem):
    """There is no such appeal. Check the ticket number."""

    nl = "Dit bezwaar is er niet. Controleer het nummer."
    status = 404


class AppealDecided(Problem):
    """Somebody has decided on this appeal already."""

    nl = "Iemand heeft al over dit bezwaar beslist."
    status = 409


class AnswerMissing(Problem):
    """Say why: whoever appealed reads it."""

    nl = "Zeg waarom: wie bezwaar maakte, leest het."
    status = 422
