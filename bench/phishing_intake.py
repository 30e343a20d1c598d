"""How many suspicious mails are taken in and read: a peak of mails over SMTP, against the whole system on this machine.

    python bench/phishing_intake.py [--rate 200] [--seconds 20] [--campaigns 20] [--size 20] [--connections 20]

The issue's peak is --rate 200 --seconds 600, its sustained rate --rate 20. Mails of `--size` KB go out at a steady rate
over connections that stay open, as a mail server before ours holds them. Nine of ten are of some campaigns, each with
a number and a name of its own; the rest is alone of its kind. Prints what was accepted in a second, the time from the
end of a mail to its 250, what was refused or lost (acknowledged, and not in a campaign at the end), how long reading
went on after the last mail, and CPU seconds by process. The sender runs on the same cores.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.system import System, system
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


def text_of(campaign: int, chance: random.Random, size: int) -> str:
    """Give the text of a campaign: the same for the same number, with a place for whom it goes to."""
    words = " ".join(chance.choices(WORDS.split(), k=size * 1024 // 7))
    return (
        f"Beste {{name}},\n\nUw zaak {{number}}: {words[:200]}\n\nhttps://c{campaign}.dief.example/p?id={{number}}\n\n"
        + (words[200:] + "\n\nUw dienst")
    )


def made(number: int, texts: list[str], size: int) -> bytes:
    """Make the mail with a number; one of ten is of no campaign."""
    name, identifier = f"Persoon{number % 977}", 100_000_000 + number
    alone = number % 10 == 0
    text = text_of(1_000_000 + number, random.Random(number), size) if alone else texts[number % len(texts)]
    inner = post.suspicious(text="\n".join(wrapped(text.format(name=name, number=identifier))))
    return post.forwarded(inner, f"burger{number}@burger.example").as_bytes(policy=inner.policy.clone(linesep="\r\n"))


def wrapped(text: str) -> list[str]:
    """Break long lines, as mail programs do."""
    found: list[str] = []
    for line in text.split("\n"):
        while len(line) > 200:
            cut = line.rfind(" ", 0, 200)
            found.append(line[:cut])
            line = line[cut + 1 :]  # noqa: PLW2901 - what is left of it
        found.append(line)
    return found


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


async def peak(port: int, given: Any, texts: list[str]) -> tuple[Tally, float]:
    """Send at a steady rate; give what was seen, and the seconds that it took."""
    tally, mails = Tally(), asyncio.Queue[bytes | None](given.connections * 4)
    tasks = [asyncio.create_task(sender(port, mails, tally)) for _ in range(given.connections)]
    start = time.perf_counter()
    for number in range(given.rate * given.seconds):
        mail = made(number, texts, given.size)
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


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rate", type=int, default=200)
    options.add_argument("--seconds", type=int, default=20)
    options.add_argument("--campaigns", type=int, default=20)
    options.add_argument("--size", type=int, default=20, help="KB of a mail's text.")
    options.add_argument("--connections", type=int, default=20)
    given = options.parse_args()
    texts = [text_of(number, random.Random(number), given.size) for number in range(given.campaigns)]
    roles = (
        "receiver: phishing receive",
        "mails: worker --queue=mails",
        "answers: worker --queue=answers",
        "scheduler",
    )
    with system(1, *roles) as running:
        port = int(os.environ["DIJKWACHT_PHISHING_PORT"])
        asyncio.run(ready(port))
        before, own = running.cpu(), time.process_time()
        tally, took = asyncio.run(peak(port, given, texts))
        own = time.process_time() - own
        waited = until_read(running)
        spent = {name: seconds - before[name] for name, seconds in running.cpu().items()}
        ((reports, placed, campaigns),) = rows(
            running, "select count(*), count(campaign_id), count(distinct campaign_id) from phishing_report"
        )
    told = sorted(tally.answered)
    print(f"load {Path('/proc/loadavg').read_text().split()[0]}; {given.rate}/s for {given.seconds} s, {given.size} KB")
    print(f"accepted {len(told):,} in {took:.1f} s: {len(told) / took:.0f}/s; refused {len(tally.refused):,}")
    if tally.refused:
        print(f"  such as: {tally.refused[0]}")
    if told:
        p95, longest = told[int(len(told) * 0.95)], told[-1]
        print(
            f"to 250: median {statistics.median(told) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, longest {longest:.2f} s"
        )
    print(f"lost: {len(told) - placed}; reports {reports:,}; campaigns (each one analysis) {campaigns:,}")
    print(f"read {waited:.1f} s after the last mail")
    print("CPU s: " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in spent.items()) + f", sender {own:.1f}")
    whole = sum(spent.values())
    print(f"mails a CPU second, all of it: {placed / whole:.0f}")


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
