"""Incidents of the demo, reported by the people one can sign in as."""

from typing import Final

from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.actors import of_user
from dijkwacht.platform.accounts.models import User
from dijkwacht.portal.demo.accounts import DEMO
from dijkwacht.rooms.registry import demo as registry
from dijkwacht.rooms.reporting import demo as reporting
from dijkwacht.rooms.reporting.confidential import demo as confidential
from dijkwacht.rooms.reporting.crossing import demo as crossing
from dijkwacht.rooms.reporting.customers import demo as customers
from dijkwacht.rooms.reporting.oncall import demo as oncall

ENTITY: Final = ("ciso@waterkant.example", "waterkant")
PROVIDER: Final = "ciso@tweelanden.example"
SHOP: Final = ("info@dekorst.example", "bakkerij")
GRID: Final = "dso"  # the operator of a grid


def load() -> int:
    """Report the demo's incidents, once. Returns how many."""
    with tenancy.acting(DEMO):
        entity, shop = (User.objects.filter(email=email).first() for email, _ in (ENTITY, SHOP))
    if entity is None or shop is None:
        return 0
    made = reporting.load(
        entity=of_user(entity),
        bakery=of_user(shop),
        organisation=registry.identifier(ENTITY[1]),
        shop=registry.identifier(SHOP[1]),
    )
    made += crossing.load(officer=DEMO, grid=registry.identifier(GRID), neighbour=registry.identifier(ENTITY[1]))
    with tenancy.acting(DEMO):
        provider = User.objects.filter(email=PROVIDER).first()
    if provider is not None:
        customers.load(of_user(provider))
    confidential.load(DEMO, registry.identifier(ENTITY[1]))
    oncall.load(DEMO)
    return made
