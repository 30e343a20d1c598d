"""An early warning at three in the morning: counted in pages and keystrokes, without JavaScript; and kept with it."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from tests.browser.pages import ADMINISTRATOR, OFFICER

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TITLE = "Pompen reageren niet"
MOST_PAGES, MOST_KEYS = 4, 60  # a trained hand makes 60 strokes and reads 4 pages well within three minutes


class Hand:
    """Somebody at the keyboard, who counts."""

    def __init__(self, page):
        self.page, self.keys, self.pages = page, 0, 0
        page.on("framenavigated", lambda _frame: self._turned())

    def _turned(self):
        self.pages += 1

    def type(self, name, text):
        self.page.fill(f"[name={name}]", text)
        self.keys += len(text)

    def choose(self, name, value):
        self.page.select_option(f"[name={name}]", value)
        self.keys += 2  # Tab to it, and its first letter

    def press(self, selector):
        self.page.click(selector)
        self.keys += 1


def test_an_early_warning_takes_four_pages_and_sixty_keystrokes_without_javascript(visitors, tmp_path):
    page = visitors.visit(ADMINISTRATOR, "nl", java_script_enabled=False)
    hand = Hand(page)
    page.goto("/report")
    hand.press("main button[name=organisation]")
    page.wait_for_url("**/report/draft/*")
    expect(page.locator("main button[value=enter]")).to_be_hidden()  # what Enter presses; the same one stands below
    began = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    hand.type("title", TITLE)
    hand.type("occurrence", began)
    hand.choose("suspected_malicious", "unknown")
    hand.choose("cross_border", "no")
    hand.press("main button[value=next]")
    page.wait_for_url("**/check")
    assert TITLE in page.inner_text("main")
    hand.press("main form button.primary")
    page.wait_for_url(re.compile(r"/report/[0-9a-f-]{36}$"))
    assert hand.pages <= MOST_PAGES + 1  # the last one is the receipt
    assert hand.keys <= MOST_KEYS
    with page.expect_download() as receipt:
        page.click("main a[href*='/report/receipts/']")
    body = json.loads(receipt.value.path().read_text())["receipt"]
    assert body["number"] in page.inner_text("main")
    desk = visitors.visit(OFFICER, "nl")
    desk.goto("/incidents")
    desk.click(f"tbody a:has-text('{TITLE}') >> nth=0")
    desk.fill("[name=text]", "Wij kijken mee.")
    desk.click("form[action$='/message'] button")
    page.reload()
    assert "Wij kijken mee." in page.inner_text("main")
    desk.context.close()
    page.context.close()


def test_what_one_types_is_kept_while_one_types(visitors):
    page = visitors.visit(ADMINISTRATOR, "nl")
    page.goto("/report")
    page.click("main button[name=organisation]")
    page.wait_for_url("**/report/draft/*")
    page.locator("[name=title]").press_sequentially("Half een zin")
    expect(page.locator("#kept")).to_have_text("Bewaard.", timeout=15_000)
    page.reload()
    assert page.input_value("[name=title]") == "Half een zin"
    page.click("main form[action$='/discard'] button")
    page.wait_for_url("**/report")
    assert page.complaints == []
    page.context.close()
