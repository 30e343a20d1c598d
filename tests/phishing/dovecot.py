"""A real IMAP server over TLS (Dovecot, from the distribution), with one mailbox of one user."""

import contextlib
import getpass
import imaplib
import os
import shutil
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.ports import free_port

from dijkwacht.platform.mailbox import Box

CONFIGURATION = """
base_dir = {folder}/run
log_path = {folder}/log
ssl = required
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
protocols = imap
mail_location = maildir:{folder}/mail
{others}
first_valid_uid = 0
mail_uid = {reader}
mail_gid = {readers}
passdb {{
  driver = static
  args = password=wachtwoord
}}
userdb {{
  driver = static
  args = uid={reader} gid={readers} home={folder}/mail
}}
service imap-login {{
  {open}
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {port}
  }}
}}
service anvil {{
  {open}
}}
"""


@contextlib.contextmanager
def running() -> Iterator[Box]:
    """Start the server; give the mailbox, with a context that trusts its certificate."""
    with tempfile.TemporaryDirectory(prefix="dijkwacht-dovecot-", ignore_cleanup_errors=True) as name:
        folder, port = Path(name), free_port()
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"),
                *("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem"),
                *("-out", folder / "certificate.pem"),
            ],
            check=True,
            capture_output=True,
        )
        group = subprocess.check_output(["id", "-gn"], text=True).strip()
        user, root = getpass.getuser(), os.getuid() == 0
        folder.chmod(0o755)  # the process of the sign-in is of a user of its own, where we are root
        (folder / "mail").mkdir()
        if root:
            shutil.chown(folder / "mail", "nobody", "nogroup")
        others = f"default_internal_user = {user}\ndefault_login_user = {user}\ndefault_internal_group = {group}"
        text = CONFIGURATION.format(
            folder=folder,
            port=port,
            user=user,
            group=group,
            reader="nobody" if root else user,  # Dovecot opens no mailbox as root
            readers="nogroup" if root else group,
            others="" if root else others,
            open="" if root else "chroot =",
        )
        (folder / "dovecot.conf").write_text(text)
        with subprocess.Popen(["dovecot", "-F", "-c", folder / "dovecot.conf"], stderr=subprocess.PIPE) as server:
            try:
                tls = ssl.create_default_context(cafile=str(folder / "certificate.pem"))
                box = Box("127.0.0.1", port, "meldpost", "wachtwoord", tls=tls)
                _wait(box, server, folder)
                yield box
            finally:
                server.terminate()


def _wait(box: Box, server: "subprocess.Popen[bytes]", folder: Path) -> None:
    for _ in range(60):
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            client(box).logout()
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    log = (folder / "log").read_text() if (folder / "log").exists() else ""
    raise AssertionError(f"Dovecot did not start (as {os.getuid()}): {log[-2000:]}")


def client(box: Box) -> imaplib.IMAP4_SSL:
    """Sign in, as a mail program does."""
    made = imaplib.IMAP4_SSL(box.host, box.port, ssl_context=box.tls, timeout=10)
    made.login(box.user, box.password)
    return made


def put(box: Box, *mails: bytes) -> None:
    """Deliver mails."""
    with client(box) as server:
        for mail in mails:
            server.append("INBOX", "", imaplib.Time2Internaldate(time.time()), mail)


def left(box: Box) -> int:
    """How many mails are in the mailbox."""
    with client(box) as server:
        return int(server.select("INBOX")[1][0] or b"0")
