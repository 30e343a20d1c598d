"""Mails to knock with, and a way to hand them in; without Django, so that a bench may use them too."""

import smtplib
from email.message import EmailMessage

ADDRESS = "suspicious@dijkwacht.example"


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
