"""An entry may warn for more than one campaign: what is known so far is carried over."""

import django.db.models.deletion
from django.db import migrations, models

CARRY = """
insert into phishing_entryofcampaign (entry_id, campaign_id)
select id, campaign_id from phishing_entry where campaign_id is not null
"""


class Migration(migrations.Migration):
    dependencies = [("phishing", "0006_arrivals_again")]

    operations = [
        migrations.CreateModel(
            name="EntryOfCampaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("campaign", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="phishing.campaign")),
                ("entry", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="phishing.entry")),
            ],
        ),
        migrations.AddConstraint(
            model_name="entryofcampaign",
            constraint=models.UniqueConstraint(fields=("campaign", "entry"), name="one_entry_a_campaign"),
        ),
        migrations.AddField(
            model_name="entry",
            name="campaigns",
            field=models.ManyToManyField(
                related_name="warnings", through="phishing.EntryOfCampaign", to="phishing.campaign"
            ),
        ),
        migrations.RunSQL(CARRY, migrations.RunSQL.noop),
    ]
