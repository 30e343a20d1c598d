"""A campaign's preview and a proposal's trial run in a job; the row says since when, or why it failed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notification", "0007_seal_set_aside_lines")]
    operations = [
        operation
        for name in ("campaign", "proposal")
        for operation in (
            migrations.AddField(model_name=name, name="asked_at", field=models.DateTimeField(null=True)),
            migrations.AddField(model_name=name, name="problem", field=models.JSONField(default=dict, blank=True)),
        )
    ]
