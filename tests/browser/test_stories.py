"""What people come to do, from begin to end, in the running system."""

import re
from datetime import UTC, datetime

import pytest
from tests.browser.conftest import PASSWORD, sign_in
from tests.browser.pages import ADMINISTRATOR, MEMBER, OFFICER, RELAY

from dijkwacht.feeds.generate import write_report

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HOST = "story.waterkant.example"
AT_MOST = 80  # presses of the tab key before we call a page unreachable


def focus_on(page, selector):
    """Press tab until the focus is on the element; fail when it cannot be reached or seen."""
    for _ in range(AT_MOST):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            shown = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert shown != "none", f"the focus on {selector} cannot be seen"
            return
    pytest.fail(f"{selector} cannot be reached by keyboard on {page.url}")


def test_a_person_goes_from_sign_in_to_answer_by_keyboard_alone(visitors):
    page = visitors.visit("", "en")
    page.goto("/account/login/")
    focus_on(page, "[name=login]")
    page.keyboard.type(MEMBER)
    focus_on(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/home/*")
    focus_on(page, "tbody a")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/mine/findings/"))
    focus_on(page, "[name=answer]")
    page.keyboard.press("ArrowDown")  # from "it is fixed" to "we are working on it"
    focus_on(page, ".answer button")
    page.keyboard.press("Enter")
    page.wait_for_selector(".message.success")
    assert page.inner_text("p.lead .state") == "being worked on"
    page.context.close()


def test_without_javascript_lists_filter_and_forms_answer(visitors):
    page = visitors.visit(ADMINISTRATOR, "en", java_script_enabled=False)
    page.goto("/mine/findings")
    before = page.locator("tbody tr").count()
    page.select_option("[name=severity]", "4")
    page.click("form.filters button")
    after = page.locator("tbody tr").count()
    assert 0 < after < before
    page.click("tbody a >> nth=0")
    page.check("[value=working]")
    page.click(".answer button")
    assert "being worked on" in page.inner_text("p.lead")
    page.click("summary >> nth=0")  # the menu of the account opens by itself
    page.click("text=Sign out")
    page.click("main form button")
    page.goto("/mine/findings")
    assert "/account/login" in page.url
    page.context.close()
    visitors.states.pop(ADMINISTRATOR)


def test_figures_stand_in_tables_when_there_is_no_javascript(visitors):
    page = visitors.visit(OFFICER, "en", java_script_enabled=False)
    page.goto("/figures")
    assert page.locator(".chart:visible").count() == 0
    assert page.locator("table").count() >= 2
    page.context.close()


def test_a_chart_is_drawn_above_its_table_under_the_content_security_policy(visitors):
    page = visitors.visit(OFFICER, "en")
    page.goto("/figures")
    page.wait_for_selector(".chart svg")
    assert page.locator(".chart svg path").count() > 0
    assert page.complaints == []
    page.context.close()


def test_a_relay_sees_its_members_and_no_other(visitors):
    page = visitors.visit(RELAY, "en")
    page.goto("/")
    assert "/home/" in page.url
    members = set(page.locator("table").first.locator("tbody th").all_inner_texts())
    page.goto("/members")
    names = set(page.locator("tbody td:nth-child(3) a").all_inner_texts())
    assert names
    assert names <= members
    page.context.close()


def test_a_link_to_somebody_elses_finding_leads_nowhere(visitors):
    officer = visitors.visit(OFFICER, "en")
    officer.goto("/findings?organisation=Waterkant")
    address = officer.get_attribute("tbody a >> nth=0", "href")
    officer.context.close()
    page = visitors.visit(MEMBER, "en")
    for other in (address, f"/mine{address}"):
        assert page.goto(other).status in {403, 404}
        assert "Waterkant" not in page.content()
    page.context.close()


def test_a_form_that_is_too_old_says_so(visitors):
    page = visitors.visit(MEMBER, "nl")
    page.goto("/mine/findings")
    page.click("tbody a >> nth=0")
    page.context.clear_cookies(name="csrftoken")
    page.check("[value=working]")
    with page.expect_navigation() as arrived:
        page.click(".answer button")
    assert arrived.value.status == 403
    assert page.inner_text("h1") == "Dit formulier is te oud"
    page.context.close()


def test_from_a_report_to_a_finding_a_mail_and_an_answer(system, visitors, tmp_path):
    """An officer hands a report in; the organisation reads, gets mail, answers; the centre sees it."""
    today = datetime.now(UTC).date()
    report = tmp_path / f"{today.isoformat()}-scan_exchange-netherlands.csv"
    write_report(report, "scan_exchange", 1, seed=77, addresses=["198.18.1.77/32"], hosts=[HOST], day=today)

    officer = visitors.visit(OFFICER, "en")
    officer.goto("/batches")
    officer.set_input_files("[name=file]", report)
    officer.click("main form button")
    officer.wait_for_url(re.compile("/batches/"))
    officer.wait_for_selector("#progress:not([data-refresh])", timeout=90_000)  # the page renews itself
    assert "finished" in officer.inner_text("#progress")

    person = visitors.visit("", "en")
    sign_in(person, ADMINISTRATOR)
    person.goto(f"/mine/findings?text={HOST}")
    person.click("tbody a >> nth=0")
    assert "open" in person.inner_text("p.lead")
    assert person.inner_text("section:has(#why) .quote")
    assert person.locator("section:has(#do) li").count() > 0

    system.wait_for("the mail", lambda: HOST in mails(officer), seconds=90)
    link = re.search(r"http://127\.0\.0\.1:\d+/f/[\w~-]+\?answer=fixed", mails(officer))[0]
    anybody = visitors.visit("", "en")
    anybody.goto(link)
    person.reload()
    assert "open" in person.inner_text("p.lead"), "opening the link must change nothing"
    assert anybody.is_checked("[value=fixed]")
    anybody.click("main button[type=submit]")
    assert "Thank you" in anybody.inner_text("h1")

    officer.goto(f"/findings?text={HOST}")
    assert officer.inner_text("tbody tr td:nth-child(5)") == "resolved"
    officer.click("tbody a >> nth=0")
    assert "it is fixed" in officer.inner_text("table:last-of-type")
    for page in (officer, person, anybody):
        page.context.close()


def mails(page):
    """The text of the newest mails in the demo mailbox."""
    page.goto("/outbox/mailbox")
    rows = page.locator("tbody tr").filter(has_text="waterkant.example")
    addresses = [rows.nth(number).locator("a").get_attribute("href") for number in range(min(rows.count(), 4))]
    texts = []
    for address in addresses:
        page.goto(address)
        texts.append(page.inner_text("main"))
    return next((text for text in texts if HOST in text), "")
