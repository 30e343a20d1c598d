"""The list as a dataset of Suricata: a real one reads it, and warns of exactly the visits that it should."""

import shutil
import struct
import subprocess

import dns.message
import pytest
from tests.phishing.published import written

SURICATA = shutil.which("suricata") or ""
CONFIGURATION = """%YAML 1.1
---
vars: {address-groups: {HOME_NET: any, EXTERNAL_NET: any}}
outputs:
  - fast: {enabled: yes, filename: fast.log}
app-layer: {protocols: {dns: {udp: {enabled: yes, detection-ports: {dp: 53}}}}}
"""
# As docs/how-to/follow-the-list.md says it.
RULE = (
    'alert dns any any -> any 53 (msg:"phishing"; dns.query; to_lowercase; '
    "dataset:isset,phishing,type string,load {file}; sid:1;)\n"
)

pytestmark = pytest.mark.skipif(not SURICATA, reason="no Suricata here: Debian 12 has it in its backports only")


def query(number: int, name: str) -> bytes:
    """An Ethernet frame with a question for a name, each from another port."""
    asked = dns.message.make_query(name, "A", id=number).to_wire()
    udp = struct.pack("!HHHH", 20_000 + number, 53, 8 + len(asked), 0) + asked
    head = [0x45, 0, 20 + len(udp), number, 0, 64, 17, 0, bytes([192, 0, 2, 1]), bytes([192, 0, 2, 53])]
    bare = struct.pack("!BBHHHBBH4s4s", *head)
    total = sum(struct.unpack("!10H", bare))
    head[7] = ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
    return b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + struct.pack("!BBHHHBBH4s4s", *head) + udp


def capture(names: list[str]) -> bytes:
    frames = [query(number, name) for number, name in enumerate(names, 1)]
    records = (struct.pack("<IIII", at, 0, len(one), len(one)) + one for at, one in enumerate(frames, 1_790_000_000))
    return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1) + b"".join(records)


def warned(folder, dataset: str, names: list[str]) -> list[str]:
    """Which of these questions it warns of, in their order. Raises AssertionError where it refuses the dataset."""
    for file, content in (("list.lst", dataset), ("suricata.yaml", CONFIGURATION)):
        (folder / file).write_text(content)
    (folder / "list.rules").write_text(RULE.format(file=folder / "list.lst"))
    (folder / "asked.pcap").write_bytes(capture(names))
    command = [SURICATA, "-r", folder / "asked.pcap", "-S", folder / "list.rules", "-c", folder / "suricata.yaml"]
    done = subprocess.run([*command, "-l", folder, "-k", "none", "--init-errors-fatal"], capture_output=True, text=True,
                          check=False, timeout=60)  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    ports = {line.split("} 192.0.2.1:")[1].split(" ")[0] for line in (folder / "fast.log").read_text().splitlines()}
    return [name for number, name in enumerate(names, 1) if str(20_000 + number) in ports]


def test_suricata_warns_of_the_hosts_of_the_list_and_of_no_other(tmp_path):
    listed = ["dief.example", "DIEF.example", "alles.nl", "xn--mnchen-dief-thb.example"]
    others = ["www.dief.example", "ief.example", "dief.example.nl", "example", "nl"]
    assert warned(tmp_path, written("suricata"), [*others, *listed]) == listed


def test_a_dataset_that_is_not_base64_is_refused(tmp_path):
    with pytest.raises(AssertionError):
        warned(tmp_path, written("suricata") + "dief.example,\n", ["dief.example"])
