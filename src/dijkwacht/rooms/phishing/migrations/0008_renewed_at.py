"""When a lease was last made longer: files that tell until when an entry lasts are made anew after it.

And the hashes of URLs are now of the form of Safe Browsing: what is live gets its prefix anew.
"""

from django.db import migrations, models


def hash_anew(apps, schema_editor):
    from dijkwacht.rooms.phishing.listing import rules

    for row in apps.get_model("phishing", "Entry").objects.filter(kind="url", removed_at=None).iterator(1_000):
        prefix = rules.digest(row.kind, row.name)[:4].hex()
        if prefix != row.prefix:
            row.prefix = prefix
            row.save(update_fields=["prefix"])


class Migration(migrations.Migration):
    dependencies = [("phishing", "0007_entry_of_campaign")]

    operations = [
        migrations.AddField("entry", "renewed_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "entry",
            models.Index(fields=["renewed_at"], condition=models.Q(removed_at__isnull=True), name="entries_by_renewal"),
        ),
        migrations.RunPython(hash_anew, migrations.RunPython.noop),
    ]
