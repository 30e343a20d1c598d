"""What one person wants on the list of their own accord waits for a second; a proposal can be taken back."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

ENDS = ["proposed", "confirmed", "refused", "withdrawn"]


class Migration(migrations.Migration):
    dependencies = [("phishing", "0010_ages")]

    operations = [
        migrations.AlterField(
            model_name="decision",
            name="state",
            field=models.CharField(choices=[(one, one) for one in ("final", *ENDS, "second")], max_length=9),
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=6)),
                ("name", models.CharField(max_length=2048)),
                ("reason", models.CharField(max_length=300)),
                ("radius", models.JSONField(default=dict)),
                ("lease", models.DurationField(null=True)),
                (
                    "state",
                    models.CharField(choices=[(one, one) for one in ENDS], default="proposed", max_length=9),
                ),
                ("by", models.CharField(max_length=100)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_by", models.CharField(blank=True, max_length=100)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_reason", models.CharField(blank=True, max_length=300)),
                (
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="phishing.entry",
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")), fields=("kind", "name"), name="proposed_once_a_name"
                    )
                ],
            },
        ),
    ]
