"""The pages of the phishing list that need an entry or an appeal; and the warning page itself."""

import json
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.browser.pages import OFFICER
from tests.browser.test_pages import SIDEWAYS, WIDTHS

from dijkwacht.rooms.phishing.warning.page import Shown, page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AXE = Axe()
NAME = "inloggen-bij-een-bank-die-niet-bestaat.met-een-lange-naam.example"
REASON = "De naam lijkt op die van een bank, en de pagina vraagt om een wachtwoord."


def fits(found):
    for width in WIDTHS:
        found.set_viewport_size({"width": width, "height": 900})
        assert found.evaluate(SIDEWAYS) <= 0, f"{found.url} scrolls sideways at {width}"
        told = AXE.run(found)
        assert not told.response["violations"], told.generate_report()


@pytest.fixture(scope="module")
def entry(system):
    return json.loads(system.command("phishing", "block", NAME, "--reason", REASON, "--json"))["id"]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_appeal_goes_from_the_warning_to_the_desk(visitors, entry, language):
    owner = visitors.visit("", language)
    owner.goto(f"/phishing/appeal/{entry}")
    fits(owner)
    owner.fill("[name=text]", "Dit is onze eigen site. " * 5)
    owner.click("main button.primary")
    fits(owner)
    ticket = owner.inner_text("main dd code")
    owner.goto("/phishing/appeal")
    owner.fill("[name=ticket]", ticket)
    owner.click("main button.primary")
    fits(owner)
    assert NAME in owner.inner_text("main")
    desk = visitors.at_home(OFFICER, language)
    for address in (f"/phishing/entries/{entry}", "/phishing/entries", "/phishing/appeals"):
        desk.goto(address)
        assert NAME in desk.inner_text("main")
        fits(desk)
    desk.click("tbody a >> nth=0")
    desk.wait_for_url("**/phishing/appeals/*")
    assert "onze eigen site" in desk.inner_text("main")
    fits(desk)
    owner.context.close()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_whole_domain_is_proposed_after_its_radius_was_shown_and_taken_back(visitors, language):
    desk = visitors.at_home(OFFICER, language)
    desk.goto("/phishing/entries")
    desk.fill("#name", "een-heel-domein-dat-niet-bestaat.example")
    desk.select_option("#what", "domain")
    desk.click("form[action$='/entries/block'] button")
    fits(desk)
    desk.fill("#reason", REASON)
    desk.click("form[action$='/entries/block'] button.primary")
    desk.wait_for_url("**/phishing/proposals/*")
    fits(desk)
    assert desk.locator("button[value=yes]").count() == 0
    desk.fill("#reason", "toch niet")
    desk.click("button[value=no]")
    desk.wait_for_load_state()
    assert desk.locator("main form").count() == 0
    fits(desk)


def test_an_analyst_decides_by_single_keys_and_enter_in_a_reason_warns_for_nothing(visitors):
    desk = visitors.at_home(OFFICER, "en")
    desk.goto("/phishing/queue")
    desk.click("tbody a:has-text('Uw pakket wacht')")
    desk.wait_for_url("**/phishing/campaigns/*")
    before = desk.locator("main a[href*='/decisions/']").count()
    desk.keyboard.press("p")
    desk.check("[data-switch] input")
    desk.keyboard.press("r")
    desk.keyboard.type("Looks odd, certainly")
    desk.keyboard.press("Enter")
    desk.wait_for_timeout(500)
    assert desk.input_value("[name=reason]") == "Looks odd, certainly"
    assert desk.locator("main a[href*='/decisions/']").count() == before
    desk.keyboard.press("Escape")
    desk.keyboard.press("c")
    desk.wait_for_selector(".message.success")


def test_the_warning_page_has_no_barrier_and_fits(visitors):
    shown = Shown(
        NAME, "PostNL", datetime.now(UTC), [(REASON, "The name looks like that of a bank.")], "https://a.example/"
    )
    found = visitors.visit("", "nl")
    for content in (
        page(shown, centre="Dijkwacht", home="https://a.example"),
        page(None, centre="Dijkwacht", home="https://a.example"),
        page(None, centre="Dijkwacht", home="https://a.example", sure=False),
    ):
        found.set_content(content.decode())
        fits(found)
    found.context.close()
