"""What can be wrong in assessing, in words for whoever asked."""

from dijkwacht.kernel.errors import Problem


class NotAllowed(Problem):
    """Your role does not allow this. Ask an officer of the centre."""

    nl = "Uw rol staat dit niet toe. Vraag een medewerker van het centrum."
    status = 403


class NoAssessment(Problem):
    """There is no such assessment."""

    nl = "Deze beoordeling is er niet."
    status = 404


class NoSuchAnswer(Problem):
    """ "{answer}" is no answer to the question {question}. Choose one of those offered."""

    nl = "“{answer}” is geen antwoord op de vraag {question}. Kies een van de aangeboden antwoorden."
    status = 422


class OverrideNeedsReason(Problem):
    """Your outcome differs from what the answers give. Say why: whoever reads this later has nothing else."""

    nl = "Uw uitkomst wijkt af van wat de antwoorden geven. Zeg waarom: wie dit later leest, heeft niets anders."
    status = 422


class ReasonNeeded(Problem):
    """Give the reason, in a few words."""

    nl = "Geef de reden, in een paar woorden."
    status = 422


class SamePerson(Problem):
    """You made this assessment. Somebody else agrees with it or refuses it."""

    nl = "U deed deze beoordeling zelf. Iemand anders stemt ermee in of weigert haar."
    status = 409


class AlreadyAnswered(Problem):
    """Somebody answered this in the meantime. Read the matter again."""

    nl = "Iemand heeft dit intussen beantwoord. Lees de kwestie opnieuw."
    status = 409
