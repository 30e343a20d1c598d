"""A passkey: added in a real browser with an authenticator of its own, and then enough to sign in."""

import pytest
from tests.browser.conftest import sign_in

from dijkwacht.portal.demo.accounts import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ANALYST = "analyst@centre.example"  # no other test signs in as this person by password alone
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_person_adds_a_passkey_and_signs_in_with_it_alone(system, chromium):
    site = system.address.replace("127.0.0.1", "localhost")  # a passkey belongs to a name, not to an address
    context = chromium.new_context(base_url=site, locale="en")
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    sign_in(page, ANALYST)
    page.goto("/account/2fa/webauthn/add/")
    if "reauthenticate" in page.url:
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/webauthn/add/**")
    page.fill("[name=name]", "My key")
    if page.locator("[name=passwordless]").count():
        page.check("[name=passwordless]")
    page.click("main form button")
    page.wait_for_url(lambda address: "/webauthn/add" not in address)
    page.goto("/account/2fa/webauthn/")
    assert "My key" in page.inner_text("main")

    context.clear_cookies()
    page.goto("/account/login/")
    page.click("#passkey_login")
    page.wait_for_url("**/day")

    page.goto("/account/2fa/webauthn/")
    page.click("main a[href*='/remove/']")
    if "reauthenticate" in page.url:
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/remove/**")
    page.click("main form button")
    page.wait_for_url("**/account/2fa/webauthn/")
    assert "My key" not in page.inner_text("main")
    context.close()
