"""Small invented registers, made once, and linked once."""

import pytest

from dijkwacht.rooms.linkage.generator.registers import generate
from dijkwacht.rooms.linkage.linking.link import link, read_registers
from dijkwacht.rooms.linkage.linking.mapping import read_mapping
from dijkwacht.rooms.linkage.linking.measuring import read_truth
from dijkwacht.rooms.linkage.linking.normal import sources


@pytest.fixture(scope="session")
def registers(tmp_path_factory):
    """The folder of three registers at two hundredths of their size."""
    folder = tmp_path_factory.mktemp("registers")
    generate(folder, scale=0.02, seed=5)
    return folder


@pytest.fixture(scope="session")
def linked(registers):
    files = [registers / name for name in ("businesses.csv", "national.csv", "providers.xlsx")]
    return link(read_registers(files, read_mapping((registers / "mapping.toml").read_bytes())))


@pytest.fixture(scope="session")
def measured(linked, registers):
    return linked.measured(read_truth(registers / "truth.csv", sources(linked.registers)))
