"""Lines whose organisation answered that it is not affected stood as remediated: they stand apart."""

from django.db import migrations, models

STATUSES = ("not_remediated", "in_progress", "done", "not_affected")
# The owner of the tables is under row-level security too, and would change nothing.
_SEE_ALL = "select set_config('dijkwacht.scope', 'centre', true)"
# A match carries the moment and the hand of the answer that settled it.
_APART = """
update advisories_match m set status = 'not_affected' from advisories_exposure e
where m.status = 'done' and e.answer = 'not_affected' and e.organisation_id = m.organisation_id
  and e.advisory = m.advisory and e.at = m.status_at and e.by = m.status_by
"""
_BACK = "update advisories_match set status = 'done' where status = 'not_affected'"


class Migration(migrations.Migration):
    dependencies = [
        ("advisories", "0010_tellings_of_contact"),
    ]

    operations = [
        migrations.AlterField(
            model_name="match",
            name="status",
            field=models.CharField(choices=[(one, one) for one in STATUSES], default="not_remediated", max_length=14),
        ),
        migrations.RunSQL([_SEE_ALL, _APART], [_SEE_ALL, _BACK]),
    ]
