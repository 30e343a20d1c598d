"""Write a notice as its receiver gets it: a mail, the body of a webhook, and one line of subject."""

from typing import TYPE_CHECKING, Final

import structlog
from django.conf import settings

from dijkwacht.kernel.actor import system
from dijkwacht.platform.outbox import compose
from dijkwacht.platform.outbox.errors import UnusableKey
from dijkwacht.rooms.notification import links
from dijkwacht.rooms.notification.models import Campaign, Notice
from dijkwacht.rooms.notification.rendering import document, kinds, moulds, page, words
from dijkwacht.rooms.notification.rendering.inert import inert
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry.models import Contact

if TYPE_CHECKING:
    from dijkwacht.rooms.notification.sending import Letter

log = structlog.get_logger(__name__)
RENDERER: Final = system("notification:render")
LONGEST_SUBJECT: Final = 300
KINDS_IN_SUBJECT: Final = 2


def subject(notice: Notice) -> str:
    """One line: how many findings, of which kinds, and the label. The most that a mailbox shows of a notice."""
    language = words.language_of(notice.language)
    titles = [inert(kinds.title(kind, language), 90) for kind in _kinds(notice)]
    shown = ", ".join(titles[:KINDS_IN_SUBJECT])
    if len(titles) > KINDS_IN_SUBJECT:
        shown += " " + words.PHRASES[language]["and_more"].format(n=len(titles) - KINDS_IN_SUBJECT)
    return f"[TLP:{notice.tlp}] {words.count(notice.findings, language)}: {shown}"[:LONGEST_SUBJECT]


def _kinds(notice: Notice) -> list[str]:
    """The kinds of a notice; a campaign's own instead of the list's."""
    found: list[str] = notice.kinds
    if notice.batch_id is not None and any(kinds.of_a_list(kind) for kind in found):
        campaign = Campaign.objects.filter(batches=notice.batch_id).first()
        return [campaign.kind] if campaign is not None else found
    return found


def mail(letter: "Letter") -> bytes:
    """The complete mail, encrypted when the contact has a key.

    A key that cannot be used never leads to a clear-text notice: the mail then only says that something waits in the
    portal, and the contact is marked for the officer. Raises InvalidRecipient.
    """
    keys = _keys(letter.contact)
    if not keys:
        return _mail(letter, {})
    refusals = []
    for name, key in keys.items():
        try:
            return _mail(letter, {name: key})
        except UnusableKey as problem:
            refusals.append(str(problem))
    _note(letter.contact, " ".join(refusals))
    return _mail_without_details(letter)


def _keys(contact: Contact) -> dict[str, bytes]:
    found = {"openpgp_key": contact.openpgp_key, "smime_certificate": contact.smime_certificate}
    return {name: key.encode() for name, key in found.items() if key.strip()}


def _mail(letter: "Letter", key: dict[str, bytes]) -> bytes:
    notice, values, data = letter.notice, page.context(letter), document.document(letter)
    name = f"notice-{notice.id}"
    return compose.mail(
        sender=f"{settings.CENTRE_NAME} <{settings.MAIL_FROM}>",
        recipient=letter.contact.email,
        subject=notice.subject,
        text=moulds.poured("notice.txt", values, html=False),
        html=moulds.poured("notice.html", values, html=True),
        message_id=compose.new_message_id(f"notice:{notice.id}"),
        attachments=[
            compose.Attachment(f"{name}.csv", document.csv_bytes(letter, data), "text/csv"),
            compose.Attachment(f"{name}.json", document.json_bytes(data), "application/json"),
        ],
        language=values["language"],
        list_unsubscribe=values["unsubscribe"],
        openpgp_key=key.get("openpgp_key"),
        smime_certificate=key.get("smime_certificate"),
    )


def _mail_without_details(letter: "Letter") -> bytes:
    """Says that there is something and nothing of what: no kind, no count, no link that opens without signing in."""
    language = words.language_of(letter.notice.language)
    phrases = words.PHRASES[language]
    return compose.mail(
        sender=f"{settings.CENTRE_NAME} <{settings.MAIL_FROM}>",
        recipient=letter.contact.email,
        subject=phrases["key_subject"],
        text=phrases["key_text"].format(centre=settings.CENTRE_NAME, url=links.portal(letter.notice.id)) + "\n",
        message_id=compose.new_message_id(f"notice:{letter.notice.id}"),
        language=language,
    )


def _note(contact: Contact, refusal: str) -> None:
    log.warning("a contact's key cannot be used", contact=str(contact.id))
    reason = f"key: {inert(refusal, 400)}"
    if contact.status_reason == reason:
        return
    registry.set_contact_status(actor=RENDERER, contact=contact.id, status=contact.status, reason=reason)


def webhook(letter: "Letter") -> bytes:
    """The body of a webhook: the same document as the JSON attachment."""
    return document.json_bytes(document.document(letter))
