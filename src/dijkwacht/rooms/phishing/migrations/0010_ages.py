"""What registries said of the age of domains, and how often they were asked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("phishing", "0009_waves")]

    operations = [
        migrations.CreateModel(
            name="DomainAge",
            fields=[
                ("domain", models.CharField(max_length=253, primary_key=True, serialize=False)),
                ("state", models.CharField(max_length=9)),
                ("day", models.DateField(null=True)),
                ("why", models.CharField(blank=True, max_length=200)),
                ("asked_at", models.DateTimeField()),
                ("until", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Registry",
            fields=[
                ("site", models.CharField(max_length=300, primary_key=True, serialize=False)),
                ("minute", models.DateTimeField()),
                ("asked", models.PositiveIntegerField(default=0)),
                ("not_before", models.DateTimeField(null=True)),
                ("table", models.JSONField(default=dict)),
            ],
        ),
    ]
