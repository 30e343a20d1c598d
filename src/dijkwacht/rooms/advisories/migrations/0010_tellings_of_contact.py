"""What waits for one contact is found without looking through all that waits."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("advisories", "0009_status_lists"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="telling",
            index=models.Index(
                fields=["contact_id"], condition=models.Q(sent_at__isnull=True), name="tellings_of_contact"
            ),
        ),
    ]
