"""What can be refused in this room."""

from dijkwacht.kernel.errors import Problem


class NotAllowed(Problem):
    """You may not do this. Ask an administrator of the centre for the role it needs."""

    nl = "U mag dit niet doen. Vraag een beheerder van het centrum om de rol die ervoor nodig is."
    status = 403


class NotFound(Problem):
    """There is nothing here, or nothing that is yours."""

    nl = "Hier is niets, of niets van u."
    status = 404


class EmptyFile(Problem):
    """The file is empty. Check that it was exported or uploaded completely."""

    nl = "Het bestand is leeg. Controleer of het volledig is geëxporteerd of geüpload."
    status = 422


class UnknownFeed(Problem):
    """There is no feed named {slug}. The feeds are: {known}."""

    nl = "Er is geen bron met de naam {slug}. De bronnen zijn: {known}."
    status = 422


class WrongState(Problem):
    """This cannot be done now: it is {state}."""

    nl = "Dit kan nu niet: de toestand is {state}."
    status = 409


class SecondPersonNeeded(Problem):
    """Somebody else must approve this: you made it, or you have approved it already."""

    nl = "Iemand anders moet dit goedkeuren: u hebt het gemaakt of al goedgekeurd."
    status = 409


class InvalidAnswer(Problem):
    """An answer is one of {known}, with a comment of at most {longest} characters."""

    nl = "Een antwoord is een van {known}, met een toelichting van hoogstens {longest} tekens."
    status = 422


class InvalidCampaign(Problem):
    """The campaign cannot be made: {reason_en}."""

    nl = "De campagne kan niet worden gemaakt: {reason_nl}."
    status = 422


class InvalidProposal(Problem):
    """The proposal cannot be tried: {reason_en}."""

    nl = "Het voorstel kan niet worden geprobeerd: {reason_nl}."
    status = 422
