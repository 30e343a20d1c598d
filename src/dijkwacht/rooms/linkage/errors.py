"""What linking refuses, and how it says so. A docstring is the English text, `nl` the Dutch one."""

from dijkwacht.kernel.errors import Problem


class UnusableMapping(Problem):
    """The mapping file cannot be used: {reason_en}."""

    nl = "Het koppelingsbestand is niet bruikbaar: {reason_nl}."
    status = 422


class UnusableRegister(Problem):
    """The register {file} cannot be read: {reason_en}."""

    nl = "Het register {file} kan niet worden gelezen: {reason_nl}."
    status = 422


class UnusableTruth(Problem):
    """The truth file cannot be used: {reason_en}."""

    nl = "Het bestand met de waarheid is niet bruikbaar: {reason_nl}."
    status = 422


class NotAllowed(Problem):
    """You may not do this when registers are merged."""

    nl = "U mag dit niet doen bij het samenvoegen van registers."
    status = 403


class NotFound(Problem):
    """There is no such {what}, or you may not see it."""

    nl = "Er is geen {what_nl} met dit kenmerk, of u mag het niet zien."
    status = 404


class WrongState(Problem):
    """This cannot be done now: {reason_en}."""

    nl = "Dit kan nu niet: {reason_nl}."
    status = 409
