"""What can be wrong in sourcing, in words for whoever asked."""

from dijkwacht.kernel.errors import Problem


class NotAllowed(Problem):
    """Your role does not allow this. Ask an officer of the centre."""

    nl = "Uw rol staat dit niet toe. Vraag een medewerker van het centrum."
    status = 403


class NoMatter(Problem):
    """There is no such matter or item."""

    nl = "Deze kwestie of dit bericht is er niet."
    status = 404


class NoOther(Problem):
    """There is no matter {other}. Give a CVE id that a source named, or the identifier of a matter."""

    nl = "Er is geen kwestie {other}. Geef een CVE-nummer dat een bron noemde, of de identificatie van een kwestie."
    status = 422


class NoSource(Problem):
    """There is no source {source}. The sources are: {known}."""

    nl = "Er is geen bron {source}. De bronnen zijn: {known}."
    status = 422


class ReasonNeeded(Problem):
    """Give the reason, in a few words: whoever reads this later has nothing else."""

    nl = "Geef de reden, in een paar woorden: wie dit later leest, heeft niets anders."
    status = 422


class SameMatter(Problem):
    """This is the same matter. Give the other one's CVE id or address."""

    nl = "Dit is dezelfde kwestie. Geef het CVE-nummer of adres van de andere."
    status = 422


class StillWrong(Problem):
    """It still cannot come in: {findings}"""

    nl = "Het kan nog steeds niet binnenkomen: {findings}"
    status = 422


class AlreadyDone(Problem):
    """This was replayed or let go before."""

    nl = "Dit is al opnieuw binnengehaald of terzijde gelegd."
    status = 409
