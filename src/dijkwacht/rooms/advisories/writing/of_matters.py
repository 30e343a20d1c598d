"""A text begun from a matter: what its sources say, and how it was assessed."""

from uuid import UUID

import msgspec

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.advisories.assessing import reads as assessing
from dijkwacht.rooms.advisories.sourcing import reads as sourcing
from dijkwacht.rooms.advisories.writing.content import Content
from dijkwacht.rooms.advisories.writing.drafting import draft


def content_of(actor: Actor, matter: UUID) -> Content:
    """Give the beginning of an advisory about a matter; only what sources say with TLP:CLEAR is in it.

    Raises sourcing's NotAllowed, NoMatter.
    """
    made = draft(sourcing.matter_facts(actor, matter))
    return with_assessment(actor, matter, made)


def with_assessment(actor: Actor, matter: UUID | None, content: Content) -> Content:
    """Give a text with the newest settled assessment of its matter; unchanged where there is none.

    Raises assessing's NotAllowed.
    """
    settled = assessing.newest(actor, matter) if matter else None
    if settled is None:
        return content
    likelihood, impact, label = str(settled.likelihood), str(settled.impact), str(settled.label)
    return msgspec.structs.replace(content, likelihood=likelihood, impact=impact, label=label)
