"""Whoever is sent away by a web server that is too busy: the page in a real browser, and the same form sent again."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.ports import free_port

pytestmark = [pytest.mark.browser, pytest.mark.slow]
GUEST = "/report/without-account"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SAID = {"nl": ("Het is erg druk", "Opnieuw versturen"), "en": ("It is very busy", "Send again")}


@pytest.fixture(scope="module")
def crowded(system):
    """The address of a web server of the same system that takes nobody in."""
    port = free_port()
    full = {"DIJKWACHT_WEB_AT_ONCE": "0", "DIJKWACHT_WEB_WAITING": "0", "DIJKWACHT_DUTY_PHONE": "+31 70 000 0000"}
    with (system.home / "crowded.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "dijkwacht", "web", "--port", str(port)],
            env=system.environment | full | {"DIJKWACHT_REPORTS_MAIL": "reports@centre.example"},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        system.wait_for("the crowded server", lambda: healthy(address))
        yield address
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def healthy(address):
    with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:  # noqa: S310 - our own address
        return answer.status == 200


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_form_that_was_sent_away_is_given_back_and_filed(visitors, crowded, language):
    page = visitors.visit("", language, java_script_enabled=True)
    title, again = SAID[language]
    page.goto(GUEST)
    fill(page, language)

    def turned_away(route):
        answer = route.fetch(url=f"{crowded}{GUEST}") if route.request.method == "POST" else None
        route.fulfill(response=answer) if answer else route.continue_()

    page.route(f"**{GUEST}", turned_away)
    page.click("main form button.primary")
    assert page.inner_text("h1") == title
    assert page.get_attribute("html", "lang") == language
    assert "+31 70 000 0000" in page.inner_text("main")
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(SIDEWAYS) <= 0
        found = Axe().run(page)
        assert not found.response["violations"], found.generate_report()
    with page.expect_download() as form:
        page.click("main a[href='/report/offline-form']")
    assert form.value.suggested_filename == "incident-report.html"
    if folder := os.environ.get("DIJKWACHT_TEST_PICTURES"):
        page.screenshot(path=f"{folder}/crowded-{language}.png")
    page.unroute(f"**{GUEST}")
    page.click(f"main button:has-text('{again}')")
    assert re.search(r"DW-[0-9A-Z-]{19}", page.inner_text("main"))
    page.context.close()


def fill(page, language):
    began = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    page.fill("[name=title]", f"Pumps {language}")
    page.fill("[name=occurrence]", began)
    page.select_option("[name=suspected_malicious]", "unknown")
    page.select_option("[name=cross_border]", "no")
    page.fill("[name=contact_name]", "Nora")
    page.fill("[name=contact_email]", f"nora-{language}@nieuweland.example")
    page.fill("[name=contact_phone]", "+31 20 623 0101")
