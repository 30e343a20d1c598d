"""A shelf of published advisories, as the part that publishes keeps them: what this part asks of it, held in memory."""

import email
import email.policy
import uuid

import polars as pl
from django.utils import timezone
from tests.notification.world import TEST

from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.advisories.delivery import dispatching, published, running, telling
from dijkwacht.rooms.advisories.inventory import actions as inventories
from dijkwacht.rooms.advisories.inventory.models import Inventory
from dijkwacht.rooms.advisories.inventory.reading import lists
from dijkwacht.rooms.advisories.statements import COLUMNS

FORTI = ("Fortinet", "FortiOS")


class Shelf:
    """Versions of advisories with their statements."""

    def __init__(self):
        self.held = {}
        self.said = {}

    def versions(self, wanted):
        return {key: self.held[key] for key in wanted if key in self.held}

    def current(self):
        newest = {}
        for advisory, version in self.held:
            newest[advisory] = max(version, newest.get(advisory, 0))
        return [key for key in newest.items() if not self.held[key].withdrawn]

    def newest(self, advisory):
        return max((version for one, version in self.held if one == advisory), default=None)

    def statements(self, wanted):
        rows = [row for key in wanted for row in self.said[key]]
        schema = {name: pl.List(pl.String) if name == "models" else pl.String for name in COLUMNS}
        return pl.DataFrame(rows, schema=schema, orient="row")

    def publish(self, below="7.4.1", *, product=FORTI, advisory=None, remedy="Update to 7.4.1.", **values):
        """Put a version on the shelf that says that everything below a version is affected; gives its key."""
        advisory = advisory or uuid.uuid4()
        version = max((one for key, one in self.held if key == advisory), default=0) + 1
        said = {"nl": "Lek in FortiOS", "en": "Hole in FortiOS"}
        self.held[advisory, version] = published.Published(
            **{
                "advisory": advisory,
                "version": version,
                "number": "DW-2026-0001",
                "published_at": timezone.now(),
                "title": said,
                "summary": said,
                "text": {"nl": "Een aanvaller kan binnenkomen.", "en": "An attacker may get in."},
                "severity": 3,
                "urgent": False,
                "tlp": "CLEAR",
                "address": f"https://dijkwacht.example/advisories/{advisory}",
                **values,
            }
        )
        row = ("dijkwacht", str(advisory), "CVE-2026-0001", *product, f"< {below}", "text", "affected")
        self.said[advisory, version] = [(*row, "", "", [], remedy)] if below else []
        return advisory, version


def runs(organisation, text, *, name="Alles", replace=False):
    """Let an organisation say what it runs, as it does by pasting; gives the list."""
    with tenancy.acting(TEST):
        row = Inventory.objects.filter(organisation=organisation, name=name).first() or Inventory.objects.create(
            organisation=organisation, name=name, created_by="test"
        )
        inventories.take_in(actor=TEST, inventory=row.id, reading=lists.read_text(text), replace=replace)
    return row


def go(key):
    """Do what the job of a published version does; gives how many are told."""
    running.run(*key)
    made = telling.tell(*key)
    dispatching.dispatch_due()
    return made


def letters():
    """By recipient the last letter in the outbox: subject and text."""
    found = {}
    for message in Message.objects.order_by("created_at"):
        mail = email.message_from_bytes(bytes(message.body), policy=email.policy.default)
        found[message.recipient] = f"{mail['Subject']}\n{mail.get_body().get_content()}"
    return found
