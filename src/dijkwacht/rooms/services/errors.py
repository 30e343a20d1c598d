"""What this room refuses, and how it says so. A docstring is the English text, `nl` the Dutch one."""

from dijkwacht.kernel.errors import Problem


class NotAllowed(Problem):
    """Only an administrator of the organisation may do this."""

    nl = "Alleen een beheerder van de organisatie mag dit doen."
    status = 403


class NotFound(Problem):
    """There is no such {what}, or you may not see it."""

    nl = "Er is geen {what_nl} met dit kenmerk, of u mag het niet zien."
    status = 404


class TextChanged(Problem):
    """The text has changed since you read it (it is now version {version}). Read it again, then decide."""

    nl = "De tekst is gewijzigd sinds u hem las (nu versie {version}). Lees hem opnieuw en beslis dan."
    status = 409


class KeptElsewhere(Problem):
    """This is set in the preferences of your contacts, there and nowhere else."""

    nl = "Dit stelt u in bij de voorkeuren van uw contacten, en nergens anders."
    status = 409


class DoesNotFit(Problem):
    """This product is not meant for your organisation: {rule_en}"""

    nl = "Dit product is niet voor uw organisatie bedoeld: {rule_nl}"
    status = 409


class NothingToWithdraw(Problem):
    """There is no subscription to withdraw."""

    nl = "Er is geen abonnement om in te trekken."
    status = 409


class InvalidProduct(Problem, ValueError):
    """The product file {file} is not in order: {fault}."""

    nl = "Het productbestand {file} is niet in orde: {fault}."
    status = 500
