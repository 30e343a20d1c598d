"""Change notices."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0007_designations")]
    operations = [
        migrations.CreateModel(
            name="ChangeNotice",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "asked"), ("told", "told"), ("dismissed", "dismissed")], max_length=9
                    ),
                ),
                ("fields", models.JSONField(default=list)),
                ("proposed", models.JSONField(default=dict)),
                ("source", models.CharField(blank=True, max_length=100)),
                ("effective_on", models.DateField(null=True)),
                ("due_on", models.DateField()),
                ("ground", models.CharField(max_length=40)),
                ("late", models.BooleanField(default=False)),
                ("asked_at", models.DateTimeField(null=True)),
                ("reminded_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="change_notices",
                        to="registry.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ("due_on", "id"),
                "indexes": [
                    models.Index(condition=models.Q(("state", "asked")), fields=["due_on", "id"], name="asked_changes"),
                    models.Index(fields=["organisation", "-created_at"], name="change_notice_by_owner"),
                ],
            },
        ),
    ]
