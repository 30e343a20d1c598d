"""Write a notice as its receiver gets it: a mail, the body of a webhook, and one line of subject."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from django.conf import settings

from dijkwacht.kernel.actor import system
from dijkwacht.platform.outbox import compose
from dijkwacht.rooms.notification import links
from dijkwacht.rooms.notification.models import Campaign, Notice
from dijkwacht.rooms.notification.rendering import document, keyed, kinds, moulds, page, words
from dijkwacht.rooms.notification.rendering.inert import inert

if TYPE_CHECKING:
    from dijkwacht.rooms.notification.sending import Letter

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
    """The complete mail, encrypted when the contact has a key, without details when no key of it works.

    Raises InvalidRecipient.
    """
    return keyed.mail(
        actor=RENDERER,
        contact=letter.contact,
        whole=partial(_mail, letter),
        bare=partial(_mail_without_details, letter),
    )


def _mail(letter: "Letter", key: Mapping[str, bytes]) -> bytes:
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


def webhook(letter: "Letter") -> bytes:
    """The body of a webhook: the same document as the JSON attachment."""
    return document.json_bytes(document.document(letter))
