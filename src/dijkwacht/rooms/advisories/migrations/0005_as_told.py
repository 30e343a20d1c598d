from django.db import migrations

# What was told and named before these columns and this table were there.
AS_TOLD = """
select set_config('dijkwacht.scope', 'centre', true);
update advisories_concern c set told_at = t.at
from (select concern_id, min(created_at) as at from advisories_telling group by concern_id) t where t.concern_id = c.id;
insert into advisories_named (version_id, organisation_id)
select v.id, r.organisation_id from advisories_version v join advisories_recipient r on r.advisory_id = v.advisory_id
on conflict do nothing;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("advisories", "0004_told_again"),
    ]

    operations = [
        migrations.RunSQL(AS_TOLD, migrations.RunSQL.noop),
    ]
