"""Mandates by which a person, or the people of an organisation, act for another organisation."""

import django.contrib.postgres.fields
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_roles"),
    ]

    operations = [
        migrations.CreateModel(
            name="ActingMandate",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("organisation_id", models.UUIDField()),
                (
                    "holder_kind",
                    models.CharField(choices=[("person", "Person"), ("organisation", "Organisation")], max_length=12),
                ),
                ("holder_id", models.UUIDField()),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("granted", "Granted"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("note", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("reminded_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["holder_id", "state"], name="acting_mandate_by_holder"),
                    models.Index(fields=["organisation_id", "state"], name="acting_mandate_by_giver"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="acting_mandate_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("organisation_id", models.F("holder_id")), _negated=True),
                        name="acting_mandate_for_another",
                    ),
                    models.CheckConstraint(condition=models.Q(("roles__len__gt", 0)), name="acting_mandate_has_roles"),
                ],
            },
        ),
    ]
