"""Tables of sourcing: items in their versions, what they state, and the matters that they are gathered into."""

import uuid
from typing import Final

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils import timezone
from django.utils.formats import number_format

KINDS: Final = ("csaf", "cve", "kev", "epss", "news", "mail", "list")


class SourceState(models.Model):
    """How a source does: when it was last asked, when that last went well, and what went wrong in words."""

    row_owner = ""
    slug = models.CharField(max_length=60, primary_key=True)
    tried_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)  # of the last try; empty: it went well
    failures = models.PositiveIntegerField(default=0)  # in a row
    taken = models.PositiveIntegerField(default=0)  # items that the last try brought, new or changed
    due_at = models.DateTimeField(null=True)
    asked = models.BooleanField(default=False)  # somebody asked for it now


class Fetched(models.Model):
    """One address that was fetched: by what the server knows our copy (RFC 9110), so that nothing comes twice."""

    row_owner = ""
    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=60)
    url = models.CharField(max_length=2048)
    etag = models.CharField(max_length=200, blank=True)
    modified = models.CharField(max_length=60, blank=True)  # Last-Modified, as it was written
    listed_at = models.DateTimeField(null=True)  # when the listing says that it changed
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "url"], name="advisories_fetched_once")]


class Item(models.Model):
    """What one source says once, as its current version says it."""

    row_owner = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.CharField(max_length=60)
    key = models.CharField(max_length=500)  # the source's own identifier
    kind = models.CharField(max_length=4, choices=[(one, one) for one in KINDS])
    title = models.CharField(max_length=300)
    language = models.CharField(max_length=20)
    url = models.CharField(max_length=2048, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    tlp = models.CharField(max_length=20, default="CLEAR")
    label = models.CharField(max_length=40, blank=True)  # of the version, as the source numbers it
    withdrawn = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(null=True)
    first_seen = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)  # the current version came in
    version_id = models.UUIDField(null=True)  # the current one
    versions = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-seen_at", "id")
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="advisories_item_once")]
        indexes = [models.Index(fields=["seen_at", "id"], name="advisories_items_by_time")]


class ItemVersion(models.Model):
    """An item as it came, byte for byte (zlib), and what was read of it (msgpack of feeds.advisories.model.Item)."""

    row_owner = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item_id = models.UUIDField(db_index=True)
    sha256 = models.CharField(max_length=64)
    raw = models.BinaryField()
    said = models.BinaryField()
    updated_at = models.DateTimeField(null=True)  # as the source says
    at = models.DateTimeField(default=timezone.now)
    personal = models.BooleanField(default=False)  # a mail: its words go after a term
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item_id", "sha256"], name="advisories_version_once")]
        indexes = [
            models.Index(fields=["sha256"], name="advisories_versions_by_hash"),
            models.Index(fields=["at"], condition=models.Q(personal=True), name="advisories_versions_personal"),
        ]


class Naming(models.Model):
    """An item's current version names a vulnerability, and says this of it."""

    row_owner = ""
    id = models.BigAutoField(primary_key=True)
    item_id = models.UUIDField(db_index=True)
    name = models.CharField(max_length=200, db_index=True)
    bundles = models.BooleanField()  # the item names vulnerabilities that belong together
    title = models.CharField(max_length=300)
    rank = models.SmallIntegerField()  # of the title: 1 is the best
    cvss = models.FloatField(null=True)
    exploited_on = models.DateField(null=True)
    ransomware = models.BooleanField(default=False)
    active = models.BooleanField(default=False)  # SSVC says that exploitation is going on


class Statement(models.Model):
    """One statement of an item's current version. `remedy`: its number in the item's remedies from 1; 0 is none."""

    row_owner = ""
    id = models.BigAutoField(primary_key=True)
    item_id = models.UUIDField(db_index=True)
    name = models.CharField(max_length=200, db_index=True)
    vendor = models.CharField(max_length=200)
    product = models.CharField(max_length=300)
    version = models.TextField()
    notation = models.CharField(max_length=4)
    status = models.CharField(max_length=20)
    cpe = models.CharField(max_length=500, blank=True)
    purl = models.CharField(max_length=500, blank=True)
    numbers = models.JSONField(default=list)  # model numbers
    remedy = models.PositiveIntegerField(default=0)


class Remedy(models.Model):
    """A remedy in the words of the source, once for each item."""

    row_owner = ""
    id = models.BigAutoField(primary_key=True)
    item_id = models.UUIDField()
    number = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item_id", "number"], name="advisories_remedy_once")]


class Matter(models.Model):
    """One line for the analyst. `joined`: it became part of that one, and its address leads there."""

    row_owner = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=300)
    name = models.CharField(max_length=200)  # the first of its vulnerabilities
    names = models.PositiveIntegerField(default=1)
    items = models.PositiveIntegerField(default=0)
    cvss = models.FloatField(null=True)
    epss = models.FloatField(null=True)
    exploited_on = models.DateField(null=True)
    ransomware = models.BooleanField(default=False)
    active = models.BooleanField(default=False)
    organisations = models.PositiveIntegerField(default=0)  # of ours that run it, told by `matching`
    weight = models.FloatField(default=0.0)  # rules.weight: what the list is sorted by
    state = models.CharField(max_length=8, default="new")  # new, settled (assessed), joined
    joined = models.UUIDField(null=True)
    words = SearchVectorField(null=True)
    first_seen = models.DateTimeField(default=timezone.now)
    last_changed = models.DateTimeField(default=timezone.now)
    counted_at = models.DateTimeField(null=True)  # when `organisations` was

    class Meta:
        indexes = [
            models.Index(fields=["state", "-weight", "-id"], name="advisories_matters_by_weight"),
            models.Index(fields=["state", "-last_changed", "-id"], name="advisories_matters_by_time"),
            GinIndex(fields=["words"], name="advisories_matters_words"),
        ]

    @property
    def more_names(self) -> int:
        """How many vulnerabilities there are beside the first."""
        return self.names - 1

    @property
    def percent(self) -> str:
        """The chance of exploitation within 30 days, as a percentage."""
        return "" if self.epss is None else f"{number_format(100 * self.epss, 1)}%"


class Vulnerability(models.Model):
    """A vulnerability that an item names, and its matter."""

    row_owner = ""
    name = models.CharField(max_length=200, primary_key=True)
    matter_id = models.UUIDField(db_index=True)


class Chance(models.Model):
    """EPSS of a CVE, as of a day; also of those that no item names yet."""

    row_owner = ""
    name = models.CharField(max_length=30, primary_key=True)
    epss = models.FloatField()
    percentile = models.FloatField()
    on = models.DateField()


class Joining(models.Model):
    """Two matters became one: which, because of which item or whom, when."""

    row_owner = ""
    id = models.BigAutoField(primary_key=True)
    gone = models.UUIDField(db_index=True)
    into = models.UUIDField(db_index=True)
    names = models.JSONField(default=list)  # the vulnerabilities that moved
    item_id = models.UUIDField(null=True)  # the one that brought them together
    by = models.CharField(max_length=100, blank=True)  # the actor, where a person did
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)


class SetAside(models.Model):
    """What could not come in, with why, kept to be replayed. `done_at`: it came in, or was let go."""

    row_owner = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.CharField(max_length=60)
    kind = models.CharField(max_length=8)
    place = models.CharField(max_length=500)  # file or address
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    raw = models.BinaryField(null=True)  # zlib; nothing of a file that is larger than what is ever read
    findings = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)
    done_how = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("-at", "id")
        constraints = [models.UniqueConstraint(fields=["source", "sha256", "place"], name="advisories_aside_once")]
        indexes = [models.Index(fields=["-at", "-id"], name="advisories_aside_by_time")]
