from django.db import migrations, models


class Migration(migrations.Migration):
    """A mail that could not be read is tried again after a while, not at once."""

    dependencies = [
        ("phishing", "0005_fetching"),
    ]

    operations = [
        migrations.AddField(
            model_name="arrival",
            name="not_before",
            field=models.DateTimeField(null=True),
        ),
    ]
