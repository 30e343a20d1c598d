"""What this room refuses, and how it says so. A docstring is the English text, `nl` the Dutch one."""

from dijkwacht.kernel.errors import Problem


class NotFound(Problem):
    """There is no such {what}, or you may not see it."""

    nl = "Er is geen {what_nl} met dit kenmerk, of u mag het niet zien."
    status = 404
