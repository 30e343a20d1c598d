"""The running system, with its demo, and a real Chromium that looks at it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from tests.ports import free_port

from dijkwacht.portal.demo.accounts import PASSWORD

REPOSITORY = Path(__file__).parents[2]
CHROMIUM = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DEMO_REPORTS = 9


@dataclass
class System:
    """The system under its own home; `command` runs one of its commands."""

    home: Path
    address: str
    environment: dict[str, str]

    def command(self, *arguments):
        return subprocess.run(
            [sys.executable, "-m", "dijkwacht", *arguments],
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def metric(self, name):
        with urllib.request.urlopen(f"{self.address}/metrics", timeout=30) as answer:  # noqa: S310 - our own address
            found = re.search(rf"^dijkwacht_{re.escape(name)} (\S+)$", answer.read().decode(), re.MULTILINE)
        return float(found[1]) if found else 0.0

    def wait_for(self, said, check, seconds=180):
        """Wait until `check()` holds; a system that is not up yet is waited for too."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                if check():
                    return
            except OSError:
                pass
            time.sleep(0.25)
        log = (self.home / "system.log").read_text()[-3000:]
        pytest.fail(f"{said} did not happen in {seconds} s:\n{log}")


def merge_registers(system):
    """Two registers that share an organisation, and hold one of its group that a person must look at."""
    header = "name,kvk,street,postcode,website"
    bakery = "Zilverbakker Brood B.V.,41234567,Dorpsstraat 12,1234 AB,zilverbakker.example"
    holding = "Zilverbakker Brood Holding B.V.,,Dorpsstraat 12,1234 AB,zilverbakker.example"
    rows = {"dtc.csv": [header, bakery], "ncsc.csv": [header, bakery, holding]}
    for name, lines in rows.items():
        (system.home / name).write_text("\n".join(lines))
    (system.home / "mapping.toml").write_text(
        "[columns]\n" + "\n".join(f'{one} = "{one}"' for one in header.split(","))
    )
    files = [str(system.home / name) for name in rows]
    system.command("registry", "merge", *files, "--mapping", str(system.home / "mapping.toml"), "--apply")


@pytest.fixture(scope="session")
def system():
    """`dijkwacht up` with demo data, ready when its reports are read and its mails are sent.

    While writing tests, DIJKWACHT_TEST_SYSTEM may name the address of a demo that runs already.
    """
    if running := os.environ.get("DIJKWACHT_TEST_SYSTEM"):
        yield System(Path(), running, {})
        return
    # Not a folder of pytest's: the database runs as another user, and each start of pytest closes its own to others.
    folder = tempfile.TemporaryDirectory(prefix="dijkwacht-browser-", ignore_cleanup_errors=True)
    home = Path(folder.name)
    assets = REPOSITORY / "var" / "assets"
    if not assets.is_dir():
        pytest.fail("The front-end packages are missing: run `make setup` first.")
    shutil.copytree(assets, home / "assets")
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DIJKWACHT", "DATABASE"))}
    environment |= {
        "DIJKWACHT_NODE_MODULES": os.environ["DIJKWACHT_NODE_MODULES"],  # the second validator of CSAF documents
        "DIJKWACHT_HOME": str(home),
        "DIJKWACHT_DEMO": "1",
        "DIJKWACHT_BASE_URL": f"http://127.0.0.1:{port}",
        "DIJKWACHT_MAILBOX_PORT": str(free_port()),
        "DIJKWACHT_PHISHING_PORT": str(free_port()),
        "DJANGO_SETTINGS_MODULE": "dijkwacht.settings",
    }
    found = System(home, f"http://127.0.0.1:{port}", environment)
    with (home / "system.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "dijkwacht", "up", "--port", str(port)],
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        found.wait_for("the demo", lambda: found.metric('batches{state="done"}') >= DEMO_REPORTS)
        found.wait_for("sending", lambda: found.metric("outbox_oldest_seconds") == 0)
        merge_registers(found)
        yield found
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        folder.cleanup()


# Playwright keeps an event loop in our thread, which other tests trip over: it ends with each module of browser tests.
@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        path = os.environ.get("DIJKWACHT_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM))
        yield browser
        browser.close()


@dataclass
class Visitors:
    """Contexts of people who are signed in; each signs in once."""

    system: System
    chromium: object
    states: dict[str, dict[str, object]] = field(default_factory=dict)
    pages: dict[tuple[str, str], object] = field(default_factory=dict)

    def at_home(self, who, language):
        """The page that somebody keeps open in a language, without what it complained about before."""
        page = self.pages.get((who, language)) or self.visit(who, language)
        self.pages[who, language] = page
        page.complaints.clear()
        return page

    def visit(self, who, language="nl", **options):
        """A new page of somebody, in a language, that keeps what the browser complains about in `page.complaints`."""
        context = self.chromium.new_context(
            storage_state=self.state(who), base_url=self.system.address, locale="nl-NL", **options
        )
        context.add_cookies([{"name": "django_language", "value": language, "url": self.system.address}])
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    def state(self, who):
        if not who:
            return None
        if who not in self.states:
            context = self.chromium.new_context(base_url=self.system.address)
            page = context.new_page()
            sign_in(page, who)
            self.states[who] = context.storage_state()
            context.close()
        return self.states[who]


def sign_in(page, who):
    page.goto("/account/login/")
    page.fill("[name=login]", who)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda address: "/account/login" not in address)


@pytest.fixture(scope="module")
def visitors(system, chromium):
    return Visitors(system, chromium)
