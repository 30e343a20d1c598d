"""Who watches over which sector."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_search")]
    operations = [
        migrations.CreateModel(
            name="Designation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sector", models.CharField(max_length=10)),
                ("role", models.CharField(choices=[("csirt", "csirt"), ("authority", "authority")], max_length=10)),
                ("ground", models.CharField(max_length=200)),
                ("valid_from", models.DateField(default=django.utils.timezone.localdate)),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="designations",
                        to="registry.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ("reader_id", "sector", "valid_from"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("reader", "sector", "role"),
                        name="one_running_designation_per_reader_and_sector",
                    )
                ],
            },
        ),
    ]
