"""One entry as the formats know it. Pure."""

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Item:
    """One entry as the formats know it: nothing of who reported or who decided."""

    id: uuid.UUID
    kind: str
    name: str
    canary: bool
    added_at: datetime
    lease_until: datetime
    removed_at: datetime | None
    reason: tuple[str, ...]  # the codes of the evidence
    renewed_at: datetime | None = None

    @property
    def changed_at(self) -> datetime:
        """Give when what the formats tell of it became so: it came, its lease grew longer, or it went."""
        return max(filter(None, (self.added_at, self.renewed_at, self.removed_at)))
