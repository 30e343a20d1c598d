"""The scope that the tests of this room look at rows in, and the server of a source with its name and certificate."""

from collections.abc import Iterator

import pytest
from tests.advisories.said import TAKER
from tests.proof.dns_server import NameServer
from tests.proof.dns_server import serving as naming
from tests.proof.web_server import Site, certificate, serving

from dijkwacht.platform import tenancy
from dijkwacht.platform.egress.way import Egress

HOST = "bron.voorbeeld.nl"


@pytest.fixture
def as_the_centre(db: None) -> Iterator[None]:
    """Let a test see the rows of the centre, outside the actions too."""
    with tenancy.acting(TAKER):
        yield


@pytest.fixture
def names():
    with naming(NameServer(records={(HOST, "A"): ["127.0.0.1"]})) as server:
        yield server


@pytest.fixture
def site(tmp_path):
    """A server with TLS and its client's context; what it says is up to the test."""
    server, client = certificate(tmp_path, HOST)
    with serving(Site(), tls=server) as made:
        made.client = client
        yield made


@pytest.fixture
def egress(names, site):
    return Egress(resolvers=(("127.0.0.1", names.port),), judge=lambda _: True, https_port=site.port, tls=site.client)


@pytest.fixture
def overlay(settings, tmp_path):
    """An installation with sources of its own."""
    settings.HOME = tmp_path / "home"
    folder = settings.HOME / "overlay" / "advisories"
    folder.mkdir(parents=True)

    def add(slug, path, kind="csaf"):
        text = f'slug = "{slug}"\nkind = "{kind}"\npublisher = "V"\nhomepage = "https://v.example"\nlicence = "x"\n'
        text += f'url = "https://{HOST}{path}"\n[title]\nnl = "b"\nen = "s"\n'
        (folder / f"{slug}.toml").write_text(text)
        settings.ADVISORY_SOURCES = [*settings.ADVISORY_SOURCES, slug]

    return add
