"""What this part of the room refuses. A docstring is the English text, `nl` the Dutch one."""

from dijkwacht.kernel.errors import Problem


class NotAllowed(Problem):
    """You may not do this. Ask an administrator or security contact of the organisation."""

    nl = "U mag dit niet doen. Vraag een beheerder of beveiligingscontact van de organisatie."
    status = 403


class NotFound(Problem):
    """There is no such advisory, or it was not told to you."""

    nl = "Dit advies is er niet, of is niet aan u verteld."
    status = 404


class InvalidAnswer(Problem):
    """An answer is one of {known}, with a note of at most {longest} characters."""

    nl = "Een antwoord is een van {known}, met een toelichting van ten hoogste {longest} tekens."
    status = 422
