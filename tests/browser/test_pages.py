"""Every page, in both languages and on a wide and a narrow screen: no barrier, no complaint, no scroll sideways."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.browser.pages import NO_PAGE, OFFICER, PAGES, named_addresses

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AXE = Axe()
WIDTHS = (1280, 360)
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FAILED_LOAD = "Failed to load resource"


def test_every_address_is_a_case_here_or_has_a_reason_not_to_be():
    known = PAGES.keys() | NO_PAGE.keys()
    assert sorted(set(named_addresses()) ^ known) == []


@pytest.fixture(scope="module")
def something_everywhere(visitors):
    """A campaign and a proposal, so that their pages have something to show."""
    page = visitors.visit(OFFICER, "en")
    page.goto("/campaigns")
    page.fill("[name=title]", "Leaking ports")
    page.fill("[name=source]", "A researcher")
    page.set_input_files("[name=file]", {"name": "list.txt", "mimeType": "text/plain", "buffer": b"198.18.1.7\n"})
    page.select_option("[name=feed]", "list-ip")
    page.fill("[name=text_nl]", "Deze poort staat open.")
    page.fill("[name=text_en]", "This port is open.")
    page.click("main form button.primary")
    page.click("button[value=preview]")
    page.goto("/what-if?subject=text&name=kinds%2Fscan-rdp.nl.md")
    page.fill("main form[method=post] [name=reason]", "Clearer words")
    page.click("main form[method=post] button.primary")
    page.click("button[value=try]")
    page.context.close()


def arrive(page, way):
    """Go there; give the status of the page one ends on."""
    answer = page.goto(way.address)
    for link in filter(None, way.link.split(" | ")):
        with page.expect_navigation() as arrived:
            page.click(link)
        answer = arrived.value
    page.wait_for_load_state("networkidle")
    return answer.status


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_has_no_barrier_no_complaint_and_fits(something_everywhere, visitors, name, language):
    way = PAGES[name]
    page = visitors.at_home(way.who, language)
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    assert arrive(page, way) == way.status
    assert page.get_attribute("html", "lang") == language
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(SIDEWAYS) <= 0, f"{name} scrolls sideways at {width}"
        found = AXE.run(page)
        assert not found.response["violations"], found.generate_report()
    complaints = [said for said in page.complaints if way.status == 200 or FAILED_LOAD not in said]
    assert complaints == []
