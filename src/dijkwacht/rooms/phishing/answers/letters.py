"""The words of an answer. They hold nothing of the mail that was reported: no link, no subject, no name."""

from functools import lru_cache
from typing import Final

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from dijkwacht.platform.outbox import compose
from dijkwacht.platform.outbox.actions import Post
from dijkwacht.platform.outbox.models import Channel
from dijkwacht.rooms.phishing.answers.models import Answer

SALT: Final = "dijkwacht.phishing.opt-out"
MARK: Final = "\x00opt-out\x00"  # no template holds it


def post(row: Answer, address: str, verdict: str) -> Post:
    """Make the answer to one report: the same for the same report and verdict, however often it is asked for."""
    key = f"phishing-answer:{row.report_id}:{verdict}:{row.said or 'first'}"
    link = f"{settings.BASE_URL}{reverse('phishing:opt-out', args=[opt_out_token(row.source)])}"
    changed = row.said not in {"", "looking"}
    subject, text = _words(row.language, verdict, settings.CENTRE_NAME, changed=changed)
    mail = compose.mail(
        sender=settings.DEFAULT_FROM_EMAIL,
        recipient=address,
        subject=subject,
        text=text.replace(MARK, link),
        message_id=compose.new_message_id(key),
        language=row.language,
        list_unsubscribe=link if link.startswith("https://") else "",
        headers={"Auto-Submitted": "auto-replied"},
    )
    return Post(
        channel=Channel.MAIL,
        organisation=None,
        recipient=address,
        payload=mail,
        dedupe_key=key,
        reference="phishing-answer",
        priority=6,
    )


@lru_cache(maxsize=64)
def _words(language: str, verdict: str, centre: str, *, changed: bool) -> tuple[str, str]:
    """Give subject and text of an answer, with the mark where the link of its reporter comes."""
    with translation.override(language):
        words = {"verdict": verdict, "changed": changed, "centre_name": centre, "opt_out": MARK}
        subject, _, text = render_to_string("phishing/answers/letter.txt", words).strip().partition("\n\n")
    return " ".join(subject.split()), text.strip() + "\n"


def opt_out_token(source: str) -> str:
    """Give what an opt-out link holds: a pseudonym, signed."""
    return signing.dumps(source, salt=SALT)


def source_of(token: str) -> str | None:
    """Give the pseudonym of an opt-out link; None for what we did not sign."""
    try:
        found = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return found if isinstance(found, str) else None
