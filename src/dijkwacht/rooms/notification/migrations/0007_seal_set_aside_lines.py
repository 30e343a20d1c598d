"""Lines that were set aside may hold what leaked: they stand encrypted from now on, and know their file in an archive."""

import msgspec
from django.conf import settings
from django.db import migrations, models

from dijkwacht.platform.crypto import fields as crypto
from dijkwacht.platform.crypto.house import house_keys


def seal(apps, schema_editor):
    # The owner of the tables is under row-level security too: without this it would see no line and seal none.
    schema_editor.execute("select set_config('dijkwacht.scope', 'centre', true)")
    lines = apps.get_model("notification", "SetAsideLine")
    keys = house_keys()
    for line in lines.objects.iterator():
        row = f"{line.batch_id}:{line.member}:{line.line}"
        place = {"table": "notification_setasideline", "row": row, "column": "sealed"}
        content = msgspec.msgpack.encode((line.detail, bytes(line.raw)))
        lines.objects.filter(pk=line.pk).update(sealed=crypto.seal(keys, content, **place))


class Migration(migrations.Migration):
    dependencies = [("notification", "0006_call_without_notice")]
    operations = [
        migrations.AddField(
            model_name="setasideline", name="member", field=models.PositiveSmallIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="setasideline", name="sealed", field=models.BinaryField(default=b"", editable=False)
        ),
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.RemoveField(model_name="setasideline", name="raw"),
        migrations.RemoveField(model_name="setasideline", name="detail"),
    ]
