"""What can be refused about the audit log."""

from dijkwacht.kernel.errors import Problem


class InvalidCursor(Problem):
    """The place in the list is not one we gave."""

    nl = "De plaats in de lijst is geen plaats die wij gaven."
    status = 422


class InvalidFilter(Problem):
    """{field} cannot be read."""

    nl = "{field} kan niet worden gelezen."
    status = 422
