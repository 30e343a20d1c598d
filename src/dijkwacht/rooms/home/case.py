"""One organisation as somebody looks at it today, and how something that is due is written down."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.home.rules import Due, Say
from dijkwacht.rooms.home.wording import TEXTS
from dijkwacht.rooms.registry import rules as registry_rules
from dijkwacht.rooms.registry.models import Contact, Organisation
from dijkwacht.rooms.services.reads import Offer


@dataclass(frozen=True)
class Case:
    """Who looks, at which organisation, with what was read of it already."""

    actor: Actor
    row: Organisation
    contacts: list[Contact]
    offers: list[Offer]
    today: date

    @property
    def keeps(self) -> bool:
        """Whether this actor does what is due itself; else an administrator of the organisation does."""
        return registry_rules.may_keep(self.actor, self.row.id)

    def link(self, name: str) -> str:
        """Return the address of a page about this organisation."""
        return reverse(name, args=[self.row.id])

    def due(
        self, code: str, address: str, said: dict[str, Any] | None = None, *, article: str = "", **more: Any
    ) -> Due:
        """Return something that is due; `said` fills its texts, `more` are the other fields of Due."""
        text = TEXTS[code]
        return Due(
            code=code,
            title=Say(text.title, said or {}),
            why=Say(text.why, said or {}),
            article=article or text.article,
            address=address,
            door=Say(text.door),
            **{"may_do": self.keeps, **more},
        )
