"""What is refused at enrolment. A docstring is the English text, `nl` the Dutch one."""

from dijkwacht.kernel.errors import Problem


class NotAllowed(Problem):
    """You may not do this with a registration."""

    nl = "U mag dit niet doen met een registratie."
    status = 403


class NotFound(Problem):
    """There is no such registration, or you may not see it."""

    nl = "Deze registratie is er niet, of u mag haar niet zien."
    status = 404


class NotComplete(Problem):
    """The registration is not complete: {count} answers are missing or wrong."""

    nl = "De registratie is niet volledig: {count} antwoorden ontbreken of kloppen niet."
    status = 422


class DraftTooLarge(Problem):
    """This is more than a registration can hold. A list holds at most 8 MB and 100,000 lines."""

    nl = "Dit is meer dan een registratie kan bevatten. Een lijst heeft hoogstens 8 MB en 100.000 regels."
    status = 413


class NotAsked(Problem):
    """No question waits for an answer."""

    nl = "Er staat geen vraag open."
    status = 409


class TooMany(Problem):
    """You have registered often today. Wait for an answer, or call the centre."""

    nl = "U hebt vandaag al vaak geregistreerd. Wacht op antwoord, of bel het centrum."
    status = 429


class AlreadyDecided(Problem):
    """This registration is already decided."""

    nl = "Over deze registratie is al beslist."
    status = 409
