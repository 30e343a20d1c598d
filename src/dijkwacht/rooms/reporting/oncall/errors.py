"""What is refused about on-call duty."""

from dijkwacht.kernel.errors import Problem


class ShiftNotUsable(Problem):
    """This shift cannot be kept: {reason_en}."""

    nl = "Deze dienst is niet bruikbaar: {reason_nl}."
    status = 422


class FileNotUsable(Problem):
    """Nothing was imported: {reason_en}."""

    nl = "Er is niets ingelezen: {reason_nl}."
    status = 422
