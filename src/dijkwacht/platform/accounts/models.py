"""People, and what they may do. An organisation's identifier stands here as a plain UUID: platform knows no room."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from dijkwacht.kernel.actor import CentreRole, OrganisationRole
from dijkwacht.platform.belonging import MOVES, STAYS


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who can sign in, known by e-mail address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2, default="nl")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(null=True)  # when we asked somebody who had not signed in for long; see dormant.py

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        return False  # there is no Django admin: every change goes through an action


class CentreMembership(models.Model):
    """A role of a person at the centre."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="centre_memberships")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in CentreRole])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="one_centre_role_once")]


class OrganisationMembership(models.Model):
    """A role of a person for one organisation. A relay is an organisation too; its people are members of it."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": STAYS + "its people keep sight of it, and are added to the kept one"}
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="organisation_memberships")
    organisation_id = models.UUIDField(db_index=True)
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in OrganisationRole])
    since = models.DateTimeField(default=timezone.now)
    # When its holder said yes; empty: an invitation, which gives nothing yet.
    accepted_at = models.DateTimeField(null=True, default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organisation_id"], name="one_role_per_organisation")]


class ActingMandate(models.Model):
    """An organisation lets a person, or the people of another organisation, act for it: in which roles, until when.

    Whether it counts is judged when it is used, from its state and its days; no job has to end it.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        GRANTED = "granted"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    class Holder(models.TextChoices):
        PERSON = "person"
        ORGANISATION = "organisation"

    row_owner = ("organisation_id", "holder_id")  # both read it; only who gives it writes, so nobody grants himself
    when_joined = {"organisation_id": MOVES, "holder_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation_id = models.UUIDField()
    holder_kind = models.CharField(max_length=12, choices=Holder.choices)
    holder_id = models.UUIDField()  # an account or an organisation
    roles = ArrayField(models.CharField(max_length=20))
    state = models.CharField(max_length=10, choices=State.choices)
    starts_on = models.DateField()
    ends_on = models.DateField()  # last day
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["holder_id", "state"], name="acting_mandate_by_holder"),
            models.Index(fields=["organisation_id", "state"], name="acting_mandate_by_giver"),
        ]
        constraints = [
            models.CheckConstraint(
                name="acting_mandate_ends_after_it_starts", condition=models.Q(ends_on__gte=models.F("starts_on"))
            ),
            models.CheckConstraint(
                name="acting_mandate_for_another", condition=~models.Q(organisation_id=models.F("holder_id"))
            ),
            models.CheckConstraint(name="acting_mandate_has_roles", condition=models.Q(roles__len__gt=0)),
        ]


class Token(models.Model):
    """A key of a program to the API: of an organisation, or of the centre when `organisation_id` is empty.

    The secret is shown once and never stored: `prefix` finds the row, `digest` (SHA-256 of the secret) proves it.
    """

    row_owner = "organisation_id"
    when_joined = {"organisation_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation_id = models.UUIDField(null=True, db_index=True)
    centre_role = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.BinaryField(max_length=32)
    scopes = ArrayField(models.CharField(max_length=40))
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="token_of_the_centre_or_of_an_organisation",
                condition=models.Q(organisation_id__isnull=True, centre_role__gt="")
                | models.Q(organisation_id__isnull=False, centre_role=""),
            )
        ]
