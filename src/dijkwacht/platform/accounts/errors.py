"""What can be refused about accounts and tokens."""

from dijkwacht.kernel.errors import Problem


class NotAllowed(Problem):
    """You may not do this."""

    nl = "Dit mag u niet doen."
    status = 403


class UnknownScope(Problem):
    """A token cannot hold the scope {scope}."""

    nl = "Een sleutel kan het recht {scope} niet hebben."
    status = 422


class InvalidLifetime(Problem):
    """A token is valid for 1 to {days} days."""

    nl = "Een sleutel is 1 tot {days} dagen geldig."
    status = 422


class TokenNotFound(Problem):
    """There is no such token."""

    nl = "Deze sleutel bestaat niet."
    status = 404


class AccountNotFound(Problem):
    """There is no such account."""

    nl = "Dit account bestaat niet."
    status = 404


class LastAdministrator(Problem):
    """The last administrator stays: make somebody else administrator first."""

    nl = "De laatste beheerder blijft: maak eerst iemand anders beheerder."
    status = 409


class InvalidEmail(Problem):
    """{email} is not an e-mail address."""

    nl = "{email} is geen e-mailadres."
    status = 422
