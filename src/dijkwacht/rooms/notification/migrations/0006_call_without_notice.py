"""An organisation without any contact is called as well: there is no notice to hang the call on."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notification", "0005_room_for_repeats"), ("registry", "0003_seal_webhook_secret")]
    operations = [
        migrations.AlterField(
            model_name="call",
            name="notice",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="calls",
                to="notification.notice",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.UniqueConstraint(
                condition=models.Q(("done_at", None), ("notice", None)),
                fields=("organisation",),
                name="one_open_call_without_notice",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("outcome__in", ("no-contact", "refused"))), fields=["at"], name="event_unreached"
            ),
        ),
    ]
