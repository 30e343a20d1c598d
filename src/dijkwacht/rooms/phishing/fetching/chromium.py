"""A headless Chromium, spoken to over two pipes (Chrome DevTools Protocol), whose only way out is `chokepoint`."""

import base64
import contextlib
import fcntl
import json
import os
import select
import signal
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

LARGEST_ANSWER: Final = 48 << 20  # bytes of one message
# Enforced by the browser itself on every document, frames too: no form is sent, no window opened, nothing downloaded.
# Datagrams know no proxy: WebRTC is switched off by the policy and twice by a flag, whose name differs by version.
SANDBOX: Final = "sandbox allow-scripts allow-same-origin; webrtc 'block'"
REDIRECTION: Final = 300
KEPT: Final = frozenset({"content-type", "content-security-policy", "content-language", "refresh"})  # of a document
ASKING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
SCHEMES: Final = ("http:", "https:", "data:", "blob:")
FLAGS: Final = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--proxy-bypass-list=<-loopback>",  # else a browser asks loopback without the proxy
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",  # it asks no resolver: names are for the proxy
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--incognito",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-component-extensions-with-background-pages",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--block-new-web-contents",
    "--disable-features=IsolateOrigins,site-per-process,OptimizationHints,MediaRouter,Translate",
    "--ignore-certificate-errors",  # what does not hold is recorded by the plain look, and seen all the same
    "--mute-audio",
    "--window-size=1280,900",
)


class BrowserError(Exception):
    """The browser did not do what was asked."""


class Browser:
    """One browser process. Not to be shared between threads."""

    def __init__(self, sender: int, receiver: int) -> None:
        self._sender, self._receiver = sender, receiver
        self._number, self._held = 0, b""
        self.session = ""
        self._documents: dict[int, dict[str, Any]] = {}  # number of the question for its body -> what waits

    def ask(self, method: str, deadline: float, **parameters: Any) -> dict[str, Any]:
        """Ask for something and wait for its answer; events that come meanwhile are handled. Raises BrowserError."""
        number = self.tell(method, **parameters)
        while True:
            said = self.next(deadline)
            if said.get("id") == number:
                if "error" in said:
                    raise BrowserError(f"{method}: {said['error'].get('message')}")
                return dict(said["result"])

    def tell(self, method: str, **parameters: Any) -> int:
        """Ask for something without waiting; gives the number of its answer."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        try:
            os.write(self._sender, json.dumps(message).encode() + b"\0")
        except OSError as error:
            raise BrowserError("the browser is gone") from error
        return self._number

    def next(self, deadline: float) -> dict[str, Any]:
        """Give the next message; a request that waits for leave is judged first. Raises BrowserError."""
        while b"\0" not in self._held:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._receiver], [], [], left)[0]:
                raise BrowserError("no answer in time")
            piece = os.read(self._receiver, 1 << 20)
            if not piece or len(self._held) > LARGEST_ANSWER:
                raise BrowserError("the browser is gone, or says too much")
            self._held += piece
        message, _, self._held = self._held.partition(b"\0")
        said: dict[str, Any] = json.loads(message)
        if said.get("method") == "Fetch.requestPaused":
            self._judge(said["params"])
        elif said.get("id") in self._documents:
            self._document(self._documents.pop(said["id"]), said.get("result"))
        return said

    def _judge(self, paused: dict[str, Any]) -> None:
        """Let a request go that only asks; keep a document that came back until its body is here."""
        place = {"requestId": paused["requestId"]}
        request, status = paused["request"], paused.get("responseStatusCode")
        if status is not None and not REDIRECTION <= status < REDIRECTION + 100:
            self._documents[self.tell("Fetch.getResponseBody", **place)] = paused
        elif request["method"] in ASKING and request["url"].startswith(SCHEMES):
            self.tell("Fetch.continueRequest", **place)
        else:
            self.tell("Fetch.failRequest", **place, errorReason="BlockedByClient")

    def _document(self, paused: dict[str, Any], result: dict[str, Any] | None) -> None:
        """Give a document to the page as ours, with the sandbox: put on one from outside, it is too late."""
        place = {"requestId": paused["requestId"]}
        if result is None:
            self.tell("Fetch.failRequest", **place, errorReason="Failed")
            return
        body = result["body"] if result["base64Encoded"] else base64.b64encode(result["body"].encode()).decode()
        kept = [one for one in paused.get("responseHeaders", []) if one["name"].lower() in KEPT]
        fields = [*kept, {"name": "Content-Security-Policy", "value": SANDBOX}]
        status = paused["responseStatusCode"]
        self.tell("Fetch.fulfillRequest", **place, responseCode=status, responseHeaders=fields, body=body)


def shown(browser: Browser, url: str, seconds: float) -> tuple[str, bytes, str]:
    """Show a page and give its elements as HTML, a picture (PNG), and where it ended. Raises BrowserError."""
    deadline = time.monotonic() + seconds
    target = browser.ask("Target.createTarget", deadline, url="about:blank")["targetId"]
    browser.session = browser.ask("Target.attachToTarget", deadline, targetId=target, flatten=True)["sessionId"]
    browser.ask("Page.enable", deadline)
    browser.ask("Page.setDownloadBehavior", deadline, behavior="deny")
    patterns = [{"requestStage": "Request"}, {"requestStage": "Response", "resourceType": "Document"}]
    browser.ask("Fetch.enable", deadline, patterns=patterns)
    browser.tell("Page.navigate", url=url)
    _wait(browser, deadline, settle=min(2.0, seconds / 4))
    deadline = max(deadline, time.monotonic() + 5.0)
    browser.tell("Page.stopLoading")
    script = "JSON.stringify([document.documentElement.outerHTML.slice(0, 4000000), location.href])"
    told = browser.ask("Runtime.evaluate", deadline, expression=script, returnByValue=True)
    html, ended = json.loads(told["result"].get("value") or '["", ""]')
    picture = browser.ask("Page.captureScreenshot", deadline, format="png", captureBeyondViewport=False)["data"]
    return str(html), base64.b64decode(picture), str(ended)


def _wait(browser: Browser, deadline: float, settle: float) -> None:
    """Wait until the page is loaded, and then for what its scripts do at once; or until the time is over."""
    until = deadline
    with contextlib.suppress(BrowserError):
        while True:
            said = browser.next(until)
            if said.get("method") == "Page.loadEventFired":
                until = min(deadline, time.monotonic() + settle)


@contextmanager
def browsing(program: str, port: int, environment: Mapping[str, str]) -> Iterator[Browser]:
    """Start a browser whose only way out is the proxy at a port of loopback; it ends when this is left."""
    with tempfile.TemporaryDirectory(prefix="dijkwacht-browser-", ignore_cleanup_errors=True) as folder:
        to_it, ours = (_high(one) for one in os.pipe())
        theirs, from_it = (_high(one) for one in os.pipe())
        words = [program, *FLAGS, f"--proxy-server=http://127.0.0.1:{port}", f"--user-data-dir={folder}"]
        words += ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's own sandbox does not run as root
        quiet = os.open(os.devnull, os.O_RDWR)
        actions = [
            *((os.POSIX_SPAWN_DUP2, quiet, number) for number in (0, 1, 2)),
            (os.POSIX_SPAWN_DUP2, to_it, 3),
            (os.POSIX_SPAWN_DUP2, from_it, 4),
        ]
        process = os.posix_spawn(
            program, [*words, "about:blank"], {**environment, "HOME": folder}, file_actions=actions, setpgroup=0
        )
        for one in (to_it, from_it, quiet):
            os.close(one)
        try:
            yield Browser(ours, theirs)
        finally:
            for one in (ours, theirs):
                os.close(one)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process, signal.SIGKILL)
            os.waitpid(process, 0)


def _high(number: int) -> int:
    """Move a descriptor out of the way of 3 and 4, which the browser wants."""
    moved = fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(number)
    return moved
