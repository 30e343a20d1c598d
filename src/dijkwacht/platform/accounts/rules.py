"""Who may give and take roles and tokens."""

from dataclasses import dataclass
from uuid import UUID

from dijkwacht.kernel.actor import Actor, CentreRole, Kind, OrganisationRole


@dataclass(frozen=True, slots=True)
class Role:
    """A role at the centre, or for one organisation."""

    name: CentreRole | OrganisationRole
    organisation: UUID | None = None

    def __post_init__(self) -> None:
        """Refuse a role that stands in the wrong place."""
        if (self.organisation is None) != isinstance(self.name, CentreRole):
            raise ValueError(f"{self.name!r} does not fit organisation {self.organisation}")


def may_manage(actor: Actor, organisation: UUID | None) -> bool:
    """Administrators of the centre manage everybody; those of an organisation its own people. A token nobody."""
    if actor.kind not in {Kind.PERSON, Kind.SYSTEM}:
        return False
    return actor.has(CentreRole.ADMINISTRATOR) or (organisation is not None and actor.administers(organisation))
