"""Every page there is, found in the URL resolver, and how a visitor comes there."""

from typing import NamedTuple

from django.urls import URLPattern, get_resolver

OFFICER, AUDITOR, ADMIN = "officer@centre.example", "auditor@centre.example", "admin@centre.example"
ADMINISTRATOR, MEMBER, RELAY = "ciso@waterkant.example", "info@dekorst.example", "soc@zwaakt.example"
NEWCOMER = "noc@zeedijk.example"


class Way(NamedTuple):
    """Who goes to an address, and which link is then followed, if any. `status`: what the page answers."""

    who: str
    address: str
    link: str = ""
    status: int = 200


PAGES = {
    "home": Way("", "/"),
    "about": Way("", "/about"),
    "api-reference": Way("", "/about/api"),
    "assessment:start": Way("", "/assess"),
    "assessment:activities": Way("", "/assess/activities?est=nl&serv=nl&find=bakery&go=search"),
    "assessment:details": Way("", "/assess/details?est=nl&serv=nl&t=1.9-msp&t=1.1a-producer&dec=outside&go=next"),
    "assessment:size": Way(
        "", "/assess/size?est=nl&serv=nl&t=1.5-provider&staff=many&r0.kind=linked&y1.staff=40&go=next"
    ),
    "assessment:decisions": Way("", "/assess/decisions?est=nl&serv=nl&t=X.1-institution&d=dora-entity"),
    "assessment:result": Way("", "/assess/result?est=nl&serv=nl&t=1.5-provider&t=1.9-msp&dec=nl&staff=60"),
    "account_login": Way("", "/account/login/"),
    "account_logout": Way(MEMBER, "/account/logout/"),
    "account_inactive": Way("", "/account/inactive/"),
    "account_reset_password": Way("", "/account/password/reset/"),
    "account_reset_password_done": Way("", "/account/password/reset/done/"),
    "account_reset_password_from_key": Way("", "/account/password/reset/key/0-none/"),
    "account_reset_password_from_key_done": Way("", "/account/password/reset/key/done/"),
    "account_change_password": Way(MEMBER, "/account/password/change/"),
    "account_reauthenticate": Way(MEMBER, "/account/reauthenticate/"),
    "account_tokens": Way(ADMINISTRATOR, "/account/tokens"),
    "account_people": Way(ADMINISTRATOR, "/account/people"),
    "mfa_index": Way(MEMBER, "/account/2fa/"),
    "mfa_activate_totp": Way(MEMBER, "/account/2fa/totp/activate/"),
    "mfa_list_webauthn": Way(MEMBER, "/account/2fa/webauthn/"),
    "mfa_add_webauthn": Way(MEMBER, "/account/2fa/webauthn/add/"),
    "socialaccount_login_cancelled": Way("", "/account/3rdparty/login/cancelled/"),
    "socialaccount_login_error": Way("", "/account/3rdparty/login/error/", status=401),
    "answer-notice": Way(OFFICER, "/outbox/mailbox", "tbody a >> nth=0 | main a[href*='/f/'] >> nth=0"),
    "unsubscribe": Way("", "/f/nothing/unsubscribe", status=404),
    "audit": Way(AUDITOR, "/audit"),
    "outbox:mailbox": Way(OFFICER, "/outbox/mailbox"),
    "outbox:letter": Way(OFFICER, "/outbox/mailbox", "tbody a >> nth=0"),
    "enrolment:start": Way(MEMBER, "/register"),
    "enrolment:account": Way("", "/register/account"),
    **{
        f"enrolment:{step}": Way(MEMBER, f"/register/{step}")
        for step in ("organisation", "entity", "contacts", "reach", "holdings", "services", "check")
    },
    "enrolment:registration": Way(NEWCOMER, "/register", "main li a[href*='/register/']:not([href$=account])"),
    "enrolment:verify": Way("", "/receipt"),
    "enrolment:registrations": Way(OFFICER, "/registrations"),
    "enrolment:decide": Way(OFFICER, "/registrations", "tbody a >> nth=0"),
    "registry:organisations": Way(OFFICER, "/registry/organisations"),
    "registry:new-organisation": Way(OFFICER, "/registry/organisations/new"),
    "registry:organisation": Way(OFFICER, "/registry/organisations", "tbody a >> nth=0"),
    "registry:organisation-history": Way(ADMINISTRATOR, "/registry/mine", "main a[href$='/history']"),
    "registry:reviews": Way(OFFICER, "/registry/reviews"),
    "registry:review": Way(ADMINISTRATOR, "/registry/mine", "main a[href$='/review']"),
    "registry:changes": Way(OFFICER, "/registry/changes"),
    "registry:tell-change": Way(ADMINISTRATOR, "/registry/mine", "main a[href$='/change']"),
    "registry:ask-change": Way(OFFICER, "/registry/organisations", "tbody a >> nth=0 | main a[href$='/ask']"),
    "registry:designations": Way(OFFICER, "/registry/designations"),
    "registry:sectors": Way(RELAY, "/registry/sectors"),
    "registry:numbers": Way(OFFICER, "/registry/numbers"),
    "registry:edit-organisation": Way(OFFICER, "/registry/organisations", "tbody a >> nth=0 | main a[href$='/edit']"),
    "registry:new-contact": Way(ADMINISTRATOR, "/registry/mine", "main a[href$='/contacts/new']"),
    "registry:new-asset": Way(ADMINISTRATOR, "/registry/mine", "main a[href$='/assets/new']"),
    "registry:new-mandate": Way(OFFICER, "/registry/organisations", "tbody a >> nth=0 | main a[href$='/mandates/new']"),
    "registry:mine": Way(ADMINISTRATOR, "/registry/mine"),
    "registry:contact": Way(ADMINISTRATOR, "/registry/mine", "main a[href*='/registry/contacts/'] >> nth=0"),
    "registry:conflicts": Way(OFFICER, "/registry/conflicts"),
    "proof:mine": Way(ADMINISTRATOR, "/proof/mine"),
    "proof:assets": Way(ADMINISTRATOR, "/proof/mine"),
    "proof:asset": Way(ADMINISTRATOR, "/proof/mine", "tbody a:has-text('nieuw-waterkant')"),
    "proof:waiting": Way(OFFICER, "/proof/waiting"),
    "proof:confirm": Way(
        OFFICER,
        "/outbox/mailbox",
        "tbody a:has-text('nieuw-waterkant') >> nth=0 | main a[href*='/proof/confirm/'] >> nth=0",
    ),
    "registry:import": Way(OFFICER, "/registry/import"),
    "linkage:merges": Way(OFFICER, "/merging/"),
    "linkage:hand-in": Way(OFFICER, "/merging/new"),
    "linkage:merge": Way(OFFICER, "/merging/", "tbody a >> nth=0"),
    "linkage:pairs": Way(OFFICER, "/merging/pairs"),
    "linkage:pair": Way(OFFICER, "/merging/pairs", "tbody a >> nth=0"),
    "linkage:organisation": Way(
        OFFICER, "/merging/pairs", "tbody a >> nth=0 | main a[href*='/merging/organisations/'] >> nth=0"
    ),
    "notification:day": Way(OFFICER, "/day"),
    "notification:feeds": Way(OFFICER, "/feeds"),
    "notification:batches": Way(OFFICER, "/batches"),
    "notification:batch": Way(OFFICER, "/batches", "tbody a >> nth=0"),
    "notification:findings": Way(OFFICER, "/findings"),
    "notification:finding": Way(OFFICER, "/findings", "tbody a >> nth=0"),
    "notification:decisions": Way(OFFICER, "/decisions"),
    "notification:decision": Way(OFFICER, "/decisions", "tbody a >> nth=0"),
    "notification:explain": Way(OFFICER, "/law?words=bakker&about=shadowserver/scan-rdp"),
    "notification:notices": Way(OFFICER, "/notices"),
    "notification:answers": Way(OFFICER, "/answers"),
    "notification:campaigns": Way(OFFICER, "/campaigns"),
    "notification:campaign": Way(OFFICER, "/campaigns", "tbody a >> nth=0"),
    "notification:proposals": Way(OFFICER, "/what-if?subject=text&name=kinds%2Fscan-rdp.nl.md"),
    "notification:proposal": Way(OFFICER, "/what-if", "tbody a >> nth=0"),
    "notification:held": Way(OFFICER, "/held"),
    "notification:calls": Way(OFFICER, "/calls"),
    "notification:figures": Way(OFFICER, "/figures"),
    "mine:findings": Way(ADMINISTRATOR, "/mine/findings"),
    "mine:finding": Way(ADMINISTRATOR, "/mine/findings", "tbody a >> nth=0"),
    "mine:notices": Way(ADMINISTRATOR, "/mine/notices"),
    "mine:notice": Way(ADMINISTRATOR, "/mine/notices", "tbody a >> nth=0"),
    "mine:members": Way(RELAY, "/members"),
}
# Addresses that show no page, each with the reason.
NO_PAGE = {
    "healthz": "plain text",
    "readyz": "plain text",
    "metrics": "plain text",
    "security-txt": "plain text",
    "set_language": "only acts",
    "account_token_revoke": "only acts",
    "account_role_revoke": "only acts",
    "account_signup": "closed: by invitation only",
    "account_email": "closed: the address is who somebody is",
    "account_email_verification_sent": "closed: addresses are not confirmed",
    "account_confirm_email": "addresses are not confirmed",
    "account_confirm_login_code": "codes by mail are off",
    "account_set_password": "leads to changing it: everybody has one",
    "mfa_authenticate": "only between password and code; the accounts' tests see it",
    "mfa_reauthenticate": "only with a second factor; the accounts' tests see it",
    "mfa_reauthenticate_webauthn": "only with a passkey",
    "mfa_deactivate_totp": "only with a second factor",
    "mfa_view_recovery_codes": "only with a second factor",
    "mfa_generate_recovery_codes": "only with a second factor",
    "mfa_download_recovery_codes": "a file",
    "mfa_remove_webauthn": "only with a passkey",
    "mfa_edit_webauthn": "only with a passkey",
    "mfa_login_webauthn": "JSON",
    "socialaccount_signup": "closed: by invitation only",
    "socialaccount_connections": "closed: single sign-on finds the account by itself",
    "openid_connect_login": "leads to the provider",
    "openid_connect_callback": "comes from the provider",
    "assessment:facts-schema": "a file",
    "assessment:assessment-schema": "a file",
    "enrolment:check-field": "JSON",
    "enrolment:withdraw": "only acts",
    "enrolment:correct": "only acts",
    "enrolment:assets": "a file",
    "enrolment:claimed": "a file",
    "enrolment:refused": "a file",
    "enrolment:receipt-json": "a file",
    "enrolment:receipt-pdf": "a file",
    "saml_login": "leads to the provider",
    "saml_acs": "comes from the provider",
    "saml_finish_acs": "comes from the provider",
    "saml_sls": "comes from the provider",
    "saml_metadata": "XML",
    "linkage:apply": "only acts",
    "linkage:withdraw": "only acts",
    "linkage:take-apart": "only acts",
    "linkage:undo": "only acts",
    "registry:remove-contact": "only acts",
    "registry:renew-secret": "only acts",
    "registry:verify-asset": "only acts",
    "registry:dispute-asset": "only acts",
    "registry:expire-asset": "only acts",
    "registry:remove-asset": "only acts",
    "registry:suspend-mandate": "only acts",
    "registry:resume-mandate": "only acts",
    "registry:withdraw-mandate": "only acts",
    "registry:decide": "only acts",
    "proof:start": "only acts",
    "proof:check": "only acts",
    "proof:withdraw": "only acts",
    "proof:judge": "only acts",
    "registry:export-csv": "a file",
    "registry:export-json": "a file",
    "registry:review-campaign": "needs a campaign; tests/registry/test_reviews.py opens it",
    "registry:confirm-review": "only acts",
    "registry:dismiss-change": "only acts",
    "registry:end-designation": "only acts",
    "registry:enisa-csv": "a file",
    "registry:enisa-json": "a file",
    "registry:numbers-csv": "a file",
    "registry:numbers-json": "a file",
    "notification:replay": "only acts",
    "notification:findings-csv": "a file",
    "notification:findings-json": "a file",
    "mine:findings-csv": "a file",
    "mine:findings-json": "a file",
    "mine:members-csv": "a file",
    "mine:members-json": "a file",
}


def named_addresses(resolver=None, space=""):
    """The names of every address outside the API."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield f"{space}{pattern.name}"
        elif str(pattern.pattern) != "api/":
            yield from named_addresses(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
