"""Django's own mails (sign-in codes, password resets) leave through the outbox like everything else."""

from collections.abc import Sequence
from typing import Final

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from dijkwacht.kernel.actor import system
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.outbox import actions, compose

ACCOUNTS: Final = system("accounts:mail")
PRIORITY: Final = 1  # somebody waits for it at a screen


class Backend(BaseEmailBackend):
    """Puts each mail in the outbox, once for each recipient, in the transaction of the request."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Give the number of mails that were put in the outbox. Raises InvalidRecipient unless `fail_silently`."""
        return sum(self._enqueue(message) for message in email_messages)

    def _enqueue(self, message: EmailMessage) -> int:
        for recipient in message.recipients():
            identifier = compose.new_message_id()
            content = message.message()
            del content["Message-ID"]
            content["Message-ID"] = identifier
            content["Auto-Submitted"] = "auto-generated"
            try:
                actions.enqueue(
                    actor=ACCOUNTS,
                    channel="mail",
                    organisation=None,
                    recipient=recipient,
                    payload=content.as_bytes().replace(b"\n", b"\r\n"),
                    dedupe_key=f"accounts {identifier}",
                    reference="accounts",
                    priority=PRIORITY,
                )
            except Problem:
                if not self.fail_silently:
                    raise
                return 0
        return 1
