"""How many suspicious mails are taken in and read: a peak of mails over SMTP, against the whole system on this machine.

    python bench/phishing_intake.py [--rate 200] [--seconds 20] [--campaigns 20] [--size 20] [--connections 20]

The issue's peak is --rate 200 --seconds 600, its sustained rate --rate 20. Mails of `--size` KB go out at a steady rate
over connections that stay open, as a mail server before ours holds them. Nine of ten are of some campaigns, each with
a number and a name of its own, and imitate a brand; the rest is alone of its kind and imitates nobody. Prints what was
accepted in a second, the time from the end of a mail to its 250, what was refused or lost (acknowledged, and not in a
campaign at the end), how long reading went on after the last mail, CPU seconds by process, and how the hot path fared
meanwhile: how long a campaign waited to be judged (the looker at pages does not run: nothing here has a page), and the
time from a block to the warning of an Unbound that follows the list. The sender and the resolver run on the same cores.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import textwrap
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.phishing_blocks import Unjudged, following
from bench.system import System, free_port, system
from tests.phishing import post

WORDS: Final = (
    "uw pakket bank rekening betaling code bezorgd kosten invoer vandaag klik hier voor de het een nieuwe pas verloopt "
    "binnen dagen gegevens bevestig veilig toegang dienst klant nummer bericht overheid toeslag teruggave terug geld"
)


@dataclass
class Tally:
    """What the sender saw."""

    answered: list[float] = field(default_factory=list)  # seconds to 250
    refused: list[str] = field(default_factory=list)


def words(chance: random.Random, size: int) -> str:
    """Give as many KB of words, in lines as mail programs break them."""
    return textwrap.fill(" ".join(chance.choices(WORDS.split(), k=size * 1024 // 7)), 76)


def text_of(site: str, body: str) -> str:
    """Give the text of a mail, with places for whom it goes to."""
    return f"Beste @NAME@,\n\nUw zaak @NUMBER@\n\nhttps://www.{site}/p?id=@NUMBER@\n\n{body}\n\nUw dienst"


def forwarded(text: str, sender: str = "") -> bytes:
    """Make the mail that hands a text in, with its places still open. `sender`: of a mail that imitates nobody."""
    inner = post.suspicious(text=text)
    if sender:
        inner.replace_header("From", sender)
        inner.replace_header("Subject", "Een bericht")
    return post.forwarded(inner, "@SENDER@").as_bytes(policy=inner.policy.clone(linesep="\r\n"))


def made(number: int, campaigns: list[bytes], alone: bytes, size: int) -> bytes:
    """Fill in the mail with a number; one of ten is of no campaign: its site and its words are its own."""
    mail = campaigns[number % len(campaigns)]
    if number % 10 == 0:
        mail = alone.replace(b"@SITE@", b"s%d.example" % number)
        mail = mail.replace(b"@WORDS@", words(random.Random(number), size).replace("\n", "\r\n").encode())
    for place, value in (
        (b"@SENDER@", b"burger%d@burger.example" % number),
        (b"@NAME@", b"Persoon%d" % (number % 977)),
        (b"@NUMBER@", b"%d" % (100_000_000 + number)),
    ):
        mail = mail.replace(place, value)
    return mail


class Line:
    """One connection, which is opened anew when the receiver had enough of it (421), as a mail server does."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.writer: asyncio.StreamWriter | None = None

    async def say(self, line: bytes) -> str:
        """Say a line; gives the last of the answer, or "421" when the other side went away."""
        assert self.writer is not None  # opened before
        self.writer.write(line)
        try:
            answer = await self.reader.readline()
            while answer[3:4] == b"-":
                answer = await self.reader.readline()
        except OSError:
            answer = b""
        return answer.decode(errors="replace").strip() or "421 closed"

    async def open(self) -> None:
        """Open the connection, unless it is open."""
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
            await self.reader.readline()
            await self.say(b"EHLO bench.example\r\n")

    def close(self) -> None:
        """Close it: the next mail opens another."""
        if self.writer is not None:
            self.writer.close()
            self.writer = None

    async def send(self, mail: bytes) -> tuple[str, float]:
        """Send a mail; gives the answer, and the seconds from its end to that."""
        await self.open()
        recipient = f"RCPT TO:<{post.ADDRESS}>\r\n".encode()
        for words, wanted in (
            (b"MAIL FROM:<burger@burger.example>\r\n", "250"),
            (recipient, "250"),
            (b"DATA\r\n", "354"),
        ):
            if not (answer := await self.say(words)).startswith(wanted):
                return answer, 0.0
        start = time.perf_counter()
        answer = await self.say(mail.replace(b"\r\n.", b"\r\n..") + b"\r\n.\r\n")
        return answer, time.perf_counter() - start


async def sender(port: int, mails: "asyncio.Queue[bytes | None]", tally: Tally) -> None:
    """Send mails until there is no more. One that met a closing connection is sent once more over another."""
    line = Line(port)
    while (mail := await mails.get()) is not None:
        answer, seconds = await line.send(mail)
        if answer.startswith("421"):
            line.close()
            answer, seconds = await line.send(mail)
        if answer.startswith("250"):
            tally.answered.append(seconds)
        else:
            tally.refused.append(answer)
            line.close()
    line.close()


async def peak(port: int, given: Any) -> tuple[Tally, float]:
    """Send at a steady rate; give what was seen, and the seconds that it took."""
    bodies = [(f"c{number}.example", words(random.Random(number), given.size)) for number in range(given.campaigns)]
    campaigns, alone = (
        [forwarded(text_of(*one)) for one in bodies],
        forwarded(text_of("@SITE@", "@WORDS@"), "i@site.example"),
    )
    tally, mails = Tally(), asyncio.Queue[bytes | None](given.connections * 4)
    tasks = [asyncio.create_task(sender(port, mails, tally)) for _ in range(given.connections)]
    start = time.perf_counter()
    for number in range(given.rate * given.seconds):
        mail = made(number, campaigns, alone, given.size)
        await asyncio.sleep(max(0, start + number / given.rate - time.perf_counter()))
        await mails.put(mail)
    for _ in tasks:
        await mails.put(None)
    await asyncio.gather(*tasks)
    return tally, time.perf_counter() - start


def rows(made_system: System, query: str) -> list[tuple[Any, ...]]:
    """Ask the database as its superuser."""
    import psycopg

    from dijkwacht.platform.database.urls import DATABASE, socket_folder

    with psycopg.connect(host=str(socket_folder(made_system.home)), user="postgres", dbname=DATABASE) as database:
        return database.execute(query).fetchall()


def until_read(made_system: System) -> float:
    """Wait until the queue is empty; give the seconds."""
    start = time.perf_counter()
    while time.perf_counter() - start < 600:
        if rows(made_system, "select count(*) from phishing_arrival")[0][0] == 0:
            break
        time.sleep(0.2)
    return time.perf_counter() - start


ROLES = (
    "receiver: phishing receive",
    "mails: worker --queue=mails",
    "answers: worker --queue=answers",
    "judge: worker --queue=phishing --queue=lists",
    "zones: phishing zones",
    "scheduler",
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rate", type=int, default=200)
    options.add_argument("--seconds", type=int, default=20)
    options.add_argument("--campaigns", type=int, default=20)
    options.add_argument("--size", type=int, default=20, help="KB of a mail's text.")
    options.add_argument("--connections", type=int, default=20)
    given = options.parse_args()
    os.environ["DIJKWACHT_ZONES_PORT"] = str(free_port())
    with system(1, *ROLES) as running, following() as blocks, Unjudged(running).watched() as unjudged:
        port = int(os.environ["DIJKWACHT_PHISHING_PORT"])
        asyncio.run(ready(port))
        before, own = running.cpu(), time.process_time()
        blocks.start()
        tally, took = asyncio.run(peak(port, given))
        blocked = blocks.end()
        own = time.process_time() - own
        waited = until_read(running)
        unjudged.until_none()
        spent = {name: seconds - before[name] for name, seconds in running.cpu().items()} | {"sender": own}
        (counted,) = rows(
            running, "select count(*), count(campaign_id), count(distinct campaign_id) from phishing_report"
        )
    print(f"load {Path('/proc/loadavg').read_text().split()[0]}; {given.rate}/s for {given.seconds} s, {given.size} KB")
    tell_intake(tally, took, waited, counted)
    print("the campaign that waits longest for its judging, looked at twice a second:")
    print(f"  of those with evidence: {spread(sorted(one for one, _ in unjudged.seconds))}")
    print(f"  of all: {spread(sorted(one for _, one in unjudged.seconds))}")
    print(f"block to warning of a resolver: {spread(blocked)}; {len(blocked)} blocks, {blocks.late} given up")
    print("CPU s: " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in spent.items()))
    print(f"mails a CPU second, all but the sender: {counted[1] / (sum(spent.values()) - own):.0f}")


def tell_intake(tally: Tally, took: float, waited: float, counted: tuple[int, int, int]) -> None:
    """Print what the door did with the mails."""
    told, (reports, placed, campaigns) = sorted(tally.answered), counted
    print(f"accepted {len(told):,} in {took:.1f} s: {len(told) / took:.0f}/s; refused {len(tally.refused):,}")
    if tally.refused:
        print(f"  such as: {tally.refused[0]}")
    print(f"end of a mail to 250: {spread(told)}")
    print(f"lost: {len(told) - placed}; reports {reports:,}; campaigns (each one analysis) {campaigns:,}")
    print(f"read {waited:.1f} s after the last mail")


def spread(seconds: list[float]) -> str:
    """Give the median, the 95th percentile and the longest of sorted seconds."""
    if not seconds:
        return "none"
    return (
        f"median {statistics.median(seconds):.2f} s, p95 {seconds[int(len(seconds) * 0.95)]:.2f} s, "
        f"longest {seconds[-1]:.2f} s"
    )


async def ready(port: int) -> None:
    """Wait until the door is open."""
    for _ in range(600):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise SystemExit("the receiver did not start")


if __name__ == "__main__":
    main()
