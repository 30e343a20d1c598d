"""What happened in the registry, for other rooms to hear within the same transaction.

A receiver that raises undoes the change: nobody may miss that an asset became verified.
"""

from typing import Final

from django.dispatch import Signal

asset_verified: Final = Signal()  # asset: Asset, actor: Actor; sent once per asset
assets_imported: Final = (
    Signal()
)  # organisations: list[UUID] with newly verified assets, actor: Actor; sent once per import
# Two organisations turned out to be one: what `gone` had belongs to `kept` now. And back, when that is undone.
organisations_joined: Final = Signal()  # kept: UUID, gone: UUID, actor: Actor; after their rows moved
organisations_parted: Final = Signal()  # kept: UUID, gone: UUID, actor: Actor; after their rows moved back
contacts_imported: Final = Signal()  # organisations: list[UUID] with new or changed contacts, actor: Actor
organisation_left: Final = Signal()  # organisation: UUID, actor: Actor; sent once, when a deregistration takes effect
contact_changed: Final = Signal()  # contact: Contact, actor: Actor
