"""What is run is told apart to the letter, in a table that a run of the matching looks through before any line."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

AT_ONCE = 5_000
WRITTEN = ("vendor", "product", "version", "cpe", "purl")


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Give the lines that are there their editions and names, as `inventory.actions` does for new ones."""
    from dijkwacht.rooms.advisories.inventory import names, rules

    edition, name = apps.get_model("advisories", "Edition"), apps.get_model("advisories", "Name")
    with editor.connection.cursor() as cursor:
        cursor.execute("select set_config('dijkwacht.scope', 'centre', true)")
        cursor.execute("update advisories_line set edition = left(encode(sha256(convert_to(concat_ws(chr(31), vendor, "
                       "product, version, cpe, purl), 'UTF8')), 'hex'), 32)")  # fmt: skip
        cursor.execute("delete from advisories_name")
        cursor.execute("select distinct vendor, product, version, cpe, purl from advisories_line")
        found = cursor.fetchall()
    for start in range(0, len(found), AT_ONCE):
        entries = [rules.Entry(**dict(zip(WRITTEN, row, strict=True))) for row in found[start : start + AT_ONCE]]
        edition.objects.bulk_create(
            edition(
                digest=rules.edition_digest(one),
                name=rules.name_digest(one),
                **{column: getattr(one, column) for column in WRITTEN},
            )
            for one in entries
        )
        called = {rules.name_digest(one): one for one in entries}
        rows = [
            name(digest=digest, vendor=one.vendor, product=one.product, cpe=one.cpe, purl=one.purl,
                 keys=sorted(names.keys(one.vendor, one.product, one.cpe, one.purl)))
            for digest, one in called.items()
        ]  # fmt: skip
        name.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("advisories", "0006_named_without_products"),
    ]

    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("digest", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=32)),
                ("vendor", models.CharField(blank=True, max_length=200)),
                ("product", models.CharField(max_length=300)),
                ("version", models.CharField(blank=True, max_length=200)),
                ("cpe", models.CharField(blank=True, max_length=500)),
                ("purl", models.CharField(blank=True, max_length=500)),
            ],
            options={"indexes": [models.Index(fields=["name"], name="editions_by_name")]},
        ),
        migrations.AddField(
            model_name="line", name="edition", field=models.CharField(default="", max_length=32), preserve_default=False
        ),
        migrations.RemoveIndex(model_name="line", name="lines_by_name"),
        migrations.RemoveField(model_name="line", name="name"),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(
                condition=models.Q(("removed_at__isnull", True)),
                fields=["edition"],
                include=("organisation_id", "id"),
                name="lines_by_edition",
            ),
        ),
    ]
