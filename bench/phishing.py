"""How many suspicious mails are read in a CPU second, beside what others read, and whether a link is lost.

    python bench/phishing.py [--mails 1000] [--folder FOLDER] [--others-python PATH]

Reads mails that it makes (forwarded inline and as an attachment, HTML of 10 to 60 KB with 8 to 40 links), or the .eml
files of a folder. Ours: all links, canonical, with the reporter taken out; and with a verdict on each; in one process.
Beside it the standard library, which walks the same parts and finds links by one pattern; and mail-parser and
eml-parser where the Python of `--others-python` has them, which look for no links. Recall: of the hosts that the
standard library's reading finds in links of HTML and text, the share that ours finds too. Then the hostile set of the
tests, twenty times. "As the system reads": in the killable process, with what it costs to hand over. Ratios are of one
run.
"""

import argparse
import contextlib
import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.mails import letters

from dijkwacht.mails.isolated import Question, Reader
from dijkwacht.mails.reading import read_mail
from dijkwacht.rooms.phishing.judging.analysing import analyse

WARM: Final = 22  # mails that a process has read before it is measured, here as there: the whole hostile set
URL: Final = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
OTHERS: Final = """
import json, sys, time
from pathlib import Path
name, paths = sys.argv[1], [Path(line) for line in sys.stdin.read().split("\\n") if line]
raws = [path.read_bytes() for path in paths]
if name == "mail-parser":
    import mailparser
    read = mailparser.parse_from_bytes
else:
    import eml_parser
    read = eml_parser.EmlParser(include_raw_body=False).decode_email_bytes
start, failed = time.process_time(), 0
for raw in raws:
    try:
        read(raw)
    except Exception:
        failed += 1
print(json.dumps({"seconds": time.process_time() - start, "failed": failed}))
"""


def made(number: int) -> list[bytes]:
    """Make mails as people forward them."""
    chance = random.Random(1)
    return [one_made(chance, place) for place in range(number)]


def one_made(chance: random.Random, place: int) -> bytes:
    links = [
        f"https://h{chance.randrange(500)}.example/p/{chance.randrange(10**9)}?u={place}"
        for _ in range(chance.randint(8, 40))
    ]
    filler = "<td style='padding:4px;font-family:Verdana'>Uw pakket kon niet worden bezorgd. Betaal de kosten.</td>"
    rows = "".join(
        f"<tr>{filler * chance.randint(2, 12)}<td><a href='{link}'>Lees meer</a></td></tr>" for link in links
    )
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "PostNL <a@b.example>", f"p{place}@burger.example", "Uw pakket wacht €"
    mail.set_content("Betaal hier: " + links[0])
    mail.add_alternative(f"<html><body><table>{rows}</table></body></html>", subtype="html")
    if place % 2:
        return mail.as_bytes()
    whole = letters.forward()
    whole.add_attachment(mail)
    return whole.as_bytes()


class Page(HTMLParser):
    """Finds in HTML what can be followed or is loaded, and URLs in the text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name == ("src" if tag == "img" else "href")]

    def handle_data(self, data: str) -> None:
        self.found += URL.findall(data)


def hosts_of(message: "Message[str, str]") -> set[str]:
    """Walk the parts with the standard library and find links by its HTML parser and a pattern."""
    found: list[str] = []
    for part in message.walk():
        if part.get_content_maintype() == "text":
            body = part.get_payload(decode=True)
            text = body.decode(part.get_content_charset("utf-8"), errors="replace") if isinstance(body, bytes) else ""
            page = Page()
            page.feed(text if part.get_content_subtype() == "html" else "")
            found += page.found if part.get_content_subtype() == "html" else URL.findall(text)
    hosts: set[str] = set()
    for url in found:
        with contextlib.suppress(ValueError):
            hosts.add(urlsplit(url).hostname or "" if url.lower().startswith("http") else "")
    return {host for host in hosts if "." in host}


def measured(read: Callable[[bytes], Any], mails: Iterable[bytes]) -> tuple[float, list[Any], int]:
    """CPU seconds, what came out of each, and how many raised."""
    found, failed, start = [], 0, time.process_time()
    for raw in mails:
        try:
            found.append(read(raw))
        except Exception:  # noqa: BLE001 - of another library: counted
            found.append(set())
            failed += 1
    return time.process_time() - start, found, failed


def in_child(mails: Sequence[bytes], *, together: bool = True) -> float:
    """Read mails as the system does, in a killable process that runs; give the CPU seconds of it and of asking.

    `together`: as the worker of the intake reads a batch; else each by itself.
    """
    with Reader() as reader:
        reader.read_many(map(Question, mails[:WARM]))  # what it loads once is no cost of a mail

        def spent() -> float:
            assert reader._child is not None  # noqa: SLF001 - it was started above
            fields = Path(f"/proc/{reader._child.pid}/stat").read_text().rpartition(")")[2].split()  # noqa: SLF001
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") + time.process_time()

        start = spent()
        if together:
            reader.read_many(map(Question, mails))
        else:
            for raw in mails:
                reader.read(raw)
        return spent() - start


def others(python: str, name: str, folder: Path) -> tuple[float, int] | None:
    """Read the files of a folder with another library, in its own Python; None where it is not installed."""
    paths = "\n".join(map(str, sorted(folder.glob("*.eml"))))
    done = subprocess.run([python, "-c", OTHERS, name], input=paths, capture_output=True, text=True, check=False)
    if done.returncode:
        return None
    said = json.loads(done.stdout.splitlines()[-1])
    return said["seconds"], said["failed"]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--mails", type=int, default=1_000)
    options.add_argument("--folder", type=Path)
    options.add_argument("--others-python")
    given = options.parse_args()
    if given.folder is None:
        given.folder = Path("var/bench/mails")
        given.folder.mkdir(parents=True, exist_ok=True)
        for old in given.folder.glob("*.eml"):
            old.unlink()
        for place, raw in enumerate(made(given.mails)):
            (given.folder / f"{place}.eml").write_bytes(raw)
    mails = [path.read_bytes() for path in sorted(given.folder.glob("*.eml"))]
    measured(read_mail, mails[:WARM])
    ours, found, failed = measured(read_mail, mails)
    size, load = sum(map(len, mails)) / len(mails) / 1024, Path("/proc/loadavg").read_text().split()[0]
    print(f"{len(mails):,} mails, {size:.0f} KB each; load {load}")
    print(f"{'':<28} {'a CPU s':>9} {'ours is':>8} {'failed':>7}")

    def line(name: str, seconds: float, raised: int) -> None:
        print(f"{name:<28} {len(mails) / seconds:>9,.0f} {seconds / ours:>7.1f}x {raised:>7}")

    line("ours, with links", ours, failed)
    line("ours, as the system reads", in_child(mails), 0)
    line("ours, so, one by one", in_child(mails, together=False), 0)
    judging, _, raised = measured(lambda raw: analyse(read_mail(raw)), mails)
    line("ours, with a verdict", judging, raised)
    for name, chosen in (("compat32", policy.compat32), ("policy.default", policy.default)):
        seconds, theirs, raised = measured(
            lambda raw, chosen=chosen: hosts_of(message_from_bytes(raw, policy=chosen)), mails
        )
        line(f"standard library, {name}", seconds, raised)
    for name in ("mail-parser", "eml-parser") if given.others_python else ():
        if told := others(given.others_python, name, given.folder):
            line(f"{name}, no links", *told)
    wanted = sum(len(hosts) for hosts in theirs)
    lost = [(hosts - {link.host for link in mail.links}, mail) for hosts, mail in zip(theirs, found, strict=True)]
    missing = sum(len(hosts) for hosts, _ in lost)
    recall = 1 - missing / max(1, wanted)
    print(f"hosts that the standard library finds: {wanted:,}; of these ours lacks {missing:,} (recall {recall:.4f})")
    hostile = [*letters.HOSTILE.values()] * 20
    measured(read_mail, hostile[:WARM])
    for name, slow in (("", measured(read_mail, hostile)[0]), (", as the system reads", in_child(hostile))):
        print(f"hostile set of {len(letters.HOSTILE)}{name}: {len(hostile) / slow:.0f} a CPU s")


if __name__ == "__main__":
    main()
