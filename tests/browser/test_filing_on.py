"""Pages one comes to by what was done before: files with a draft, the link of a mail, reports under a law."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from tests.browser.pages import ADMINISTRATOR, MEMBER, OFFICER
from tests.browser.test_pages import AXE, SIDEWAYS, WIDTHS

pytestmark = [pytest.mark.browser, pytest.mark.slow]
RECEIVER = "Bakkerij De Korst"  # of the demo; any organisation of the register can be one
LOG = {"name": "log.txt", "mimeType": "text/plain", "buffer": b"<script>alert(1)</script>"}
BREACH = {
    "data_nature": "Read by somebody",
    "data_categories": "Names and addresses",
    "data_consequences": "Phishing",
    "data_measures": "Told them",
    "dpo_contact": "fg@dekorst.example",
}


def sound(page, name):
    """No barrier, in no width, and nothing that scrolls sideways."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(SIDEWAYS) <= 0, f"{name} scrolls sideways at {width}"
        found = AXE.run(page)
        assert not found.response["violations"], found.generate_report()


def fill(page, title):
    began = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    page.fill("[name=title]", title)
    page.fill("[name=occurrence]", began)
    page.select_option("[name=suspected_malicious]", "yes")
    page.select_option("[name=cross_border]", "no")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_files_are_added_to_a_draft_and_taken_out_without_javascript(visitors, language):
    page = visitors.visit(ADMINISTRATOR, language, java_script_enabled=False)
    page.goto("/report")
    page.click("main button[name=organisation]")
    fill(page, "With files")
    for name in ("log.txt", "a very long name of a file that somebody made " * 3 + ".txt"):
        page.set_input_files("[name=file]", LOG | {"name": name, "buffer": name.encode()})
        page.click("button[value=enclose]")
    assert page.input_value("[name=title]") == "With files"
    address = page.url
    looking = visitors.visit(ADMINISTRATOR, language)
    looking.goto(address)
    sound(looking, "a draft with files")
    page.press("[name=title]", "Enter")  # goes on, as ever; it takes no file out
    page.wait_for_url("**/check")
    assert page.inner_text("main").count(".txt") == 2
    page.go_back()
    page.click("button[value^='take-out:'] >> nth=1")
    page.click("main button[value=next]")
    assert "log.txt" in page.inner_text("main")
    page.click("main form button.primary")
    page.wait_for_url(re.compile(r"/report/[0-9a-f-]{36}$"))
    assert "log.txt" in page.inner_text("main")
    looking.goto(page.url)
    sound(looking, "an incident with a file")
    looking.context.close()
    page.context.close()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_somebody_without_account_goes_on_by_the_link_of_the_mail(visitors, language):
    page = visitors.visit("", language)
    page.goto("/report/without-account")
    title = f"The saw does not run ({language})"
    fill(page, title)
    page.fill("[name=contact_name]", "Lars")
    page.fill("[name=contact_email]", f"lars-{language}@ladder.example")
    page.fill("[name=contact_phone]", "+31 20 623 0101")
    page.set_input_files("[name=files]", [LOG, LOG | {"name": "b.txt", "buffer": b"b"}])
    page.click("main form button.primary")
    assert "SHA-256" in page.inner_text("main")
    sound(page, "sent")
    page.goto(mailed(visitors, f"lars-{language}@ladder.example"))
    sound(page, "reporting:follow, not confirmed")
    page.click("button[value=verify]")
    sound(page, "reporting:follow")
    assert "log.txt" in page.inner_text("main")
    page.click("main a[href*='stage=notification']")
    sound(page, "reporting:follow-stage")
    assert page.input_value("[name=title]") == title
    page.context.close()


def mailed(visitors, address):
    """The link in the mail that went to an address."""
    officer = visitors.at_home(OFFICER, "nl")
    visitors.system.wait_for("the mail", lambda: _arrived(officer, address))
    officer.click(f"tbody tr:has-text('{address}') a >> nth=0")
    return officer.get_attribute("main a[href*='/report/follow/']", "href")


def _arrived(officer, address):
    officer.goto("/outbox/mailbox")
    return officer.locator(f"tbody tr:has-text('{address}')").count() > 0


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_receiver_of_a_law_reads_its_report_and_acknowledges_it(visitors, language):
    officer = visitors.at_home(OFFICER, language)
    officer.goto("/incidents/receivers")
    if RECEIVER not in officer.inner_text("main table"):
        for regime, ground in (("avg", "AVG 33(1)"), ("cra:enisa", "CRA 14(7)")):
            officer.select_option("[name=regime]", regime)
            officer.fill("[name=organisation]", RECEIVER)
            officer.fill("[name=ground]", ground)
            officer.click("main form button.primary")
    assert "CRA 14(7)" in officer.inner_text("main")
    sound(officer, "reporting:receivers")
    reporter = visitors.visit(ADMINISTRATOR, language, java_script_enabled=False)
    reporter.goto("/report")
    reporter.click("main button[name=organisation]")
    fill(reporter, "A list of citizens was read")
    for group in reporter.locator("main details").all():
        if group.get_attribute("open") is None:
            group.locator("summary").click()
    for name, value in {"personal_data_breach": "yes", "personal_data_risk": "risk", "data_role": "controller"}.items():
        reporter.select_option(f"[name={name}]", value)
    for name, value in BREACH.items():
        reporter.fill(f"[name={name}]", value)
    reporter.click("main button[value=next]")
    reporter.click("main form button.primary")
    page = visitors.at_home(MEMBER, language)
    page.goto("/report/for-us")
    assert page.locator("tbody a").count() > 0
    sound(page, "reporting:for-us")
    page.click("tbody a >> nth=0")
    assert "Names and addresses" in page.inner_text("main")
    sound(page, "reporting:for-us-one")
    page.click("main form button.primary")
    page.goto("/report/for-us")
    sound(page, "reporting:for-us, acknowledged")
    reporter.context.close()
