"""A name server, the way out of the building, and organisations that claim."""

import ipaddress
from uuid import UUID

import pytest
from tests.proof import dns_server
from tests.registry.people import OFFICER

from dijkwacht.platform import tenancy
from dijkwacht.platform.egress.way import Egress
from dijkwacht.rooms.registry import actions

LOOPBACK = ipaddress.ip_address("127.0.0.1")
DOMAIN = "voorbeeld.nl"


@pytest.fixture
def names():
    """Our resolver."""
    with dns_server.serving(dns_server.NameServer()) as server:
        yield server


@pytest.fixture
def way(names):
    """The way out: loopback stands for the public internet, where nothing listens at these ports."""
    return egress(names)


def egress(names, **values):
    given = {"judge": lambda address: address == LOOPBACK, "dns_port": names.port, "http_port": 1, "https_port": 1}
    return Egress(resolvers=(("127.0.0.1", names.port),), **{**given, **values})


def new(name, **values):
    with tenancy.acting(OFFICER):
        return actions.create_organisation(
            actor=OFFICER, name=name, **{"kind": "organisation", "classification": "other", **values}
        )


def claim(organisation, value=DOMAIN, kind="domain", **values):
    owner = organisation if isinstance(organisation, UUID) else organisation.id
    with tenancy.acting(OFFICER):
        return actions.claim_asset(actor=OFFICER, organisation=owner, kind=kind, value=value, **values)[0]


@pytest.fixture
def organisation():
    made = new("Gemeente Voorbeeld")
    with tenancy.acting(OFFICER):
        actions.add_contact(actor=OFFICER, organisation=made.id, role="security", email="ciso@contact.example")
    return made


@pytest.fixture
def other():
    return new("Bakkerij De Korst")
