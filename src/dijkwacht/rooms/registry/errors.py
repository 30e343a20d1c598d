"""What the registry refuses, and how it says so. A docstring is the English text, `nl` the Dutch one."""

from dijkwacht.kernel.errors import Problem


class NotAllowed(Problem):
    """You may not do this in the registry."""

    nl = "U mag dit niet doen in het register."
    status = 403


class NotFound(Problem):
    """There is no such {what} in the registry, or you may not see it."""

    nl = "Er is geen {what_nl} met dit kenmerk in het register, of u mag het niet zien."
    status = 404


class InvalidField(Problem):
    """The field {field} was refused: {reason_en}."""

    nl = "Het veld {field} is geweigerd: {reason_nl}."
    status = 422


class InvalidAsset(InvalidField):
    """ "{value}" is refused as {kind}: {reason_en}."""

    nl = '"{value}" is geweigerd als {kind}: {reason_nl}.'


class AlreadyThere(Problem):
    """This stands in the registry already: {value}."""

    nl = "Dit staat al in het register: {value}."
    status = 409


class WrongState(Problem):
    """This cannot be done while the status is {status_now}."""

    nl = "Dit kan niet zolang de status {status_now} is."
    status = 409


class ConflictOpen(Problem):
    """Another organisation claims the same or overlapping space; decide that conflict first."""

    nl = "Een andere organisatie claimt dezelfde of overlappende ruimte; beslis eerst over dat conflict."
    status = 409


class TooManyClaims(Problem):
    """At most {most} claims may wait for proof at a time; prove or remove some first."""

    nl = "Er mogen hoogstens {most} claims op bewijs wachten; toon er eerst aan of verwijder ze."
    status = 429


class UnreadableFile(Problem):
    """The file cannot be imported: {reason_en}."""

    nl = "Het bestand kan niet worden ingelezen: {reason_nl}."
    status = 422


class StillChanging(Problem):
    """Changes of that moment are still being stored, such as a large import; try again in a minute."""

    nl = (
        "Wijzigingen van dat moment worden nog opgeslagen, zoals een grote import; probeer het over een minuut opnieuw."
    )
    status = 503
