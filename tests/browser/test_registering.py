"""A whole registration in a real browser: without JavaScript by an applicant, and what JavaScript adds while typing."""

import json
import re

import pytest
from playwright.sync_api import expect
from tests.browser.pages import OFFICER

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NEWCOMER = "noc@zeedijk.example"
QUERY = "est=nl&serv=nl&t=1.8-dc&dec=nl&staff=400&turnover=80000000&balance=60000000"


def go_on(page):
    page.click("main form#step button[value=next]")


def fill(page):
    page.fill("[name=kvk]", "90000104")
    page.fill("[name=name]", "Tweede Rekencentrum Zeedijk")
    go_on(page)
    page.wait_for_url("**/register/entity")
    assert page.is_checked("[name=entity_types][value='1.8-dc']")
    assert page.input_value("[name=declaration]") == "essential"
    go_on(page)
    page.fill("[name=security_email]", "noc@zeedijk.example")
    page.fill("[name=security_phone]", "020 623 0101")
    go_on(page)
    page.fill("[name=main_street]", "Kabelkade 9")
    page.fill("[name=main_city]", "Zeedijk")
    page.fill("[name=emails]", "info@zeedijk.example")
    page.fill("[name=phones]", "020 623 0100")
    go_on(page)
    page.set_input_files(
        "[name=file]",
        {"name": "list.csv", "mimeType": "text/csv", "buffer": b"kind;value\ndomain;tweede.example\n"},
    )
    page.click("button[value=read]")
    assert "tweede.example" in page.inner_text("tbody")
    go_on(page)
    page.check("[name=member_states][value=NL]")
    go_on(page)


def test_somebody_registers_without_javascript_and_an_officer_lets_the_organisation_in(visitors):
    page = visitors.visit(NEWCOMER, "en", java_script_enabled=False)
    page.goto(f"/register?{QUERY}")
    page.click("main form button.primary")
    page.fill("[name=kvk]", "")
    page.fill("[name=name]", "")
    go_on(page)
    assert "at least one number" in page.inner_text("[role=alert]")
    page.click("[role=alert] a[href='#id_kvk']")
    assert page.url.endswith("#id_kvk")
    fill(page)
    page.wait_for_url("**/register/check")
    assert "tweede.example" in page.inner_text("main")
    page.check("[name=true]")
    page.click("main form button.primary")
    assert "An officer looks at it" in page.inner_text("main")
    with page.expect_download() as receipt:
        page.click("a[href$='receipt.json']")
    text = receipt.value.path().read_text()
    assert json.loads(text)["receipt"]["organisation"]["name"] == "Tweede Rekencentrum Zeedijk"
    with page.expect_download() as paper:
        page.click("a[href$='receipt.pdf']")
    assert paper.value.path().read_bytes().startswith(b"%PDF-")
    number = page.url.rpartition("/")[2]
    page.goto("/receipt")
    page.fill("[name=receipt]", text)
    page.click("main form button.primary")
    assert "This receipt is ours" in page.inner_text("main")
    page.context.close()
    desk = visitors.visit(OFFICER, "en")
    desk.goto(f"/registrations/{number}")
    assert "no broker proved a number" in desk.inner_text("main")
    desk.fill("[name=reason]", "Called them back")
    desk.click("button[value=approve]")
    desk.wait_for_url(re.compile("/registrations$"))
    desk.goto("/registry/organisations?words=Tweede")
    assert "Tweede Rekencentrum Zeedijk" in desk.inner_text("tbody")
    desk.context.close()


def test_while_typing_a_field_is_checked_and_the_page_is_kept(visitors):
    page = visitors.visit("directie@nieuweland.example", "en")
    page.goto("/register")
    page.click("main form button.primary")
    page.wait_for_url("**/register/organisation")
    page.fill("[name=rsin]", "123456789")
    page.press("[name=rsin]", "Tab")
    expect(page.locator("#id_rsin_problem")).to_contain_text("check digit")
    page.fill("[name=name]", "Kept while typing")
    expect(page.locator("#kept")).not_to_be_empty()
    page.goto("/register/organisation")
    assert page.input_value("[name=name]") == "Kept while typing"
    assert page.complaints == []
    page.context.close()
