"""What can be wrong with a product or an alias, in words for whoever asked."""

from dijkwacht.kernel.errors import Problem


class NotAllowed(Problem):
    """Your role does not allow this. Ask an officer or an analyst of the centre."""

    nl = "Uw rol staat dit niet toe. Vraag een medewerker of analist van het centrum."
    status = 403


class NotFound(Problem):
    """There is nothing here."""

    nl = "Hier is niets."
    status = 404


class AnsweredAlready(Problem):
    """Somebody answered this already. Take that answer back first, by the aliases of the product."""

    nl = "Iemand heeft dit al beantwoord. Neem dat antwoord eerst terug, bij de namen van het product."
    status = 409


class NoAnswer(Problem):
    """Answer yes, no or other; with other, choose the product that it is."""

    nl = "Antwoord ja, nee of ander; kies bij ander het product dat het is."
    status = 422


class NothingToGoBy(Problem):
    """ "{value}" holds nothing to recognise a product by. Give a name, a CPE, a purl or a model number."""

    nl = '"{value}" bevat niets om een product aan te herkennen. Geef een naam, een CPE, een purl of een modelnummer.'
    status = 422


class BadAliases(Problem):
    """{where}: {problem}"""

    nl = "{where}: {problem}"
    status = 422
