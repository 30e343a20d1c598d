import uuid

import django.utils.timezone
from django.db import migrations, models

# The trigger makes every insert into the log, by whatever program, wait for its place in the tree.
TRIGGER = """
create function audit_event_waits() returns trigger language plpgsql as
$$ begin insert into audit_pending (event_id) values (new.id); return null; end $$;
create trigger audit_event_waits after insert on audit_event for each row execute function audit_event_waits();
insert into audit_pending (event_id) select id from audit_event;
"""
# Whoever acts may leave a value behind with its event; only the centre may see or erase it.
POLICIES = """
alter table audit_personal enable row level security;
alter table audit_personal force row level security;
create policy anyone_adds on audit_personal for insert with check (true);
create policy centre_reads on audit_personal for select
    using (coalesce(current_setting('dijkwacht.scope', true), '') = 'centre');
create policy centre_erases on audit_personal for delete
    using (coalesce(current_setting('dijkwacht.scope', true), '') = 'centre');
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["-at", "-id"], name="audit_event_newest_first"),
        ),
        migrations.CreateModel(
            name="Personal",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("event_id", models.UUIDField(db_index=True)),
                ("name", models.CharField(max_length=60)),
                ("sealed", models.BinaryField()),
            ],
            options={"db_table": "audit_personal"},
        ),
        migrations.CreateModel(
            name="Pending",
            fields=[("event_id", models.UUIDField(primary_key=True, serialize=False))],
            options={"db_table": "audit_pending"},
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("index", models.BigIntegerField(primary_key=True, serialize=False)),
                ("event_id", models.UUIDField(unique=True)),
                ("leaf_hash", models.BinaryField()),
            ],
            options={"db_table": "audit_leaf"},
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("note", models.TextField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={"db_table": "audit_checkpoint"},
        ),
        migrations.RunSQL(
            TRIGGER,
            "drop trigger audit_event_waits on audit_event; drop function audit_event_waits();",
        ),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
    ]
