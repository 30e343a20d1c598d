from django.db import migrations

# Once for each statement and not for each row: thousands of events are written by one.
BY_STATEMENT = """
drop trigger audit_event_waits on audit_event;
create or replace function audit_event_waits() returns trigger language plpgsql as
$$ begin insert into audit_pending (event_id) select id from added; return null; end $$;
create trigger audit_event_waits after insert on audit_event referencing new table as added
    for each statement execute function audit_event_waits();
"""
BY_ROW = """
drop trigger audit_event_waits on audit_event;
create or replace function audit_event_waits() returns trigger language plpgsql as
$$ begin insert into audit_pending (event_id) values (new.id); return null; end $$;
create trigger audit_event_waits after insert on audit_event for each row execute function audit_event_waits();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_tree")]

    operations = [migrations.RunSQL(BY_STATEMENT, BY_ROW)]
