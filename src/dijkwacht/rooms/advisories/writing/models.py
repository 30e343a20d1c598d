import uuid

from django.db import models
from django.utils import timezone

from dijkwacht.platform.belonging import MOVES

# An advisory is read by whoever a version of it may reach; the rest of its rows is the centre's own work.
_REACHES = (
    "tlp = 'CLEAR' or (tlp = 'GREEN' and cardinality(dijkwacht_readable()) > 0) or (tlp <> 'GREEN' and {version} in ("
    "select named.version_id from advisories_named named where named.organisation_id = any(dijkwacht_readable())))"
)


class Advisory(models.Model):
    """One advisory: the text that is worked on. What was published of it are its versions."""

    row_owner = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    matter = models.UUIDField(null=True, db_index=True)  # of sourcing
    number = models.CharField(max_length=40, unique=True, null=True)  # given at the first publication
    content = models.BinaryField()  # writing.content.encode
    title = models.CharField(max_length=300, blank=True)  # of the text that is worked on, for the list
    change = models.PositiveIntegerField(default=1)  # counts every saving: who saves on an older one is told
    sitting = models.CharField(
        max_length=36, blank=True
    )  # of the page that saved last: its own next saving is no clash
    state = models.CharField(max_length=10, default="draft")  # draft, offered, published, withdrawn
    withdrawing = models.BooleanField(default=False)  # what is offered is a withdrawal
    summary_nl = models.CharField(max_length=500, blank=True)  # of what the next version changes
    summary_en = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.CharField(max_length=100)  # whoever wrote last may not approve
    changed_name = models.CharField(max_length=150, blank=True)
    offered_by = models.CharField(max_length=100, blank=True)
    returned = models.CharField(max_length=1000, blank=True)  # why it was not approved

    class Meta:
        ordering = ("-changed_at", "id")


class Version(models.Model):
    """What was published once. A trigger keeps it as it is; a correction is a next one."""

    row_owner = ""
    row_also_read = _REACHES.format(version="id")
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    advisory = models.ForeignKey(Advisory, on_delete=models.PROTECT, related_name="versions")
    number = models.CharField(max_length=40, db_index=True)  # of the advisory
    version = models.PositiveIntegerField()
    newest = models.BooleanField(default=True)
    tlp = models.CharField(max_length=12)
    title_nl = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    urgent = models.BooleanField(default=False)
    withdrawn = models.BooleanField(default=False)
    release = models.BinaryField()  # msgspec of content.Release: all that every format is made of
    initial_at = models.DateTimeField()
    at = models.DateTimeField()
    written_by = models.CharField(max_length=100)
    approved_by = models.CharField(max_length=100)

    class Meta:
        ordering = ("-at", "-number", "-version")
        constraints = [
            models.UniqueConstraint(fields=["advisory", "version"], name="one_version_each"),
            models.UniqueConstraint(fields=["advisory"], condition=models.Q(newest=True), name="one_newest_version"),
        ]
        indexes = [models.Index(fields=["newest", "tlp", "-at"], name="advisories_newest")]


class Document(models.Model):
    """A version as a CSAF document: its bytes, hashes and signature, as they were published."""

    row_owner = ""
    row_also_read = _REACHES.format(version="version_id")
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="documents")
    advisory_id = models.UUIDField()
    csaf = models.CharField(max_length=3)  # 2.0, 2.1
    tlp = models.CharField(max_length=12)
    path = models.CharField(max_length=120)  # 2026/dw-2026-0001.json
    newest = models.BooleanField(default=True)
    body = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    sha512 = models.CharField(max_length=128)
    signature = models.TextField()
    entry = models.BinaryField()  # of the ROLIE feed, without the URLs of its folder
    terms = models.JSONField(default=list)  # categories: vendors and products
    initial_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "path")
        constraints = [
            models.UniqueConstraint(fields=["version", "csaf"], name="one_document_each"),
            models.UniqueConstraint(
                fields=["csaf", "path"], condition=models.Q(newest=True), name="one_newest_document"
            ),
        ]
        indexes = [models.Index(fields=["csaf", "tlp", "newest", "-at"], name="advisories_folder")]


class Recipient(models.Model):
    """An organisation that the text which is worked on is for, above TLP:GREEN. `Named` is what was approved of it."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": MOVES}
    advisory_id = models.UUIDField(db_index=True)
    organisation_id = models.UUIDField()
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["advisory_id", "organisation_id"], name="a_recipient_once")]


class Named(models.Model):
    """An organisation that a published version is for, as it was approved; another one comes with a next version."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": MOVES}
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="named")
    organisation_id = models.UUIDField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "organisation_id"], name="a_version_names_once")]


class Counter(models.Model):
    """The last number of a year: taken under its lock, in the transaction that publishes, so that none is left out."""

    row_owner = ""
    year = models.PositiveIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)
