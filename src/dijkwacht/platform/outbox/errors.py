"""What can be wrong with something that should leave the building."""

from typing import ClassVar

from dijkwacht.kernel.errors import Problem


class InvalidHeader(Problem):
    """The header {name} holds a line break or a control character."""

    nl: ClassVar[str] = "De kopregel {name} bevat een regeleinde of een stuurteken."
    status: ClassVar[int] = 422


class InvalidRecipient(Problem):
    """This is not an address to which we can send: {recipient}."""

    nl: ClassVar[str] = "Naar dit adres kunnen we niet verzenden: {recipient}."
    status: ClassVar[int] = 422


class MissingMessageId(Problem):
    """The message has no Message-ID, or more than one."""

    nl: ClassVar[str] = "Het bericht heeft geen Message-ID, of meer dan één."
    status: ClassVar[int] = 422


class UnusableKey(Problem):
    """The recipient's key or certificate cannot be used to encrypt."""

    nl: ClassVar[str] = "Met de sleutel of het certificaat van de ontvanger kan niet worden versleuteld."
    status: ClassVar[int] = 422


class NotRetryable(Problem):
    """A message in state {state} cannot be tried again."""

    nl: ClassVar[str] = "Een bericht in de toestand {state} kan niet opnieuw worden geprobeerd."
    status: ClassVar[int] = 409


class MessageNotFound(Problem):
    """There is no such message."""

    nl: ClassVar[str] = "Dit bericht bestaat niet."
    status: ClassVar[int] = 404


class NotAllowed(Problem):
    """Only officers and administrators of the centre may do this."""

    nl: ClassVar[str] = "Alleen dienstdoenden en beheerders van het centrum mogen dit."
    status: ClassVar[int] = 403


class MessageIdReused(Problem):
    """This Message-ID belongs to another message; a message keeps the one it got."""

    nl = "Dit Message-ID hoort bij een ander bericht; een bericht houdt het zijne."
    status = 409
