"""Somebody finds out whether the law applies, in the running system."""

import re

import pytest
from tests.browser.test_stories import focus_on

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_somebody_finds_out_by_keyboard_alone(visitors):
    page = visitors.visit("", "en")
    page.goto("/assess")
    focus_on(page, "[name=est]")
    page.keyboard.press("Space")
    focus_on(page, "[name=serv]")
    page.keyboard.press("Space")
    focus_on(page, "button.primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/assess/activities?**")
    focus_on(page, "[name=find]")
    page.keyboard.type("IT company")
    page.keyboard.press("Enter")
    page.wait_for_url("**go=search**")
    focus_on(page, "[value='1.9-msp']")
    page.keyboard.press("Space")
    focus_on(page, "button.primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/assess/details?**")
    focus_on(page, "[name=dec]")
    page.keyboard.press("Space")
    focus_on(page, "button.primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/assess/size?**")
    focus_on(page, "[name=staff]")
    page.keyboard.type("60")
    page.keyboard.press("Tab")
    page.keyboard.type("12 mln")
    page.keyboard.press("Tab")
    page.keyboard.type("11 mln")
    page.keyboard.press("Enter")
    page.wait_for_url("**/assess/decisions?**")
    focus_on(page, "button.primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/assess/result?**")
    assert "is an important entity" in page.inner_text(".verdict")
    assert page.complaints == []
    page.context.close()


def test_without_javascript_and_cookies_somebody_goes_back_and_changes_an_answer(visitors):
    context = visitors.chromium.new_context(base_url=visitors.system.address, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto("/assess")
    page.check("[name=est][value=nl]")
    page.check("[name=serv][value=nl]")
    page.click("button[value=next]")
    page.fill("[name=find]", "bakery")
    page.click("button[value=search]")
    assert "craft bakery" in page.inner_text("main")
    page.check("[name=none]")
    page.click("button[value=next] >> nth=0")
    page.click("button[value=next]")
    assert "does not apply" in page.inner_text(".verdict")
    page.go_back()
    page.go_back()
    page.uncheck("[name=none]")
    page.check("[value='2.4-food']")
    page.click("button[value=next] >> nth=0")
    page.fill("[name=staff]", "80")
    page.fill("[name=balance]", "1 mln")
    page.click("button[value=next]")
    page.click("button[value=next]")
    assert "is an important entity" in page.inner_text(".verdict")
    link = page.get_attribute("dl.facts dd a[href*='on=']", "href")
    context.clear_cookies()
    page.goto(link)
    assert "is an important entity" in page.inner_text(".verdict")
    context.close()


def test_the_answer_prints_without_what_is_only_for_the_screen(visitors):
    page = visitors.visit("", "en")
    page.goto("/assess/result?est=nl&serv=nl&t=1.9-msp&dec=nl&staff=600")
    assert page.locator(".actions").first.is_visible()
    page.emulate_media(media="print")
    assert not page.locator(".actions").first.is_visible()
    assert page.locator(".verdict").is_visible()
    after = page.evaluate("getComputedStyle(document.querySelector('a[rel=external]'), '::after').content")
    assert re.search("wetten.overheid.nl", after) or "attr" in after
    page.context.close()
