"""Questions with their answers, what a registration held before, and lists too long for a page."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models

# A question from before there were answers waits for one where its registration does.
ASKED = """
select set_config('dijkwacht.scope', 'centre', true);
insert into enrolment_question (id, account, registration_id, question, asked_by, asked_at, answer,
  answered_at)
select gen_random_uuid(), account, id, question, '', submitted_at, '',
       case when state <> 'asked' then coalesce(decided_at, submitted_at) end
  from enrolment_registration where question <> '';
set constraints all immediate;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("enrolment", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AssetList",
            fields=[
                ("account", models.UUIDField(primary_key=True, serialize=False)),
                ("version", models.UUIDField(default=uuid.uuid4)),
                ("text", models.TextField()),
                ("lines", models.PositiveIntegerField()),
                ("lines_read", models.PositiveIntegerField(default=0)),
                ("read_at", models.DateTimeField(null=True)),
                ("assets", models.JSONField(default=list)),
                ("refused", models.JSONField(default=list)),
                ("handed_in_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.AddField(
            model_name="draft",
            name="revises",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="registration",
            name="answers",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="registration",
            name="assessment",
            field=models.TextField(blank=True),
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("account", models.UUIDField()),
                ("question", models.TextField()),
                ("asked_by", models.CharField(max_length=100)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("answer", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="enrolment.registration",
                    ),
                ),
            ],
            options={
                "ordering": ("asked_at", "id"),
            },
        ),
        migrations.RunSQL(ASKED, migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name="registration",
            name="question",
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("account", models.UUIDField()),
                ("confirmed", models.JSONField()),
                ("receipt", models.TextField()),
                ("replaced_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="enrolment.registration",
                    ),
                ),
            ],
            options={
                "ordering": ("replaced_at", "id"),
            },
        ),
    ]
