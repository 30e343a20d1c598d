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


class MandateNotFound(Problem):
    """There is no such mandate."""

    nl = "Deze machtiging bestaat niet."
    status = 404


class UnknownCode(Problem):
    """No organisation has this code. Ask the organisation for it: it stands on its page about mandates."""

    nl = "Geen organisatie heeft deze code. Vraag de organisatie erom: hij staat op haar pagina over machtigingen."
    status = 422


class OwnCode(Problem):
    """This is the code of the organisation itself. Give the code of the other one."""

    nl = "Dit is de code van de organisatie zelf. Geef de code van de andere."
    status = 422


class OwnAddress(Problem):
    """This is your own address. You act for your organisation already; give the mandate to somebody else."""

    nl = "Dit is uw eigen adres. U handelt al voor uw organisatie; geef de machtiging aan iemand anders."
    status = 422


class InvalidScope(Problem):
    """A mandate gives one or more of these roles: {roles}."""

    nl = "Een machtiging geeft een of meer van deze rollen: {roles}."
    status = 422


class InvalidTerm(Problem):
    """A mandate begins today or later and ends on or after its first day, at most {days} days later."""

    nl = "Een machtiging begint vandaag of later en eindigt op of na de eerste dag, hoogstens {days} dagen later."
    status = 422


class AlreadyMandated(Problem):
    """There is a mandate between these two already that is in force or waits for an answer. Withdraw it first."""

    nl = "Er is tussen deze twee al een machtiging die geldt of op antwoord wacht. Trek die eerst in."
    status = 409


class MandateDecided(Problem):
    """This was decided already: the mandate is {state}."""

    nl = "Hierover is al beslist: de machtiging is {state}."
    status = 409


class TooManyAsked(Problem):
    """At most {most} requests wait for an answer, and one organisation is asked at most {daily} times a day."""

    nl = "Er wachten hoogstens {most} verzoeken op antwoord, en een organisatie krijgt er hoogstens {daily} per dag."
    status = 429


class TooManyPending(Problem):
    """{most} people you invited have not answered yet. Wait, or take invitations back."""

    nl = "{most} mensen die u uitnodigde, hebben nog niet geantwoord. Wacht, of trek uitnodigingen in."
    status = 429


class InvalidEmail(Problem):
    """{email} is not an e-mail address."""

    nl = "{email} is geen e-mailadres."
    status = 422
