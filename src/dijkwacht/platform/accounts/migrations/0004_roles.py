"""Four roles for an organisation instead of two.

A `member` read and answered findings: that is the security contact. A token that kept contacts, claimed assets and told
changes by one scope gets the scopes that those have now.
"""

import django.utils.timezone
from django.db import migrations, models

SPLIT = ["assets:write", "changes:write"]  # what `organisations:write` opened before


def see_all(schema_editor):
    """Enter the scope of the centre: the owner of the tables is under row-level security too, and would change nothing."""
    schema_editor.execute("select set_config('dijkwacht.scope', 'centre', true)")


def divide(apps, schema_editor):
    see_all(schema_editor)
    memberships = apps.get_model("accounts", "OrganisationMembership").objects
    memberships.filter(role="member").update(role="security-contact")
    joined = apps.get_model("accounts", "User").objects.filter(id=models.OuterRef("user_id")).values("date_joined")
    memberships.update(since=models.Subquery(joined))  # when somebody got a role was not kept
    tokens = apps.get_model("accounts", "Token").objects.filter(scopes__contains=["organisations:write"])
    for token in tokens.iterator():
        token.scopes = sorted({*token.scopes, *SPLIT})
        token.save(update_fields=["scopes"])


def unite(apps, schema_editor):
    see_all(schema_editor)
    memberships = apps.get_model("accounts", "OrganisationMembership").objects
    memberships.exclude(role="administrator").update(role="member")
    for token in apps.get_model("accounts", "Token").objects.filter(scopes__overlap=SPLIT).iterator():
        token.scopes = [scope for scope in token.scopes if scope not in SPLIT]
        token.save(update_fields=["scopes"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_asked_at")]

    operations = [
        migrations.AlterField(
            model_name="organisationmembership",
            name="role",
            field=models.CharField(
                choices=[
                    ("administrator", "administrator"),
                    ("security-contact", "security-contact"),
                    ("reporter", "reporter"),
                    ("reader", "reader"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="organisationmembership",
            name="since",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.RunPython(divide, unite),
    ]
