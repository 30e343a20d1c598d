"""Thousands of reporters at once, each with an address and a connection of its own; a process apart from the system.

Reads reporters as JSON lines (`crisis_people.py`), prints what each was answered as JSON lines. A reporter that is
asked to come back later (503) does, with the same form or the same key; one whose connection breaks sends it again.
"""

import asyncio
import json
import re
import sys
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
ONCE = re.compile(r'name="once" value="([^"]+)"')
NUMBER = re.compile(r"DW-[0-9A-Z-]{19}")
PATIENCE = 300  # seconds that somebody in trouble goes on trying
UNAVAILABLE = 503


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Reporter:
    """One reporter: `seen` holds (page, seconds, status) of every request, also those to which none answered (0)."""

    port: int
    number: int
    kind: str
    organisation: str
    session: str = ""
    token: str = ""
    seen: list[tuple[str, float, int]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)  # of each request without answer: while doing what, what broke
    doing: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    acknowledged: list[str] = field(default_factory=list)
    pipe: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    @property
    def title(self) -> str:
        return f"Crisis report {self.number}"

    async def ask(self, page: str, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """Send until it is answered with something else than "come back later"."""
        until = time.monotonic() + PATIENCE
        while True:
            began, kept = time.monotonic(), self.pipe is not None
            try:
                answer = await asyncio.wait_for(self._once(method, path, body, headers), 60)
            except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError, IndexError) as error:
                self.broken.append(f"{self.doing}{' on a kept connection' if kept else ''}: {type(error).__name__}")
                answer, self.pipe = Answer(0, {}, ""), None
                if kept and isinstance(error, asyncio.IncompleteReadError) and not error.partial:
                    continue  # it was closed while nobody used it: a new one at once, as browsers do (RFC 9112, 9.3.1)
            self.seen.append((page, time.monotonic() - began, answer.status))
            if answer.status not in {0, UNAVAILABLE} or time.monotonic() > until:
                return answer
            await asyncio.sleep(float(answer.headers.get("retry-after", "2")))

    async def _once(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        self.doing = "connecting"
        if self.pipe is None:
            high, low = divmod(self.number, 250)
            here = (f"127.{high % 250 + 1}.{low + 1}.9", 0)
            self.pipe = await asyncio.open_connection("127.0.0.1", self.port, local_addr=here)
        reader, writer = self.pipe
        self.doing = "waiting for an answer"
        told = {"Host": f"127.0.0.1:{self.port}", "Content-Length": str(len(body)), "Accept-Language": "nl"}
        if self.cookies:
            told["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in {**told, **headers}.items())
        writer.write(f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body)
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        found: dict[str, str] = {}
        for line in head[1:-2]:
            name, _, value = line.partition(": ")
            if name.lower() == "set-cookie":
                self.cookies.__setitem__(*value.partition(";")[0].split("=", 1))
            found[name.lower()] = value
        text = (await reader.readexactly(int(found.get("content-length", "0")))).decode()
        if found.get("connection", "").lower() == "close":
            writer.close()
            self.pipe = None
        return Answer(int(head[0].split()[1]), found, text)

    async def post(self, page: str, path: str, form: dict[str, str]) -> Answer:
        kind = "application/x-www-form-urlencoded"
        return await self.ask(page, "POST", path, urlencode(form).encode(), Content_Type=kind, Origin=self.origin)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def report(self) -> None:
        await {"page": self.by_page, "guest": self.as_guest, "api": self.by_api}[self.kind]()
        if self.pipe is not None:
            self.pipe[1].close()

    async def by_page(self) -> None:
        self.cookies["session"] = self.session
        start = await self.ask("start", "GET", "/report")
        found = TOKEN.search(start.text)
        if found is None:
            return
        token = {"csrfmiddlewaretoken": found[1]}
        begun = await self.post("begin", "/report", {**token, "organisation": self.organisation})
        draft = begun.headers.get("location", "")
        await self.ask("form", "GET", draft)
        await self.post("draft", draft, {**token, "title": self.title[:8], "do": "keep"})
        await self.post("answers", draft, {**token, **answers(self), "do": "next"})
        await self.ask("check", "GET", f"{draft}/check")
        sent = await self.post("submit", f"{draft}/check", token)
        if sent.status == 302:
            shown = await self.ask("receipt", "GET", sent.headers["location"])
            self.acknowledged += NUMBER.findall(shown.text)[:1] or ["unseen"]

    async def as_guest(self) -> None:
        page = await self.ask("form", "GET", "/report/without-account")
        found, once = TOKEN.search(page.text), ONCE.search(page.text)
        if found is None:
            return
        form = {"csrfmiddlewaretoken": found[1], **({"once": once[1]} if once else {}), **answers(self)}
        sent = await self.post("submit", "/report/without-account", form)
        if sent.status == 201:
            self.acknowledged += NUMBER.findall(sent.text)[:1]

    async def by_api(self) -> None:
        body = json.dumps({"organisation": self.organisation, "stage": "early-warning", "facts": facts(self)}).encode()
        told = {"Authorization": f"Bearer {self.token}", "Content_Type": "application/json"}
        path = "/api/v1/incidents/reports"
        await self.ask("validate", "POST", f"{path}?validate_only=true", body, **told)
        sent = await self.ask("submit", "POST", path, body, **told, Idempotency_Key=str(uuid.uuid4()))
        if sent.status == 201:
            self.acknowledged += [one["number"] for one in json.loads(sent.text)["reports"]]


def answers(reporter: Reporter) -> dict[str, str]:
    now = datetime.now(UTC)
    return {
        "matter": "incident",
        "title": reporter.title,
        "occurrence": (now - timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M"),
        "awareness": (now - timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M"),
        "suspected_malicious": "yes",
        "cross_border": "no",
        "contact_name": "Nora",
        "contact_email": f"nora{reporter.number}@o.example",
        "contact_phone": "+31 20 623 0101",
        "description": "The same firmware as everybody's. 203.0.113.7 was seen.",
    }


def facts(reporter: Reporter) -> dict[str, object]:
    now = datetime.now(UTC)
    given = answers(reporter)
    return {
        **{name: given[name] for name in given if name not in {"matter", "suspected_malicious", "cross_border"}},
        "kind": "incident",
        "significant": True,
        "suspected_malicious": True,
        "cross_border": False,
        "occurrence": (now - timedelta(hours=5)).isoformat(timespec="seconds"),
        "awareness": (now - timedelta(hours=3)).isoformat(timespec="seconds"),
    }


async def main(port: int, seconds: float) -> None:
    reporters = [Reporter(port, **json.loads(line)) for line in sys.stdin]

    async def later(one: Reporter, wait: float) -> None:
        await asyncio.sleep(wait)
        await one.report()

    apart = seconds / max(1, len(reporters))
    await asyncio.gather(*(later(one, place * apart) for place, one in enumerate(reporters)))
    for one in reporters:
        told = {"number": one.number, "kind": one.kind, "title": one.title}
        print(json.dumps({**told, "seen": one.seen, "broken": one.broken, "acknowledged": one.acknowledged}))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
