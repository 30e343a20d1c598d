"""What this part of the room refuses. A docstring is the English text, `nl` the Dutch one."""

from dijkwacht.kernel.errors import Problem


class NotAllowed(Problem):
    """You may not change this inventory. Ask an administrator or security contact of the organisation."""

    nl = "U mag deze lijst niet wijzigen. Vraag een beheerder of beveiligingscontact van de organisatie."
    status = 403


class NotFound(Problem):
    """There is no such inventory or line, or it is not yours."""

    nl = "Deze lijst of regel is er niet, of is niet van u."
    status = 404


class InvalidName(Problem):
    """An inventory has a name of 1 to {longest} characters on one line."""

    nl = "Een lijst heeft een naam van 1 tot {longest} tekens op één regel."
    status = 422


class NameTaken(Problem):
    """There is an inventory named "{name}" already. Choose another name, or add to that one."""

    nl = "Er is al een lijst met de naam “{name}”. Kies een andere naam, of voeg toe aan die lijst."
    status = 409


class TooMuch(Problem):
    """An organisation keeps at most {most} {what_en}. Split the file, or remove what is no longer used."""

    nl = (
        "Een organisatie bewaart ten hoogste {most} {what_nl}. "
        "Splits het bestand, of verwijder wat niet meer in gebruik is."
    )
    status = 422


class TooLarge(Problem):
    """The file is larger than {most} MiB or holds more parts than fit. Split it."""

    nl = "Het bestand is groter dan {most} MiB of heeft meer onderdelen dan passen. Splits het."
    status = 413


class Unreadable(Problem):
    """Line {line}, column {column}: this cannot be read as {form}: {why_en}."""

    nl = "Regel {line}, kolom {column}: dit is niet te lezen als {form}: {why_nl}."
    status = 422


class UnknownForm(Problem):
    """This is no list that we can read.

    We read CSV with a header, CycloneDX 1.2 to 1.7 (JSON, XML) and SPDX 2.2, 2.3 (JSON, tag-value), 3.0 (JSON).
    """

    nl = (
        "Dit is geen lijst die wij kunnen lezen. Wij lezen CSV met een kop, "
        "CycloneDX 1.2 tot en met 1.7 (JSON, XML) en SPDX 2.2, 2.3 (JSON, tag-value), 3.0 (JSON)."
    )
    status = 422


class NoProductColumn(UnknownForm):
    """Line {line} is no header with a column for the product: there stands “{shown}”.

    Call one column product, purl or cpe, and others vendor and version.
    """

    nl = (
        "Regel {line} is geen kop met een kolom voor het product: er staat “{shown}”. "
        "Noem een kolom product, purl of cpe, en andere leverancier en versie."
    )


class UnknownVersion(UnknownForm):
    """This is {form} in version “{version}”, which we do not read. We read version {known}."""

    nl = "Dit is {form} in versie “{version}”, en die lezen wij niet. Wij lezen versie {known}."


class Workbook(UnknownForm):
    """This is a workbook of a spreadsheet program. Save it there as CSV (in Excel: CSV UTF-8) and give that file."""

    nl = (
        "Dit is een werkmap van een rekenprogramma. Bewaar haar daar als CSV (in Excel: CSV UTF-8) en geef dat bestand."
    )


class FileTooLong(TooMuch):
    """One file may hold at most 50,000 lines. Split it."""

    nl = "Eén bestand mag ten hoogste 50.000 regels hebben. Splits het."


class NothingIn(Problem):
    """There is no product in it that we could take over. Refused: {refused}."""

    nl = "Er staat geen product in dat wij konden overnemen. Geweigerd: {refused}."
    status = 422


class NoConsent(Problem):
    """The organisation did not say yes to taking its products from notices. An administrator does so under services."""

    nl = (
        "De organisatie gaf geen toestemming om haar producten uit berichten over te nemen. "
        "Een beheerder geeft die bij de diensten."
    )
    status = 409
