"""What can be wrong in the room, in words for whoever asked."""

from dijkwacht.kernel.errors import Problem


class NotAllowed(Problem):
    """Your role does not allow this. Ask an officer of the centre."""

    nl = "Uw rol staat dit niet toe. Vraag een medewerker van het centrum."
    status = 403
