"""Campaigns that belong together, and the marks by which that is seen."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("phishing", "0008_renewed_at")]

    operations = [
        migrations.AddField(model_name="campaign", name="wave", field=models.UUIDField(db_index=True, null=True)),
        migrations.CreateModel(
            name="CampaignMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=11)),
                ("value", models.CharField(max_length=32)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wave_marks",
                        to="phishing.campaign",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="campaignmark",
            constraint=models.UniqueConstraint(fields=("campaign", "kind", "value"), name="one_mark_a_campaign"),
        ),
        migrations.AddIndex(
            model_name="campaignmark", index=models.Index(fields=["value", "kind"], name="marks_by_value")
        ),
    ]
