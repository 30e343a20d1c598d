"""A real door for mails, on loopback, in a thread of its own; and mails to knock with."""

import asyncio
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from tests.ports import free_port

from dijkwacht.rooms.phishing.intake import smtp

ADDRESS = "suspicious@dijkwacht.example"


@contextmanager
def open_doors(*, lmtp: bool = False, **changed: object) -> Iterator[tuple[int, int]]:
    """Serve SMTP, and LMTP when asked for; give both ports."""
    port, local = free_port(), free_port() if lmtp else 0
    ready, box = threading.Event(), {}

    def run() -> None:
        async def main() -> None:
            box["stop"], box["loop"] = asyncio.Event(), asyncio.get_running_loop()
            desk = smtp.desk()
            for name, value in changed.items():
                object.__setattr__(desk, name, value)
            await smtp.serve(
                desk, host="127.0.0.1", port=port, lmtp_port=local, tls=None, stop=box["stop"], ready=ready.set
            )

        asyncio.run(main())

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert ready.wait(10)
        yield port, local
    finally:
        box["loop"].call_soon_threadsafe(box["stop"].set)
        thread.join(20)


def suspicious(link: str = "https://postnl-bezorging.example/x?id=123456789", *, text: str = "") -> EmailMessage:
    """Make a phishing mail as a citizen got it."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "PostNL <info@pakket.example>", "jan.jansen@burger.example"
    mail["Subject"] = "Uw pakket wacht, Jan"
    mail.set_content(
        text
        or "Beste Jan Jansen,\n\nUw pakket met nummer 3SABC123456 kon vandaag niet worden bezorgd omdat de kosten "
        f"van de invoer nog niet zijn betaald. Betaal deze binnen twee dagen, anders gaat het terug.\n\n"
        f"{link}\n\nUw bezorger"
    )
    return mail


def forwarded(inner: EmailMessage, sender: str = "Jan Jansen <jan.jansen@burger.example>") -> EmailMessage:
    """Make what the citizen sends us: the mail as an attachment."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, ADDRESS, "Fwd: Uw pakket wacht, Jan"
    mail.set_content("Is dit echt?\n\nGroet, Jan")
    mail.add_attachment(inner)
    return mail


def send(port: int, mail: EmailMessage | bytes, sender: str = "jan.jansen@burger.example", to: str = ADDRESS) -> None:
    """Hand a mail in over SMTP. Raises what smtplib raises for a refusal."""
    content = mail if isinstance(mail, bytes) else mail.as_bytes()
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as door:
        door.sendmail(sender, [to], content)
