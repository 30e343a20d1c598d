from django.db import migrations, models

KINDS = ("csaf", "cve", "kev", "epss", "news", "mail", "list")


class Migration(migrations.Migration):
    dependencies = [
        ("advisories", "0008_names_go"),
    ]

    operations = [
        migrations.AlterField(
            model_name="item",
            name="kind",
            field=models.CharField(choices=[(one, one) for one in KINDS], max_length=4),
        ),
    ]
