"""What is refused about reports for many customers."""

from dijkwacht.kernel.errors import Problem


class CustomersRefused(Problem):
    """Nothing is filed, because you may not report for: {names}."""

    nl = "Er is niets gemeld, want u mag niet melden voor: {names}."
    status = 403


class NoCustomers(Problem):
    """Choose at least one customer, and at most {most}."""

    nl = "Kies ten minste één klant, en ten hoogste {most}."
    status = 422


class ChooseProvider(Problem):
    """You work for more than one organisation: say which of them reports."""

    nl = "U werkt voor meer dan één organisatie: geef aan welke meldt."
    status = 422


class NothingChanged(Problem):
    """This is what was reported already."""

    nl = "Dit is al zo gemeld."
    status = 409


class StillFiling(Problem):
    """An earlier submission of this event is still being filed. Try again in a moment."""

    nl = "Een eerdere melding van deze gebeurtenis wordt nog verwerkt. Probeer het zo opnieuw."
    status = 409
