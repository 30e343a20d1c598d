from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("advisories", "0002_inventory"),
    ]

    operations = [
        migrations.AddField(
            model_name="matter",
            name="counted_at",
            field=models.DateTimeField(null=True),
        ),
    ]
