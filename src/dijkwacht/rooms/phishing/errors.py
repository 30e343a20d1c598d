"""What can be wrong in the room, in words for whoever asked."""

from dijkwacht.kernel.errors import Problem


class NotAllowed(Problem):
    """Your role does not allow this. Ask an officer of the centre."""

    nl = "Uw rol staat dit niet toe. Vraag een medewerker van het centrum."
    status = 403


class NotFound(Problem):
    """There is no such {what}, or you may not see it."""

    nl = "Er is geen {what_nl} met dit kenmerk, of u mag het niet zien."
    status = 404


class ReasonMissing(Problem):
    """Give the reason, in a few words: whoever reads this later has nothing else."""

    nl = "Geef de reden, in een paar woorden: wie dit later leest, heeft niets anders."
    status = 422


class NotHalted(Problem):
    """The machine is not halted."""

    nl = "De automaat staat niet stil."
    status = 409


class UnknownVerdict(Problem):
    """Choose phishing, suspicious, legitimate or cannot say."""

    nl = "Kies phishing, verdacht, legitiem of niet te zeggen."
    status = 422


class NothingToWarnFor(Problem):
    """Choose at least one of the proposed links to warn for."""

    nl = "Kies ten minste een van de voorgestelde links om voor te waarschuwen."
    status = 422


class SamePerson(Problem):
    """You made this proposal. Somebody else confirms or refuses it."""

    nl = "U deed dit voorstel zelf. Iemand anders bevestigt of weigert het."
    status = 409


class AlreadyDecided(Problem):
    """Somebody decided this in the meantime. Read the campaign again."""

    nl = "Iemand heeft dit intussen beslist. Lees de campagne opnieuw."
    status = 409
