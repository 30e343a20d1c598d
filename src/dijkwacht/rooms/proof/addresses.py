"""To whom a proof mail may go: never to an address of the claimant's choice, only to those that come with the asset."""

from dijkwacht.rooms.proof import rules
from dijkwacht.rooms.registry.models import Asset
from dijkwacht.rooms.registry.vocabulary import AssetKind


def offered(asset: Asset) -> list[str]:
    """Return the addresses that can answer for an asset: role addresses of a domain, the holder's in the snapshot."""
    if asset.kind == AssetKind.DOMAIN:
        return [f"{role}@{asset.value}" for role in rules.ROLES]
    from dijkwacht.rooms.proof.whois import matching

    return matching.mail_addresses(asset.kind, asset.value)
