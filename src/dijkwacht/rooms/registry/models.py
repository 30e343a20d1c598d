"""The tables of the registry: who the organisations are, how to reach them, and what is theirs on the internet."""

import uuid
from typing import Any

from django.db import models
from django.utils import timezone

from dijkwacht.platform.belonging import MOVES, STAYS
from dijkwacht.platform.crypto import fields as crypto
from dijkwacht.platform.crypto.house import house_keys
from dijkwacht.rooms.registry import vocabulary as words
from dijkwacht.rooms.registry.seen_by import IN_SECTORS


def _choices(names: type[words.Word]) -> list[tuple[str, str]]:
    return [(name.value, name.value) for name in names]


_NOTHING = models.Value([], models.JSONField())


class Organisation(models.Model):
    """An organisation the centre knows: one it serves, a relay, a network owner or a foreign CSIRT."""

    row_owner = "id"
    row_also_read = IN_SECTORS.format("id")
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, default="NL")  # ISO 3166-1 alpha-2
    kind = models.CharField(max_length=20, choices=_choices(words.Kind), default=words.Kind.ORGANISATION)
    classification = models.CharField(
        max_length=12, choices=_choices(words.Classification), default=words.Classification.OTHER
    )
    sectors = models.JSONField(default=list, blank=True)  # codes of the law's sector table, such as "1.5"
    kvk = models.CharField(max_length=8, null=True, blank=True)
    rsin = models.CharField(max_length=9, null=True, blank=True)
    oin = models.CharField(max_length=20, null=True, blank=True)
    roo = models.CharField(max_length=14, null=True, blank=True)
    lei = models.CharField(max_length=20, null=True, blank=True)
    foreign_register = models.CharField(max_length=100, blank=True)  # the business register of another country
    foreign_number = models.CharField(max_length=60, blank=True)  # and the number there
    declaration = models.CharField(max_length=16, choices=_choices(words.Declaration), default=words.Declaration.NONE)
    entity_types = models.JSONField(default=list, blank=True)  # codes of the law's types, such as "1.8-dns"
    member_states = models.JSONField(default=list, blank=True)  # of the European Union, where it serves
    emails = models.JSONField(default=list, blank=True)  # of the organisation, not of a person
    phones = models.JSONField(default=list, blank=True)  # E.164
    addresses = models.JSONField(default=list, blank=True)  # objects of particulars.ADDRESS
    arrangements = models.JSONField(default=list, blank=True)  # objects of particulars.ARRANGEMENT
    # By which decisions a minister identified it (Cbw 9(1)): codes of tables/identification.toml.
    identified_by = models.JSONField(default=list, blank=True, db_default=_NOTHING)
    # As a business register has it: what the next comparison with one compares.
    legal_form = models.CharField(max_length=20, blank=True, db_default="")  # a code of tables/legal_forms.toml
    activities = models.JSONField(default=list, blank=True, db_default=_NOTHING)  # SBI codes, the main one first
    staff = models.PositiveIntegerField(null=True, blank=True)  # people at work
    language = models.CharField(max_length=2, choices=_choices(words.Language), default=words.Language.NL)
    demo = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    source = models.CharField(max_length=100, default="officer")  # where the row came from, such as "import:x.csv"
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name", "id")
        indexes = [models.Index(fields=["name", "id"], name="organisation_by_name")]
        constraints = [
            # A KvK number is not unique on purpose: one legal person may stand here with several establishments.
            models.UniqueConstraint(
                fields=["oin"], condition=models.Q(oin__isnull=False), name="one_organisation_per_oin"
            ),
            models.UniqueConstraint(
                fields=["lei"], condition=models.Q(lei__isnull=False), name="one_organisation_per_lei"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A way to reach an organisation, for one role, with what it prefers to hear and when."""

    row_owner = "organisation_id"
    row_also_read = IN_SECTORS.format("organisation_id")
    when_joined = {"organisation_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="contacts")
    role = models.CharField(max_length=10, choices=_choices(words.ContactRole), default=words.ContactRole.SECURITY)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    phone = models.CharField(max_length=20, blank=True)  # E.164, such as +31201234567
    order = models.PositiveSmallIntegerField(default=0)  # lowest first, within its role
    language = models.CharField(max_length=2, choices=_choices(words.Language), default=words.Language.NL)
    channel = models.CharField(max_length=8, choices=_choices(words.Channel), default=words.Channel.MAIL)
    webhook_url = models.URLField(max_length=500, blank=True)
    webhook_sealed = models.BinaryField(null=True, editable=False)  # see webhook_secret
    openpgp_key = models.TextField(blank=True)
    smime_certificate = models.TextField(blank=True)
    minimum_severity = models.PositiveSmallIntegerField(
        default=0
    )  # 0 info … 4 critical; optional kinds below it stay away
    rhythm = models.CharField(max_length=6, choices=_choices(words.Rhythm), default=words.Rhythm.RUN)
    quiet_from = models.TimeField(null=True, blank=True)  # local time of the centre
    quiet_to = models.TimeField(null=True, blank=True)
    status = models.CharField(max_length=8, choices=_choices(words.ContactStatus), default=words.ContactStatus.WORKING)
    status_reason = models.CharField(max_length=500, blank=True)
    optional_kinds = models.JSONField(default=list, blank=True)  # kinds of notice it unsubscribed from
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("organisation_id", "role", "order", "id")
        constraints = [
            models.CheckConstraint(condition=models.Q(minimum_severity__lte=4), name="severity_is_0_to_4"),
        ]

    @property
    def webhook_secret(self) -> str:
        """The key that signs what its webhook receives; stands encrypted, bound to this row. Empty: none."""
        if self.webhook_sealed is None:
            return ""
        opened = crypto.unseal(house_keys(), bytes(self.webhook_sealed), **self._secret_place)
        return opened.decode()

    @webhook_secret.setter
    def webhook_secret(self, secret: str) -> None:
        keys = house_keys()
        self.webhook_sealed = crypto.seal(keys, secret.encode(), **self._secret_place) if secret else None

    @property
    def _secret_place(self) -> dict[str, Any]:
        return {"table": "registry_contact", "row": self.id, "column": "webhook_sealed"}


class Asset(models.Model):
    """A prefix, an ASN or a domain that an organisation says, or has shown, to be its own."""

    row_owner = "organisation_id"
    row_also_read = IN_SECTORS.format("organisation_id")
    when_joined = {"organisation_id": MOVES}
    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # what pages and the API show
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="assets")
    kind = models.CharField(max_length=6, choices=_choices(words.AssetKind))
    value = models.CharField(max_length=253)  # normalised by rules.normalise
    fallback = models.BooleanField(default=False)  # held for customers: told only where no other organisation matched
    status = models.CharField(max_length=8, choices=_choices(words.AssetStatus), default=words.AssetStatus.CLAIMED)
    method = models.CharField(max_length=40, blank=True)  # how it was verified, such as "officer"
    evidence = models.TextField(blank=True)
    claimed_at = models.DateTimeField(default=timezone.now)
    verified_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("organisation_id", "kind", "value")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind", "value"], name="an_asset_once_per_organisation")
        ]
        indexes = [models.Index(fields=["kind", "value"], name="asset_by_value")]


class Mandate(models.Model):
    """What a relay may receive about one of its members, since when and until when."""

    row_owner = ("relay_id", "member_id")  # both read it
    when_joined = {"relay_id": MOVES, "member_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    relay = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="mandates_as_relay")
    member = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="mandates_as_member")
    status = models.CharField(max_length=10, choices=_choices(words.MandateStatus), default=words.MandateStatus.ACTIVE)
    status_reason = models.CharField(max_length=500, blank=True)
    informations = models.JSONField(default=list)  # some of victim, target, vulnerability
    confidentiality = models.BooleanField(default=False)  # the relay guarantees the confidentiality the law asks
    mandatory = models.BooleanField(default=False)  # everything for this member goes through this relay
    valid_from = models.DateField(default=timezone.localdate)
    valid_to = models.DateField(null=True, blank=True)  # last day
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("relay_id", "member_id", "valid_from")
        constraints = [
            models.UniqueConstraint(
                fields=["relay", "member"],
                condition=~models.Q(status=words.MandateStatus.WITHDRAWN.value),
                name="one_running_mandate_per_relay_and_member",
            ),
            models.CheckConstraint(condition=~models.Q(relay=models.F("member")), name="no_relay_of_itself"),
        ]


class AssetConflict(models.Model):
    """Two organisations say that the same thing is theirs. Only the centre sees both sides, and decides."""

    row_owner = ""  # the centre alone
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    first = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="conflicts_as_first")
    second = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="conflicts_as_second")
    decision = models.CharField(max_length=9, choices=_choices(words.Decision), blank=True)
    reason = models.TextField(blank=True)
    decided_by = models.CharField(max_length=100, blank=True)  # the actor's id
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("created_at", "id")
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="a_conflict_once")]
        indexes = [models.Index(fields=["created_at"], condition=models.Q(decision=""), name="open_conflicts")]


class Designation(models.Model):
    """For which sector an organisation is the competent authority or the CSIRT: it reads that sector's entities."""

    row_owner = "reader_id"
    when_joined = {"reader_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reader = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="designations")
    sector = models.CharField(max_length=10)  # a whole sector holds its subsectors
    role = models.CharField(max_length=10, choices=_choices(words.ReaderRole))
    ground = models.CharField(max_length=200)  # the article or decision that designates it
    valid_from = models.DateField(default=timezone.localdate)
    valid_to = models.DateField(null=True, blank=True)  # last day
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("reader_id", "sector", "valid_from")
        constraints = [
            models.UniqueConstraint(
                fields=["reader", "sector", "role"],
                condition=models.Q(valid_to__isnull=True),
                name="one_running_designation_per_reader_and_sector",
            )
        ]


class OrganisationSector(models.Model):
    """Who stands in which sector: Organisation.sectors once more, kept by triggers, where an index can find it."""

    row_owner = "organisation_id"
    row_also_read = "sector = any ((select dijkwacht_sectors())::text[])"
    when_joined = {"organisation_id": STAYS + "triggers keep it in step with the organisation's own sectors"}
    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="sector_rows")
    sector = models.CharField(max_length=10)
    name = models.CharField(max_length=200, default="")  # of the organisation: a list of a sector comes from an index

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sector", "organisation"], name="a_sector_once_per_organisation")
        ]
        indexes = [models.Index(fields=["sector", "name", "organisation"], name="list_of_a_sector")]


class RegistryVersion(models.Model):
    """One row, raised by a trigger whenever what the data path attributes to may have changed."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)


class ChangedAsset(models.Model):
    """An asset that a version changed, or none: then more than are counted. Kept until an index knows of it."""

    id = models.BigAutoField(primary_key=True)
    number = models.BigIntegerField()  # of the version, as is the moment
    changed_at = models.DateTimeField()
    asset_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["number"], name="changed_by_version")]


from dijkwacht.rooms.registry.comparing.models import (  # noqa: E402, F401 - Django looks for models here
    Comparison,
    Difference,
)
from dijkwacht.rooms.registry.history.models import Change  # noqa: E402, F401 - Django looks for models here
from dijkwacht.rooms.registry.keeping.models import Forecast  # noqa: E402, F401 - Django looks for models here
from dijkwacht.rooms.registry.leaving.models import Deregistration  # noqa: E402, F401 - Django looks for models here
from dijkwacht.rooms.registry.upkeep.models import (  # noqa: E402, F401 - Django looks for models here
    ChangeNotice,
    Review,
    ReviewCampaign,
)
